/**
 * Validates the options of `sim:haproxy{…}`. Permissions come from the command line or hapsim.config.json: a test may drop them but not add
 * any.
 */
import type { HaproxyOptions } from '../sim/index.js'

/** Settings of all processes, from the command line. */
export interface ProcessDefaults {
  /** base directory of relative file names */
  readonly directory: string
  /** environment of processes and tests; a test may add to it */
  readonly environment: Readonly<Record<string, string>>
  /** `--modules`, unless a test overrides it */
  readonly modules?: boolean | undefined
  /** `--allow-exec` and `--allow-write` */
  readonly allow: { readonly exec: boolean; readonly write: boolean }
  /** runs the commands of external checks, unless a test provides a function */
  readonly exec: HaproxyOptions['exec']
  /** `--start-limit`, unless a test overrides it */
  readonly startLimit?: string | undefined
}

/** A configuration text, `{config = …}` or `{file = …}`, and options of the TypeScript API. */
export type LuaHaproxyOptions = string | (Omit<HaproxyOptions, 'config'> & { config?: string; file?: string })

const OPTIONS = ['config', 'file', 'files', 'name', 'machine', 'lua', 'modules', 'exec', 'allow', 'startLimit'] as const

const PERMISSION_OPTIONS = {
  exec: '--allow-exec or "allowExec"',
  write: '--allow-write or "allowWrite"',
} as const

/** Validates options. Throws a RangeError if they are invalid or ask for permissions that were not given. */
export const haproxyOptions = (given: LuaHaproxyOptions | undefined, defaults: ProcessDefaults): HaproxyOptions => {
  if (typeof given === 'string') return haproxyOptions({ config: given }, defaults)
  if (typeof given !== 'object') throw new RangeError('sim:haproxy needs a configuration: {file = …} or {config = …}')
  const unknown = Object.keys(given).find((name) => !OPTIONS.some((each) => each === name))
  if (unknown !== undefined)
    throw new RangeError(`sim:haproxy: unknown option '${unknown}'; options are ${OPTIONS.join(', ')}`)
  const { config, file, exec = defaults.exec, allow, machine, ...rest } = given
  if ((config === undefined) === (file === undefined))
    throw new RangeError('sim:haproxy needs a configuration: {file = …} or {config = …}, but not both')
  if (Array.isArray(rest.files)) throw new RangeError('files must map file names to contents')
  if (exec !== undefined && typeof exec !== 'function')
    throw new RangeError(
      'exec must be a function that replaces the commands of external checks; use --allow-exec to run them',
    )
  if (rest.lua !== undefined && rest.lua !== '5.3' && rest.lua !== '5.4')
    throw new RangeError(`lua must be "5.3" or "5.4", not ${JSON.stringify(rest.lua)}`)
  if (rest.modules !== undefined && typeof rest.modules !== 'boolean')
    throw new RangeError(`modules must be true or false, not ${JSON.stringify(rest.modules)}`)
  return {
    modules: defaults.modules,
    ...(defaults.startLimit !== undefined && { startLimit: defaults.startLimit }),
    ...rest,
    directory: defaults.directory,
    config: config ?? { file: file! },
    machine: { ...machine, environment: { ...defaults.environment, ...machine?.environment } },
    allow: permissions(allow, defaults.allow),
    ...(exec && (exec !== defaults.exec || allow?.exec !== false) && { exec }),
  }
}

/** The permissions of a process: those given to the command, minus those that the test drops. */
const permissions = (
  wanted: HaproxyOptions['allow'] = {},
  given: ProcessDefaults['allow'],
): ProcessDefaults['allow'] => {
  for (const [name, value] of Object.entries(wanted)) {
    if (name !== 'exec' && name !== 'write')
      throw new RangeError(`unknown permission 'allow.${name}'; permissions are exec and write`)
    if (typeof value !== 'boolean') throw new RangeError(`allow.${name} must be true or false`)
    if (value && !given[name])
      throw new RangeError(
        `allow.${name} cannot be granted by a test: use ${PERMISSION_OPTIONS[name]} in hapsim.config.json for all tests`,
      )
  }
  return { exec: given.exec && wanted.exec !== false, write: given.write && wanted.write !== false }
}
