/**
 * Options of `sim:haproxy{…}`, checked. What a process may do to the machine comes from the command line or the configuration
 * file: a test may do with less of it, and never with more.
 */
import type { HaproxyOptions } from '../sim/index.js'

/** What whoever runs the tests has decided for all processes in them. */
export interface ProcessDefaults {
  /** from which names of files start */
  readonly directory: string
  /** the environment that processes and tests see; a test may add to it */
  readonly environment: Readonly<Record<string, string>>
  /** `--allow-exec` and `--allow-write` */
  readonly allow: { readonly exec: boolean; readonly write: boolean }
  /** runs the commands of external checks, unless a test brings a function of its own */
  readonly exec: HaproxyOptions['exec']
  /** `--start-limit`, unless a test has one of its own */
  readonly startLimit?: string | undefined
}

/** A text, `{config = …}` or `{file = …}`, and options of TypeScript. */
export type LuaHaproxyOptions = string | (Omit<HaproxyOptions, 'config'> & { config?: string; file?: string })

const OPTIONS = ['config', 'file', 'files', 'name', 'machine', 'lua', 'exec', 'allow', 'startLimit'] as const

const RIGHTS = {
  exec: '--allow-exec or "allowExec"',
  write: '--allow-write or "allowWrite"',
} as const

/** Throws a RangeError for options that make no sense, and for rights that were not given. */
export const haproxyOptions = (given: LuaHaproxyOptions | undefined, defaults: ProcessDefaults): HaproxyOptions => {
  if (typeof given === 'string') return haproxyOptions({ config: given }, defaults)
  if (typeof given !== 'object') throw new RangeError('sim:haproxy needs a configuration: {file = …} or {config = …}')
  const unknown = Object.keys(given).find((name) => !OPTIONS.some((each) => each === name))
  if (unknown !== undefined)
    throw new RangeError(`sim:haproxy has no option '${unknown}'; its options are ${OPTIONS.join(', ')}`)
  const { config, file, exec = defaults.exec, allow, machine, ...rest } = given
  if ((config === undefined) === (file === undefined))
    throw new RangeError('sim:haproxy needs a configuration: {file = …} or {config = …}, one of the two')
  if (Array.isArray(rest.files)) throw new RangeError('files is a table of contents by name')
  if (exec !== undefined && typeof exec !== 'function')
    throw new RangeError(
      'exec is a function that stands in for the commands of external checks; --allow-exec runs them',
    )
  if (rest.lua !== undefined && rest.lua !== '5.3' && rest.lua !== '5.4')
    throw new RangeError(`lua is "5.3" or "5.4", not ${JSON.stringify(rest.lua)}`)
  return {
    ...(defaults.startLimit !== undefined && { startLimit: defaults.startLimit }),
    ...rest,
    directory: defaults.directory,
    config: config ?? { file: file! },
    machine: { ...machine, environment: { ...defaults.environment, ...machine?.environment } },
    allow: rights(allow, defaults.allow),
    ...(exec && (exec !== defaults.exec || allow?.exec !== false) && { exec }),
  }
}

/** What a process may do: what the command was given, less what the test does without. */
const rights = (wanted: HaproxyOptions['allow'] = {}, given: ProcessDefaults['allow']): ProcessDefaults['allow'] => {
  for (const [name, value] of Object.entries(wanted)) {
    if (name !== 'exec' && name !== 'write') throw new RangeError(`allow has no '${name}': there are exec and write`)
    if (typeof value !== 'boolean') throw new RangeError(`allow.${name} is true or false`)
    if (value && !given[name])
      throw new RangeError(
        `allow.${name} is not a test's to give: ${RIGHTS[name]} in hapsim.config.json gives it to all tests`,
      )
  }
  return { exec: given.exec && wanted.exec !== false, write: given.write && wanted.write !== false }
}
