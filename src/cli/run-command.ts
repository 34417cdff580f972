/**
 * Runs the commands of external checks on this machine (`--allow-exec`). To the simulation they take no time, however long
 * they take here, so that a run stays what it is; one that lasts longer than its limit does so in virtual time as well.
 */
import { spawnSync } from 'node:child_process'
import type { CommandRunner } from '../haproxy/index.js'

export const runCommand: CommandRunner = ({ path, args, environment, limit }) => {
  const { status, error } = spawnSync(path, args, { env: { ...environment }, stdio: 'ignore', timeout: limit / 1000 })
  const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT'
  // HAProxy's child ends with -1 where the command cannot be run
  const exitCode = error !== undefined && !isLate ? 255 : (status ?? undefined)
  return { exitCode, duration: isLate ? limit : 0 }
}
