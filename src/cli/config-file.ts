/**
 * `hapsim.config.json`: defaults for command-line options, searched for in the working directory and its parents. Its format is defined by
 * templates/hapsim.config.schema.json. A key is the camel-case name of an option (`excludeTags` for `--exclude-tags`); options with a
 * common prefix are grouped in an object (`coverage.include` for `--coverage-include`). Repeatable options take a list or an object. The
 * command line takes precedence.
 */
import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { InvalidArgumentError, type Command, type Option } from 'commander'
import { RepeatableOption } from './repeatable.js'
import type { UsageError } from './terminal.js'

const CONFIG_FILE = 'hapsim.config.json'

/** Adds the `--config` option. */
export const addConfigOption = (command: Command): Command =>
  command.option('--config <file>', `file with default options (default: ${CONFIG_FILE} in this directory or a parent)`)

/** Commands with a section in the file. */
const COMMANDS: ReadonlySet<string> = new Set(['run', 'explore', 'test'])

/** Applies the defaults of the file to the options of `command`. Throws a {@link UsageError} that lists all errors in the file. */
export const applyConfigFile = async (command: Command): Promise<void> => {
  if (!COMMANDS.has(command.name())) return
  const named = command.opts<{ config?: string }>().config
  const path = named ?? findInParents(process.cwd())
  if (path === undefined) return
  // imported lazily: often there is no file
  const { readHapsimConfig } = await import('./config-reader.js')
  const file = readHapsimConfig(path, named ?? relative(process.cwd(), path))
  const section = (file.value[command.name()] ?? {}) as Readonly<Record<string, unknown>>
  const known = new Set(command.options.map((option) => option.attributeName()))
  for (const [name, value] of Object.entries(file.value))
    if (known.has(name) && !COMMANDS.has(name)) applyValue(command, [name], value, file.errorAt)
  for (const [name, value] of Object.entries(section)) {
    if (name === 'paths') applyPaths(command, value as readonly string[], dirname(path))
    else applyValue(command, [command.name(), name], value, file.errorAt)
  }
}

const findInParents = (folder: string): string | undefined => {
  const path = join(folder, CONFIG_FILE)
  if (existsSync(path)) return path
  const outer = dirname(folder)
  return outer === folder ? undefined : findInParents(outer)
}

/** Paths are relative to the directory of the file. */
const applyPaths = (command: Command, paths: readonly string[], folder: string): void =>
  void command.setOptionValueWithSource(
    'paths',
    paths.map((path) => relative(process.cwd(), resolve(folder, path)) || '.'),
    'config',
  )

type ErrorAt = (path: readonly string[], message: string) => UsageError

const applyValue = (command: Command, path: readonly string[], value: unknown, fault: ErrorAt): void => {
  const attribute = attributeName(path)
  const option = command.options.find((each) => each.attributeName() === attribute)
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(option instanceof RepeatableOption)) {
    for (const [name, inner] of Object.entries(value)) applyValue(command, [...path, name], inner, fault)
    return
  }
  if (!option) throw fault(path, `'hapsim ${command.name()}' has no such option`)
  const source = command.getOptionValueSource(attribute)
  if (source === 'cli' || source === 'env') return
  try {
    command.setOptionValueWithSource(attribute, parseValue(option, value), 'config')
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw fault(path, error.message)
    throw error
  }
}

const parseValue = (option: Option, value: unknown): unknown => {
  if (option instanceof RepeatableOption) return option.collect(valuesOf(value))
  return typeof value === 'boolean' || !option.parseArg ? value : option.parseArg(String(value), undefined)
}

/** The values of a repeatable option: a single one, a list, or an object for NAME=VALUE. */
const valuesOf = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Array.isArray(value)
    ? value.map(String)
    : Object.entries(value).map(([name, each]) => `${name}=${String(each)}`)
}

/** Maps `['test', 'coverage', 'include']` to `coverageInclude`. */
const attributeName = (path: readonly string[]): string =>
  path
    .slice(COMMANDS.has(path[0]!) ? 1 : 0)
    .map((name, i) => (i === 0 ? name : name[0]!.toUpperCase() + name.slice(1)))
    .join('')
