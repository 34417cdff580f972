/**
 * As a global set-up: a run's temporary files, those of the programs it calls among them (browsers, servers, `hapsim` itself), are in
 * one folder, which is removed when the run ends, however its tests and children ended.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const VARIABLE = 'HAPSIM_RUN_FOLDER'

/** Makes the folder of this run, unless it is there already: each project calls this. */
export const runFolder = (): string => {
  const made = process.env[VARIABLE]
  if (made !== undefined) return made
  // not $TMPDIR, which may be long: paths of sockets have 107 characters; and servers that give up root's rights must get in
  const folder = mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'hapsim-'))
  chmodSync(folder, 0o755)
  process.env[VARIABLE] = process.env['TMPDIR'] = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

export default (): void => void runFolder()
