/** Builds what is tested as a command: dist/ is as new as src/ when tests begin. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export default (): void => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
}
