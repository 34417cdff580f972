/** Files of tests. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from './temporary-folder.js'

/** File contents by name, relative to a folder. */
export type Files = Readonly<Record<string, string>>

/** Writes files into a folder, with the folders that their names contain. */
export const writeFiles = (folder: string, files: Files): void => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

/** Writes files into a new temporary folder; returns its path. */
export const folderWith = (files: Files, name = 'files'): string => {
  const folder = temporaryFolder(name)
  writeFiles(folder, files)
  return folder
}
