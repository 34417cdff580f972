/** For tests of the command as it is shipped: dist/ is as new as src/. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The root of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds dist/, but for the types. */
export const build = (): void => {
  execFileSync(process.execPath, ['scripts/build.mjs', '--code'], { cwd: root, stdio: 'pipe' })
}

/** As a global set-up. */
export default build
