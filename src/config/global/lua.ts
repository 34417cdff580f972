/** The Lua keywords of `global` (src/hlua.c). Scripts are only recorded here; they are loaded later in this order. */
import type { Micros } from '../../engine/clock.js'
import type { Line } from '../syntax/line.js'
import { tooManyWordsText, type ParseContext } from '../parse-context.js'
import { isDurationError, parseDuration, parseInteger } from '../syntax/units.js'

/** Returns an error message if the line is invalid. */
type LuaKeyword = (context: ParseContext, line: Line) => string | undefined

const load =
  (perThread: boolean): LuaKeyword =>
  (context, line) => {
    const [file, ...args] = line.from(1)
    if (file === undefined) return `'${line.at(0)}' expects a file${perThread ? '' : ' name'} as parameter.`
    const proxiesBefore = context.proxies.length
    context.global.lua.loads.push({
      file,
      path: context.defaultPath.locate(file),
      name: perThread ? context.defaultPath.absolute(file) : file,
      directory: context.defaultPath.directory,
      args,
      perThread,
      place: line.place,
      proxiesBefore,
      variablesBefore: context.variableSteps.length,
      env: context.env.variables,
      logsBefore: context.global.logs.length > 0,
    })
    return undefined
  }

const prependPath: LuaKeyword = (context, line) => {
  if (line.at(3) !== '') return tooManyWordsText(line, line.at(3))
  if (line.at(1) === '') return `'${line.at(0)}' expects to receive a <path> as argument`
  const type = line.at(2) || 'path'
  if (type !== 'path' && type !== 'cpath') return `'${line.at(0)}' expects <type> to either be 'path' or 'cpath'`
  context.global.lua.prependPaths.push({ path: line.at(1), type, place: line.place })
  return undefined
}

const timeout =
  (name: 'burstTimeout' | 'sessionTimeout' | 'serviceTimeout' | 'taskTimeout'): LuaKeyword =>
  (context, line) => {
    const parsed = parseDuration(line.at(1))
    if (!isDurationError(parsed)) {
      const lua: Record<typeof name, Micros> = context.global.lua
      lua[name] = parsed.value
      return undefined
    }
    const what = `in argument <${line.at(1)}> to <${line.at(0)}>`
    if (parsed === 'overflow') return `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`
    if (parsed === 'underflow') return `timer underflow ${what} (minimum non-null value is 1 ms)`
    return `${line.at(0)}: invalid timeout`
  }

const forcedYield: LuaKeyword = (context, line) => {
  const count = parseInteger(line.at(1))
  if (typeof count !== 'number') return `${line.at(0)}: invalid number`
  context.global.lua.forcedYield = count
  return undefined
}

const maxMemory: LuaKeyword = (context, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects an integer argument (Lua memory size in MB).`
  const megabytes = parseInteger(line.at(1))
  if (typeof megabytes !== 'number')
    return `${line.at(0)}: invalid number ${line.at(1)} (error at '${megabytes.unexpected}')`
  context.global.lua.maxMemory = megabytes * 1024 * 1024
  return undefined
}

/** A keyword with an enumerated argument; `expected` lists the values in HAProxy's message. */
const oneOf =
  (
    words: readonly string[],
    expected: string,
    set: (lua: ParseContext['global']['lua'], word: string) => void,
  ): LuaKeyword =>
  (context, line) => {
    if (line.at(2) !== '') return tooManyWordsText(line, line.at(2))
    if (!words.includes(line.at(1))) return `'${line.at(0)}' expects either ${expected} but got '${line.at(1)}'.`
    set(context.global.lua, line.at(1))
    return undefined
  }

/** Not in HAProxy 3.2: `all`, `none`, or comma-separated libraries. */
const openLibs: LuaKeyword = (context, line) => {
  if (line.at(1) === '') return `'${line.at(0)}' expects 'all', 'none' or a list of libraries.`
  const libraries = line.at(1) === 'none' ? [] : line.at(1).split(',')
  context.global.lua.openLibs = line.at(1) === 'all' ? undefined : libraries
  return undefined
}

const SET_BEFORE_LOADS =
  '"tune.lua.bool-sample-conversion" must be set before any "lua-load" or "lua-load-per-thread" directive for it to be considered.'

/** Parsers by keyword. */
export const LUA_KEYWORDS: ReadonlyMap<string, LuaKeyword> = new Map([
  ['lua-load', load(false)],
  ['lua-load-per-thread', load(true)],
  ['lua-prepend-path', prependPath],
  ['tune.lua.burst-timeout', timeout('burstTimeout')],
  ['tune.lua.session-timeout', timeout('sessionTimeout')],
  ['tune.lua.service-timeout', timeout('serviceTimeout')],
  ['tune.lua.task-timeout', timeout('taskTimeout')],
  ['tune.lua.forced-yield', forcedYield],
  ['tune.lua.maxmem', maxMemory],
  ['tune.lua.openlibs', openLibs],
  [
    'tune.lua.log.loggers',
    oneOf(['on', 'off'], "'on' or 'off'", (lua, word) => {
      lua.logLoggers = word === 'on'
    }),
  ],
  [
    'tune.lua.log.stderr',
    oneOf(['on', 'auto', 'off'], "'on', 'auto', or 'off'", (lua, word) => {
      lua.logStderr = word as typeof lua.logStderr
    }),
  ],
  [
    'tune.lua.bool-sample-conversion',
    (context, line) =>
      oneOf(['normal', 'pre-3.1-bug'], "'normal' or 'pre-3.1-bug'", (lua, word) => {
        if (lua.loads.length > 0) context.warn(line, `ignored as some Lua was loaded already. ${SET_BEFORE_LOADS}`)
        else lua.boolSampleConversion = word as typeof lua.boolSampleConversion
      })(context, line),
  ],
])
