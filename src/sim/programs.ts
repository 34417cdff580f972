/**
 * The door to the host's programs, for scripts that are allowed to run them. What comes back is whatever they do: runs are
 * repeatable only as far as those programs are.
 */
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { encodeText, hasOtherBytes } from '../bytes/text.js'
import type { Variables } from '../config/syntax/environment.js'
import type { Programs } from '../lua/index.js'

/** What a program may write at most, in bytes. */
const MOST_OUTPUT = 64 * 1024 * 1024

const NOTHING = new Uint8Array(0)
const NOT_FOUND = 127

/** @param directory where programs run @param environment what they see as theirs at the time */
export const shell = (directory: string, environment: () => Variables): Programs => ({
  run(command, input, folder) {
    const variables = environment()
    const result = spawnSync('/bin/sh', ['-c', withVariables(command, variables)], {
      cwd: folder === '' ? directory : resolve(directory, folder),
      env: Object.fromEntries(variables),
      input,
      maxBuffer: MOST_OUTPUT,
    })
    const { status, signal } = result
    return {
      stdout: result.stdout ?? NOTHING,
      stderr: result.stderr ?? NOTHING,
      end:
        signal === null
          ? { ok: status === 0, how: 'exit', code: status ?? NOT_FOUND }
          : { ok: false, how: 'signal', code: constants.signals[signal] },
    }
  },
})

/** Node gives programs valid UTF-8 and nothing else: what has other bytes is given to the shell by their numbers. */
const withVariables = (command: string, environment: Variables): string => {
  const variables = [...environment].filter(([, value]) => hasOtherBytes(value))
  if (variables.length === 0 && !hasOtherBytes(command)) return command
  // the dot keeps the line feeds at the end of a value
  const settings = variables.map(
    ([name, value]) => `${name}="$(printf '${octal(value)}.')"; export ${name}="\${${name}%.}"`,
  )
  return [...settings, `eval "$(printf '${octal(command)}')"`].join('; ')
}

const octal = (text: string): string =>
  Array.from(encodeText(text), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
