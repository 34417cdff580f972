/**
 * What `hapsim init` writes: copies of templates/init, settings for the Lua language server, and hapsim itself as a development
 * dependency of a fixed version, so that everyone who works on the project and its CI service run the same.
 */
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser'
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

/** Lines of .gitignore: what npm installs, and where reports of coverage go. */
const IGNORED = ['node_modules/', 'coverage/']

/** A file and what became of it. */
export interface WrittenFile {
  readonly name: string
  readonly done: 'wrote' | 'changed'
}

interface Content extends WrittenFile {
  readonly text: string
}

/**
 * Writes the files of a project; returns what was written. Nothing is when one of them is there already, unless `force` is given; but
 * package.json and .gitignore are added to. Throws a {@link WrongCall} that names the files that are there, and for a folder that cannot
 * be written to.
 */
export const writeProject = (directory: string, force: boolean): readonly WrittenFile[] => {
  const made = new Map([['.luarc.json', languageServerSettings(directory)]])
  for (const [name, template] of Object.entries(TEMPLATES))
    made.set(name, readFileSync(join(PACKAGE, 'templates/init', template), 'utf8'))
  const present = [...made.keys()].filter((name) => existsSync(join(directory, name)))
  if (present.length > 0 && !force)
    throw new WrongCall(
      `${present.length === 1 ? 'this file is' : 'these files are'} there already: ${present.join(', ')} (--force writes over)`,
    )
  const files: Content[] = [
    ...[...made].map(([name, text]) => ({ name, text, done: 'wrote' as const })),
    ...added(directory, 'package.json', packageFile),
    ...added(directory, '.gitignore', ignoreFile),
  ]
  for (const { name, text } of files) write(join(directory, name), text)
  return files.map(({ name, done }) => ({ name, done }))
}

/** A file that may be there: what is to be in it is added. */
const added = (directory: string, name: string, add: (before: string | undefined) => string): Content[] => {
  const path = join(directory, name)
  const before = existsSync(path) ? read(path) : undefined
  const text = add(before)
  return text === before ? [] : [{ name, text, done: before === undefined ? 'wrote' : 'changed' }]
}

const packageFile = (before: string | undefined): string => {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
  if (before === undefined)
    return `${JSON.stringify({ private: true, scripts: { test: 'hapsim test' }, devDependencies: { hapsim: version } }, undefined, 2)}\n`
  const errors: ParseError[] = []
  const value = parse(before, errors, { disallowComments: true }) as Readonly<Record<string, unknown>> | undefined
  if (errors.length > 0 || typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WrongCall('package.json is not an object of JSON: hapsim cannot be added to its devDependencies')
  const isNamed = ['dependencies', 'devDependencies'].some(
    (key) => typeof value[key] === 'object' && value[key] !== null && 'hapsim' in value[key],
  )
  if (isNamed) return before
  const formattingOptions = { insertSpaces: !/^\t/m.test(before), tabSize: /^( +)"/m.exec(before)?.[1]!.length ?? 2 }
  return applyEdits(before, modify(before, ['devDependencies', 'hapsim'], version, { formattingOptions }))
}

const ignoreFile = (before = ''): string => {
  const lines = before.split('\n').map((line) => line.trim().replace(/^\/|\/$/g, ''))
  const missing = IGNORED.filter((line) => !lines.includes(line.replace(/\/$/, '')))
  if (missing.length === 0) return before
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`
}

/**
 * The definitions of the package, by a path that is the same for everyone: in a node_modules of the project or around it, where they
 * are once npm has installed it.
 */
const languageServerSettings = (directory: string): string => {
  const usual = 'node_modules/hapsim/lua/types'
  const isAround = existsSync(resolve(directory, usual)) ? undefined : pathAround(directory)
  const settings = { 'runtime.version': 'Lua 5.4', 'workspace.library': [isAround ?? usual] }
  return `${JSON.stringify(settings, undefined, 2)}\n`
}

/** Where the definitions are if this is a package of a folder around the project. */
const pathAround = (directory: string): string | undefined => {
  const root = realRoot(resolve(directory))
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules/hapsim/lua/types')
    if (existsSync(path)) return relative(root, path).split(sep).join('/')
    if (folder === dirname(folder)) return undefined
  }
}

/** The whole path, links followed as far as it is there. */
const realRoot = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    const outer = dirname(path)
    return outer === path ? path : join(realRoot(outer), path.slice(outer.length))
  }
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new WrongCall(`cannot read ${path}: ${diskProblem(error)}`)
  }
}

const write = (path: string, content: string): void => {
  try {
    makeFolder(dirname(path))
    writeFileSync(path, content)
  } catch (error) {
    throw new WrongCall(`cannot write ${path}: ${diskProblem(error)}`)
  }
}
