/**
 * Obsolete snapshot files, whose test file no longer exists: `__snapshots__/x_test.lua.snap` without `x_test.lua` in the parent directory.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isIgnoredDirectory } from './find.js'
import { parseSnapshots } from './snapshot-file.js'
import { SNAPSHOT_DIRECTORY, SNAPSHOT_SUFFIX } from './snapshot.js'

/**
 * Searches the directories among `paths`; explicitly named files are ignored. Returns a line for each obsolete file.
 *
 * @param remove whether to delete them
 */
export const orphanedSnapshots = (paths: readonly string[], remove: boolean): string[] =>
  [...new Set(paths.filter((path) => statSync(path).isDirectory()).flatMap(snapshotFilesIn))]
    .filter((path) => !existsSync(testFileOf(path)))
    .map((path) => (remove ? removeOrphan(path) : describeOrphan(path)))

const testFileOf = (path: string): string => join(dirname(dirname(path)), basename(path, SNAPSHOT_SUFFIX))

const snapshotFilesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return isIgnoredDirectory(entry.name) ? [] : snapshotFilesIn(path)
      return basename(folder) === SNAPSHOT_DIRECTORY && entry.name.endsWith(SNAPSHOT_SUFFIX) ? [path] : []
    })

const describeOrphan = (path: string): string =>
  `${path}: ${contents(path)}, because ${testFileOf(path)} does not exist (--update removes the file)`

const contents = (path: string): string => {
  try {
    const { size } = parseSnapshots(readFileSync(path, 'utf8'))
    return size === 1 ? '1 snapshot is obsolete' : `${size} snapshots are obsolete`
  } catch {
    return 'the file is obsolete'
  }
}

const removeOrphan = (path: string): string => {
  try {
    rmSync(path)
    return `${path}: removed, because ${testFileOf(path)} does not exist`
  } catch (error) {
    return `cannot remove ${path}: ${(error as NodeJS.ErrnoException).code}`
  }
}
