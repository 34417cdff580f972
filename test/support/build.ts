/** For tests of the command as it is shipped: dist/ is as new as src/. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** What dist/ is made of. */
const SOURCES = ['src', 'scripts/build.mjs', 'package.json']

/** A lock that is older is one whose owner has died. */
const LONGEST = 120_000

/** Builds dist/, but for the types, unless that was done in this run: one test file builds, the others wait for it. */
export const build = (): void => {
  const folder = process.env['HAPSIM_RUN_FOLDER'] ?? tmpdir()
  const [lock, stamp] = [join(folder, 'build.lock'), join(folder, 'built')]
  const newest = Math.max(...SOURCES.map((source) => newestIn(join(root, source))))
  takeLock(lock)
  try {
    if (process.env['HAPSIM_RUN_FOLDER'] !== undefined && (timeOf(stamp) ?? 0) >= newest) return
    execFileSync(process.execPath, ['scripts/build.mjs', '--code'], { cwd: root, stdio: 'pipe' })
    writeFileSync(stamp, '')
    utimesSync(stamp, newest / 1000, newest / 1000 + 1)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

const takeLock = (lock: string): void => {
  for (;;)
    try {
      return mkdirSync(lock)
    } catch {
      const made = timeOf(lock)
      if (made !== undefined && Date.now() - made > LONGEST) rmSync(lock, { recursive: true, force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    }
}

const timeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs

const newestIn = (path: string): number =>
  statSync(path).isDirectory()
    ? Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))))
    : timeOf(path)!

/** As a global set-up. */
export default build
