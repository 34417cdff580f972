/** Directories and errors of the host's file system. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a directory and its parents. Unlike Node's `recursive` option, it returns where none can be created, as in `/proc`. Throws Node's
 * error.
 */
export const makeDirectory = (path: string): void => {
  if (isDirectory(path)) return
  const outer = dirname(path)
  if (outer !== path) makeDirectory(outer)
  try {
    mkdirSync(path)
  } catch (error) {
    // created concurrently
    if (!isDirectory(path)) throw error
  }
}

/** Throws if a component of the path is not a directory. */
const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** The system's text of an error: `no such file or directory`. */
export const fsErrorText = (error: unknown): string =>
  (error as Error).message.replace(/^[A-Z]+: |, \w+( '.*')?( -> '.*')?$/g, '')
