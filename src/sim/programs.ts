/**
 * The door to the host's programs, for scripts that are allowed to run them. What comes back is whatever they do: runs are
 * repeatable only as far as those programs are.
 */
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import type { Programs } from '../lua/index.js'

/** What a program may write at most, in bytes. */
const MOST_OUTPUT = 64 * 1024 * 1024

const NOTHING = new Uint8Array(0)
const NOT_FOUND = 127

/** @param directory where programs run @param environment what they see of it */
export const shell = (directory: string, environment: Readonly<Record<string, string>>): Programs => ({
  run(command, input, folder) {
    const result = spawnSync('/bin/sh', ['-c', command], {
      cwd: folder === '' ? directory : resolve(directory, folder),
      env: { ...environment },
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
