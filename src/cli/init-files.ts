/**
 * The files written by `hapsim init`: templates/init, settings of the Lua language server, and hapsim as a development dependency pinned to
 * this version, so that developers and CI run the same one.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser'
import { fsErrorText, makeDirectory } from '../disk/directory.js'
import type { Example } from './examples.js'
import { UsageError } from './terminal.js'

/** The root of the package, relative both to this file and to its bundle. */
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

/** Lines of .gitignore: npm packages and coverage reports. */
const GITIGNORE_LINES = ['node_modules/', 'coverage/']

/** A written file. */
export interface WrittenFile {
  readonly name: string
  readonly action: 'wrote' | 'changed'
}

interface FileContent extends WrittenFile {
  readonly text: string
}

/** The files of an example by their paths in the project. */
const templatesOf = (example: Example): readonly (readonly [name: string, text: string])[] => {
  const folder = join(PACKAGE, 'templates/init')
  const names = readdirSync(join(folder, example)).sort()
  const templates = names.map((name) => [name, join(folder, example, name)] as const)
  return [...templates, ['.github/workflows/test.yml', join(folder, 'workflow.yml')] as const].map(
    ([name, template]) => [name, readFileSync(template, 'utf8')] as const,
  )
}

/**
 * Writes the files of a project and returns them. Existing files are an error unless `force` is given, except package.json and .gitignore,
 * which are extended. Throws a {@link UsageError} that names the existing files, or for a directory that is not writable.
 */
export const writeProject = (directory: string, example: Example, force: boolean): readonly WrittenFile[] => {
  const made = new Map([['.luarc.json', languageServerSettings(directory)], ...templatesOf(example)])
  const present = [...made.keys()].filter((name) => existsSync(join(directory, name)))
  if (present.length > 0 && !force)
    throw new UsageError(
      `${present.length === 1 ? 'this file already exists' : 'these files already exist'}: ${present.join(', ')} (use --force to overwrite)`,
    )
  const files: FileContent[] = [
    ...[...made].map(([name, text]) => ({ name, text, action: 'wrote' as const })),
    ...extended(directory, 'package.json', extendPackageJson),
    ...extended(directory, '.gitignore', extendGitignore),
  ]
  for (const { name, text } of files) write(join(directory, name), text)
  return files.map(({ name, action }) => ({ name, action }))
}

/** A file that is extended if it exists. */
const extended = (directory: string, name: string, add: (before: string | undefined) => string): FileContent[] => {
  const path = join(directory, name)
  const before = existsSync(path) ? read(path) : undefined
  const text = add(before)
  return text === before ? [] : [{ name, text, action: before === undefined ? 'wrote' : 'changed' }]
}

const extendPackageJson = (before: string | undefined): string => {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
  if (before === undefined)
    return `${JSON.stringify({ private: true, scripts: { test: 'hapsim test' }, devDependencies: { hapsim: version } }, undefined, 2)}\n`
  const errors: ParseError[] = []
  const value = parse(before, errors, { disallowComments: true }) as Readonly<Record<string, unknown>> | undefined
  if (errors.length > 0 || typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError('package.json is not a JSON object: cannot add hapsim to its devDependencies')
  const isNamed = ['dependencies', 'devDependencies'].some(
    (key) => typeof value[key] === 'object' && value[key] !== null && 'hapsim' in value[key],
  )
  if (isNamed) return before
  const formattingOptions = { insertSpaces: !/^\t/m.test(before), tabSize: /^( +)"/m.exec(before)?.[1]!.length ?? 2 }
  return applyEdits(before, modify(before, ['devDependencies', 'hapsim'], version, { formattingOptions }))
}

const extendGitignore = (before = ''): string => {
  const lines = before.split('\n').map((line) => line.trim().replace(/^\/|\/$/g, ''))
  const missing = GITIGNORE_LINES.filter((line) => !lines.includes(line.replace(/\/$/, '')))
  if (missing.length === 0) return before
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`
}

/**
 * Settings of the Lua language server with the definitions of the package. The path is the same for all developers: the `node_modules` of
 * the project or of a parent directory, where npm installs them.
 */
const languageServerSettings = (directory: string): string => {
  const localPath = 'node_modules/hapsim/lua/types'
  const inherited = existsSync(resolve(directory, localPath)) ? undefined : findInParents(directory)
  const settings = { 'runtime.version': 'Lua 5.4', 'workspace.library': [inherited ?? localPath] }
  return `${JSON.stringify(settings, undefined, 2)}\n`
}

/** The relative path of the definitions if a parent directory has the package installed. */
const findInParents = (directory: string): string | undefined => {
  const root = realPathOfExisting(resolve(directory))
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules/hapsim/lua/types')
    if (existsSync(path)) return relative(root, path).split(sep).join('/')
    if (folder === dirname(folder)) return undefined
  }
}

/** The real path; components that do not exist yet are kept. */
const realPathOfExisting = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    const outer = dirname(path)
    return outer === path ? path : join(realPathOfExisting(outer), path.slice(outer.length))
  }
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${fsErrorText(error)}`)
  }
}

const write = (path: string, content: string): void => {
  try {
    makeDirectory(dirname(path))
    writeFileSync(path, content)
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${fsErrorText(error)}`)
  }
}
