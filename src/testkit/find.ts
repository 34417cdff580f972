/** Finds test files: `*_test.lua` and `*_spec.lua`, in folders that are neither hidden nor packages of others. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A path that cannot be looked at; the message says why. */
export class NoSuchPath extends Error {}

const NAME = /_(?:test|spec)\.lua$/

/** Files in a stable order; those that are named themselves may be called anything. Throws a {@link NoSuchPath}. */
export const findTests = (paths: readonly string[]): string[] => [...new Set(paths.flatMap(findIn))]

const findIn = (path: string): string[] => {
  let isFolder: boolean
  try {
    isFolder = statSync(path).isDirectory()
  } catch {
    throw new NoSuchPath(`cannot read ${path}: no such file or directory`)
  }
  return isFolder ? inFolder(path) : [path]
}

/** Folders that nobody looks for own files in. */
export const isOfOthers = (name: string): boolean => name.startsWith('.') || name === 'node_modules'

const inFolder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return isOfOthers(entry.name) ? [] : inFolder(path)
      return NAME.test(entry.name) ? [path] : []
    })
