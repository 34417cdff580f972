/** Runs the commands of external checks on this machine (`--allow-exec`). */
import { systemErrorText } from '../bytes/errno.js'
import { spawn, spawnSync } from 'node:child_process'
import type { CommandRunner } from '../haproxy/index.js'

/** HAProxy's child ends with -1 where the command cannot be run. */
const CANNOT_RUN = 255

/**
 * To a simulation they take no time, however long they take here, so that a run stays what it is; one that lasts longer than
 * its limit does so in virtual time as well.
 */
export const runCommand: CommandRunner = ({ path, args, environment, limit }) => {
  const { status, error } = spawnSync(path, args, { env: { ...environment }, stdio: 'ignore', timeout: limit / 1000 })
  const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT'
  if (error !== undefined && !isLate) return { exitCode: CANNOT_RUN, problem: systemErrorText(error), duration: 0 }
  return { exitCode: status ?? undefined, duration: isLate ? limit : 0 }
}

/** In live mode they run beside the process and each other. @param quiet what they print is shown to nobody */
export const startCommand =
  (quiet: boolean): CommandRunner =>
  ({ path, args, environment }, ended) => {
    const failed = (error: Error): void => ended({ exitCode: CANNOT_RUN, problem: systemErrorText(error) })
    try {
      const child = spawn(path, args, { env: { ...environment }, stdio: quiet ? 'ignore' : 'inherit' })
      child.on('error', failed)
      child.on('exit', (code) => ended({ exitCode: code ?? undefined }))
      // the process ends without waiting for it, as HAProxy
      child.unref()
      return { pid: child.pid ?? 0, terminate: () => void child.kill() }
    } catch (error) {
      // Node throws some of the system's errors (ENOTDIR, ELOOP, E2BIG …) and tells the others by an event
      setImmediate(failed, error as Error)
      return { pid: 0, terminate: () => {} }
    }
  }
