/**
 * `hapsim.config.json`: defaults for the options of commands. It is looked for in the working directory and the folders around it;
 * templates/hapsim.config.schema.json says what may stand in it. A key is the name of an option in camel case (`excludeTags` for
 * `--exclude-tags`), that of an option whose name begins with an object's stands in the object (`coverage.include` for
 * `--coverage-include`). An option that may be given several times has a list or an object. What the command line says wins.
 */
import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { InvalidArgumentError, type Command, type Option } from 'commander'
import { RepeatableOption } from './repeatable.js'
import type { WrongCall } from './terminal.js'

const CONFIG_FILE = 'hapsim.config.json'

/** Gives a command the option that says which file is taken. */
export const addConfigFile = (command: Command): Command =>
  command.option('--config <file>', `defaults of options (default: ${CONFIG_FILE} here or in a folder around)`)

/** Commands that have a section of their own. */
const COMMANDS: ReadonlySet<string> = new Set(['run', 'explore', 'test'])

/** Gives the options of `command` the defaults that the file has. Throws a {@link WrongCall} that names all that is wrong in the file. */
export const applyConfigFile = async (command: Command): Promise<void> => {
  if (!COMMANDS.has(command.name())) return
  const named = command.opts<{ config?: string }>().config
  const path = named ?? findUpwards(process.cwd())
  if (path === undefined) return
  // loaded only here: without a file nobody waits for it
  const { readConfigFile } = await import('./config-reader.js')
  const file = readConfigFile(path, named ?? relative(process.cwd(), path))
  const section = (file.value[command.name()] ?? {}) as Readonly<Record<string, unknown>>
  const known = new Set(command.options.map((option) => option.attributeName()))
  for (const [name, value] of Object.entries(file.value))
    if (known.has(name) && !COMMANDS.has(name)) give(command, [name], value, file.fault)
  for (const [name, value] of Object.entries(section)) {
    if (name === 'paths') givePaths(command, value as readonly string[], dirname(path))
    else give(command, [command.name(), name], value, file.fault)
  }
}

const findUpwards = (folder: string): string | undefined => {
  const path = join(folder, CONFIG_FILE)
  if (existsSync(path)) return path
  const outer = dirname(folder)
  return outer === folder ? undefined : findUpwards(outer)
}

/** Paths start from the folder of the file. */
const givePaths = (command: Command, paths: readonly string[], folder: string): void =>
  void command.setOptionValueWithSource(
    'paths',
    paths.map((path) => relative(process.cwd(), resolve(folder, path)) || '.'),
    'config',
  )

type Fault = (path: readonly string[], message: string) => WrongCall

const give = (command: Command, path: readonly string[], value: unknown, fault: Fault): void => {
  const attribute = attributeOf(path)
  const option = command.options.find((each) => each.attributeName() === attribute)
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(option instanceof RepeatableOption)) {
    for (const [name, inner] of Object.entries(value)) give(command, [...path, name], inner, fault)
    return
  }
  if (!option) throw fault(path, `hapsim ${command.name()} has no such option`)
  const source = command.getOptionValueSource(attribute)
  if (source === 'cli' || source === 'env') return
  try {
    command.setOptionValueWithSource(attribute, parsed(option, value), 'config')
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw fault(path, error.message)
    throw error
  }
}

const parsed = (option: Option, value: unknown): unknown => {
  if (option instanceof RepeatableOption) return option.collect(valuesOf(value))
  return typeof value === 'boolean' || !option.parseArg ? value : option.parseArg(String(value), undefined)
}

/** The values of an option that may be given several times: one, a list, or an object for NAME=VALUE. */
const valuesOf = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Array.isArray(value)
    ? value.map(String)
    : Object.entries(value).map(([name, each]) => `${name}=${String(each)}`)
}

/** `['test', 'coverage', 'include']` is `coverageInclude`. */
const attributeOf = (path: readonly string[]): string =>
  path
    .slice(COMMANDS.has(path[0]!) ? 1 : 0)
    .map((name, i) => (i === 0 ? name : name[0]!.toUpperCase() + name.slice(1)))
    .join('')
