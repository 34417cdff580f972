/** The class Map: lookups in a map file that a script loads (`hlua_map_…` in src/hlua.c). */
import { MATCH_METHODS, type LoadedPatterns, type MatchMethod } from '../../haproxy/patterns/index.js'
import { KIND_OF } from '../../config/patterns/match-method.js'
import { sint, str } from '../../haproxy/samples/sample.js'
import { toByteString } from '../../bytes/text.js'
import { checkArgumentCount, intArgument, stringArgument, wholeStringArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable, setFunctions, setIntegers, type IntegerTable } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushString } from '../binding/results.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const { lua_createtable, lua_error, lua_getinfo, lua_getstack, lua_gettop, lua_pushnil, lua_setmetatable } = lua
const { luaL_checkinteger } = lauxlib

/** The numbers of the match methods, each under two names. */
const CONSTANTS: IntegerTable = MATCH_METHODS.flatMap((name, value) => [
  [luaString(`_${name}`), value] as const,
  [luaString(name), value] as const,
])

/** Match methods that `Map.new` supports. */
const SUPPORTED: ReadonlySet<MatchMethod> = new Set<MatchMethod>([
  ...(['str', 'beg', 'sub', 'dir', 'dom', 'end', 'reg', 'int', 'ip'] as const),
])

const WHERE = luaString('Sl')

/** File and line of the calling script; '' and 0 if the caller is not a Lua function. */
const callerPosition = (L: lua_State): { readonly file: string; readonly line: number } => {
  const debug = new lua.lua_Debug()
  if (!lua_getstack(L, 1, debug)) return { file: '', line: 0 }
  lua_getinfo(L, WHERE, debug)
  if (debug.currentline <= 0) return { file: '', line: 0 }
  return { file: jsString(debug.short_src!), line: debug.currentline }
}

const create: LuaFunction = (L) => {
  const count = lua_gettop(L)
  if (count < 1 || count > 2) throwLuaError(L, "'new' needs at least 1 argument.")
  const name = stringArgument(L, 1)
  const method = count < 2 ? 'str' : MATCH_METHODS[intArgument(L, 2)]
  if (method === undefined) return throwLuaError(L, "'new' needs a valid match method.")
  if (!SUPPORTED.has(method)) throwLuaError(L, "'new' doesn't support this match mode.")
  const { host } = stateOf(L)
  const { directory } = host
  const loaded = host.process.patterns.load({
    matching: method,
    kind: KIND_OF[method],
    output: 'str',
    ignoreCase: false,
    noNames: true,
    place: callerPosition(L),
    source: { name, asMap: true, asAcl: false, withValues: true, directory, again: false },
  })
  if ('error' in loaded) {
    pushString(L, `'new': ${loaded.error}.`)
    return lua_error(L)
  }
  mapClass.push(L, loaded)
  return 1
}

const lookup =
  (pushDefault: (L: lua_State) => void): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 2, 'lookup')
    const map = mapClass.check(L, 1)
    const sample = map.matching === 'int' ? sint(luaL_checkinteger(L, 2)) : str(toByteString(wholeStringArgument(L, 2)))
    const value = map.match(sample)?.element?.value
    if (value === undefined) pushDefault(L)
    else pushString(L, value)
    return 1
  }

const mapClass = new LuaClass<LoadedPatterns>('Map', {
  methods: { lookup: lookup(lua_pushnil), slookup: lookup((L) => pushString(L, '')) },
})

const FUNCTIONS = functionTable({ new: create })

const pushMap = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setIntegers(L, CONSTANTS)
  setFunctions(L, FUNCTIONS)
  mapClass.pushMetatable(L)
  lua_setmetatable(L, -2)
}

export const MAP: ApiPart = { global: { name: 'Map', push: pushMap } }
