/** Finds test files, `*_test.lua` and `*_spec.lua` unless told otherwise, in folders that are neither hidden nor packages of others. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A path that cannot be looked at; the message says why. */
export class NoSuchPath extends Error {}

/** What names of files in folders are like. */
export interface FileNames {
  /** one of these is found in them (default: `_test.lua` or `_spec.lua` at the end) */
  readonly include?: readonly RegExp[]
  /** none of these is */
  readonly exclude?: readonly RegExp[]
}

const USUAL = [/_(?:test|spec)\.lua$/]

/** Files in a stable order; those that are named themselves may be called anything. Throws a {@link NoSuchPath}. */
export const findTests = (paths: readonly string[], { include = [], exclude = [] }: FileNames = {}): string[] => {
  const wanted = include.length > 0 ? include : USUAL
  const isTest = (name: string) => wanted.some((each) => each.test(name)) && !exclude.some((each) => each.test(name))
  return [...new Set(paths.flatMap((path) => findIn(path, isTest)))]
}

type IsTest = (name: string) => boolean

const findIn = (path: string, isTest: IsTest): string[] => {
  let isFolder: boolean
  try {
    isFolder = statSync(path).isDirectory()
  } catch {
    throw new NoSuchPath(`cannot read ${path}: no such file or directory`)
  }
  return isFolder ? inFolder(path, isTest) : [path]
}

/** Folders that nobody looks for own files in. */
export const isOfOthers = (name: string): boolean => name.startsWith('.') || name === 'node_modules'

const inFolder = (folder: string, isTest: IsTest): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return isOfOthers(entry.name) ? [] : inFolder(path, isTest)
      return isTest(entry.name) ? [path] : []
    })
