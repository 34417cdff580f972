/** The command `hapsim` as it is shipped (dist/, see build.ts), run in a folder. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './build.js'

/** Runs it to its end, without the variables by which it knows CI services and terminals. */
export const hapsim = (folder: string, ...args: readonly string[]) => {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GITHUB_ACTIONS: '',
    CI: '',
    FORCE_COLOR: undefined,
    COLUMNS: undefined,
  }
  const command = [join(root, 'dist/cli/main.js'), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { code: status, out: stdout, complaints: stderr }
}
