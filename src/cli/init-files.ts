/** What `hapsim init` writes: copies of templates/init, and settings for the Lua language server that name lua/types. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diskProblem, makeFolder } from '../disk/folder.js'
import { WrongCall } from './terminal.js'

/** The folder of the package, from this file and from what the build makes of it. */
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

/** Files by their place in the project, and in templates/init. */
const TEMPLATES: Readonly<Record<string, string>> = {
  'haproxy.cfg': 'haproxy.cfg',
  'downtime.lua': 'downtime.lua',
  'downtime_test.lua': 'downtime_test.lua',
  '.github/workflows/test.yml': 'workflow.yml',
}

/**
 * Writes the files of a project; returns their names. Nothing is written when one of them is there already, unless `force`
 * is given. Throws a {@link WrongCall} that names those there are, and for a folder that cannot be written to.
 */
export const writeProject = (directory: string, force: boolean): readonly string[] => {
  const files = new Map([['.luarc.json', languageServerSettings(directory)]])
  for (const [name, template] of Object.entries(TEMPLATES))
    files.set(name, readFileSync(join(PACKAGE, 'templates/init', template), 'utf8'))
  const present = [...files.keys()].filter((name) => existsSync(join(directory, name)))
  if (present.length > 0 && !force)
    throw new WrongCall(
      `${present.length === 1 ? 'this file is' : 'these files are'} there already: ${present.join(', ')} (--force writes over)`,
    )
  for (const [name, content] of files) write(join(directory, name), content)
  return [...files.keys()]
}

/** The definitions of the package: the project's own where it has one, so that the file can be shared; else this one's. */
const languageServerSettings = (directory: string): string => {
  const shared = 'node_modules/hapsim/lua/types'
  const library = existsSync(resolve(directory, shared)) ? shared : join(PACKAGE, 'lua/types')
  return `${JSON.stringify({ 'runtime.version': 'Lua 5.4', 'workspace.library': [library] }, undefined, 2)}\n`
}

const write = (path: string, content: string): void => {
  try {
    makeFolder(dirname(path))
    writeFileSync(path, content)
  } catch (error) {
    throw new WrongCall(`cannot write ${path}: ${diskProblem(error)}`)
  }
}
