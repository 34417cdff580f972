/** Runs the commands of external checks on the host (`--allow-exec`). */
import { systemErrorText } from '../bytes/errno.js'
import { spawn, spawnSync } from 'node:child_process'
import type { CommandRunner } from '../haproxy/index.js'

/** The exit code of HAProxy's child process if the command cannot be executed. */
const EXEC_FAILED = 255

/**
 * In a simulation a command takes no virtual time, so that runs stay deterministic; one that exceeds its time limit also does so in virtual
 * time.
 */
export const runExternalCommand: CommandRunner = ({ path, args, environment, limit }) => {
  const { status, error } = spawnSync(path, args, { env: { ...environment }, stdio: 'ignore', timeout: limit / 1000 })
  const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT'
  if (error !== undefined && !isLate) return { exitCode: EXEC_FAILED, problem: systemErrorText(error), duration: 0 }
  return { exitCode: status ?? undefined, duration: isLate ? limit : 0 }
}

/**
 * In live mode, commands run in parallel with the process.
 *
 * @param quiet discard the output of commands
 */
export const startExternalCommand =
  (quiet: boolean): CommandRunner =>
  ({ path, args, environment }, ended) => {
    const failed = (error: Error): void => ended({ exitCode: EXEC_FAILED, problem: systemErrorText(error) })
    try {
      const child = spawn(path, args, { env: { ...environment }, stdio: quiet ? 'ignore' : 'inherit' })
      child.on('error', failed)
      child.on('exit', (code) => ended({ exitCode: code ?? undefined }))
      // like HAProxy, exit without waiting for it
      child.unref()
      return { pid: child.pid ?? 0, terminate: () => void child.kill() }
    } catch (error) {
      // Node throws some system errors (ENOTDIR, ELOOP, E2BIG …) and emits others as events
      setImmediate(failed, error as Error)
      return { pid: 0, terminate: () => {} }
    }
  }
