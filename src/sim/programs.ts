/**
 * Execution of host programs by scripts that are allowed to. Runs are then only as deterministic as these programs.
 */
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { encodeText, hasInvalidBytes } from '../bytes/text.js'
import type { Variables } from '../config/syntax/environment.js'
import type { Programs } from '../lua/index.js'

/** Maximum output of a program in bytes. */
const MAX_OUTPUT = 64 * 1024 * 1024

const EMPTY = new Uint8Array(0)
const NOT_FOUND = 127

/** @param directory where programs run @param environment what they see as theirs at the time */
export const shell = (directory: string, environment: () => Variables): Programs => ({
  run(command, input, folder) {
    const variables = environment()
    const result = spawnSync('/bin/sh', ['-c', withVariables(command, variables)], {
      cwd: folder === '' ? directory : resolve(directory, folder),
      env: Object.fromEntries(variables),
      input,
      maxBuffer: MAX_OUTPUT,
    })
    const { status, signal } = result
    return {
      stdout: result.stdout ?? EMPTY,
      stderr: result.stderr ?? EMPTY,
      end:
        signal === null
          ? { ok: status === 0, how: 'exit', code: status ?? NOT_FOUND }
          : { ok: false, how: 'signal', code: constants.signals[signal] },
    }
  },
})

/** Node gives programs valid UTF-8 and nothing else: what has other bytes is given to the shell by their numbers. */
const withVariables = (command: string, environment: Variables): string => {
  const variables = [...environment].filter(([, value]) => hasInvalidBytes(value))
  if (variables.length === 0 && !hasInvalidBytes(command)) return command
  // the dot keeps the line feeds at the end of a value
  const settings = variables.map(
    ([name, value]) => `${name}="$(printf '${octal(value)}.')"; export ${name}="\${${name}%.}"`,
  )
  return [...settings, `eval "$(printf '${octal(command)}')"`].join('; ')
}

const octal = (text: string): string =>
  Array.from(encodeText(text), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
