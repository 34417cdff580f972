/** Reads the files given by `-f` and `--` as HAProxy does (`list_append_word`, `cfgfiles_expand_directories`). */
import { systemErrorText } from '../../bytes/errno.js'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { decodeText } from '../../bytes/text.js'
import type { ConfigFile } from '../../config/index.js'

/**
 * Reads all files in order. A directory is replaced by its `.cfg` files, sorted by the bytes of their names. Returns HAProxy's error for the
 * first file that cannot be read.
 */
export const readConfigFiles = (names: readonly string[]): readonly ConfigFile[] | { readonly error: string } => {
  let name = ''
  let problem = 'Cannot open configuration file/directory'
  try {
    const files: string[] = []
    for (name of names) files.push(...expand(name))
    problem = 'Could not open configuration file'
    const read: ConfigFile[] = []
    for (name of files) read.push({ name, text: decodeText(readFileSync(name)) })
    return read
  } catch (error) {
    return { error: `config : ${problem} ${name} : ${systemErrorText(error)}` }
  }
}

const expand = (name: string): string[] => {
  if (!statSync(name).isDirectory()) return [name]
  return readdirSync(name)
    .filter((each) => each.endsWith('.cfg') && !each.startsWith('.'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((each) => `${name}/${each}`)
    .filter((path) => statSync(path).isFile())
}
