/** Making folders on the disk. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder where it is missing, and those around it one after the other: Node's own way (`recursive`) does not come to
 * an end where none can be made, as in `/proc`. Throws Node's error.
 */
export const makeFolder = (path: string): void => {
  if (isFolder(path)) return
  const outer = dirname(path)
  if (outer !== path) makeFolder(outer)
  try {
    mkdirSync(path)
  } catch (error) {
    // somebody else was first
    if (!isFolder(path)) throw error
  }
}

/** Throws where the path leads through something that is no folder. */
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** What is wrong, in the words of the system: `no such file or directory`. */
export const diskProblem = (error: unknown): string =>
  (error as Error).message.replace(/^[A-Z]+: |, \w+( '.*')?( -> '.*')?$/g, '')
