/** For tests of the command as it is shipped: dist/ is as new as src/. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runFolder } from './run-folder.js'

/** The root of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds dist/, but for the types. A run builds once: files that ask for it side by side wait for the first one. */
export const build = (): void => {
  const folder = runFolder()
  const [lock, done] = ['building', 'built'].map((name) => join(folder, name)) as [string, string]
  while (!isFirst(lock)) sleepFor(100)
  try {
    if (existsSync(done) && process.env['VITEST_MODE'] !== 'WATCH') return
    execFileSync(process.execPath, ['scripts/build.mjs', '--code'], { cwd: root, stdio: 'pipe' })
    writeFileSync(done, '')
  } finally {
    rmdirSync(lock)
  }
}

/** Takes the lock of the build (a folder); false if another process has it. */
const isFirst = (lock: string): boolean => {
  try {
    mkdirSync(lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

const sleepFor = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** As a global set-up. */
export default build
