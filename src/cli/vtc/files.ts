/** Finds and reads the files of `hapsim vtc`. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemErrorText } from '../../bytes/errno.js'
import { UsageError } from '../terminal.js'

/** Replaces directories by the `.vtc` files in them, sorted by name. Throws errors of the system. */
const findVtcFiles = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { withFileTypes: true, recursive: true })
      .filter((each) => each.isFile() && each.name.endsWith('.vtc'))
      .map((each) => join(each.parentPath, each.name))
      .sort()
  })

/** The files of tests in `paths`. Throws a {@link UsageError}. */
export const findTests = (paths: readonly string[]): readonly string[] => {
  try {
    return findVtcFiles(paths)
  } catch (error) {
    throw new UsageError(`cannot find tests: ${systemErrorText(error)}`)
  }
}

/** Reads a file as a byte string. @returns why it cannot be run (`read_file` in VTest's src/vtc_main.c) */
export const readVtcFile = (path: string): { readonly text: string } | { readonly problem: string } => {
  let text: string
  try {
    text = readFileSync(path, 'latin1')
  } catch (error) {
    return { problem: `Cannot stat file "${path}": ${systemErrorText(error)}` }
  }
  const content = text.replace(/^(?:\s+|#.*(?:\n|$))*/, '')
  if (content === '') return { problem: `File "${path}" has no content.` }
  if (!/^(?:varnishtest|vtest)\s/.test(content))
    return { problem: `File "${path}" doesn't start with 'vtest' or 'varnishtest'` }
  return { text }
}
