/** Finds test files, by default `*_test.lua`, `*_spec.lua` and `*.vtc`, skipping hidden directories and node_modules. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The path cannot be read; the message says why. */
export class PathError extends Error {}

/** Name patterns of test files in directories. */
export interface FileNames {
  /** any of these must match (default: `_test.lua`, `_spec.lua` or `.vtc` suffix) */
  readonly include?: readonly RegExp[]
  /** none of these may match */
  readonly exclude?: readonly RegExp[]
}

const DEFAULT_PATTERNS = [/_(?:test|spec)\.lua$/, /\.vtc$/]

/** Finds test files in a stable order. Files given explicitly need not match. Throws a {@link PathError}. */
export const findTests = (paths: readonly string[], { include = [], exclude = [] }: FileNames = {}): string[] => {
  const wanted = include.length > 0 ? include : DEFAULT_PATTERNS
  const isTest = (name: string) => wanted.some((each) => each.test(name)) && !exclude.some((each) => each.test(name))
  return [...new Set(paths.flatMap((path) => findIn(path, isTest)))]
}

type IsTest = (name: string) => boolean

const findIn = (path: string, isTest: IsTest): string[] => {
  let isDirectory: boolean
  try {
    isDirectory = statSync(path).isDirectory()
  } catch {
    throw new PathError(`cannot read ${path}: no such file or directory`)
  }
  return isDirectory ? findInDirectory(path, isTest) : [path]
}

/** Whether a directory is skipped when searching for files. */
export const isIgnoredDirectory = (name: string): boolean => name.startsWith('.') || name === 'node_modules'

const findInDirectory = (folder: string, isTest: IsTest): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return isIgnoredDirectory(entry.name) ? [] : findInDirectory(path, isTest)
      return isTest(entry.name) ? [path] : []
    })
