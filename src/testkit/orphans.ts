/** Files of snapshots whose test file is gone: `__snapshots__/x_test.lua.snap` where no `x_test.lua` stands beside the folder. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isOfOthers } from './find.js'
import { parseSnapshots } from './snapshot-file.js'
import { SNAPSHOT_FOLDER, SNAPSHOT_SUFFIX } from './snapshot.js'

/**
 * Looks for them in those of `paths` that are folders; a file that is named itself says nothing of others.
 * Returns a line for each, which says what it holds or, with `remove`, what became of it.
 */
export const orphans = (paths: readonly string[], remove: boolean): string[] =>
  [...new Set(paths.filter((path) => statSync(path).isDirectory()).flatMap(filesIn))]
    .filter((path) => !existsSync(testOf(path)))
    .map((path) => (remove ? removed(path) : told(path)))

const testOf = (path: string): string => join(dirname(dirname(path)), basename(path, SNAPSHOT_SUFFIX))

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return isOfOthers(entry.name) ? [] : filesIn(path)
      return basename(folder) === SNAPSHOT_FOLDER && entry.name.endsWith(SNAPSHOT_SUFFIX) ? [path] : []
    })

const told = (path: string): string =>
  `${path}: ${contents(path)}, and there is no ${testOf(path)} any more (--update removes the file)`

const contents = (path: string): string => {
  try {
    const { size } = parseSnapshots(readFileSync(path, 'utf8'))
    return size === 1 ? '1 snapshot is obsolete' : `${size} snapshots are obsolete`
  } catch {
    return 'the file is obsolete'
  }
}

const removed = (path: string): string => {
  try {
    rmSync(path)
    return `${path}: removed, as there is no ${testOf(path)} any more`
  } catch (error) {
    return `cannot remove ${path}: ${(error as NodeJS.ErrnoException).code}`
  }
}
