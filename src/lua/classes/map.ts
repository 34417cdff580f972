/** The class Map: lookups in a map that a script loads (`hlua_map_…` in src/hlua.c). */
import { MATCH_METHODS, type LoadedPatterns, type MatchMethod } from '../../haproxy/patterns/index.js'
import { checkArguments, functionTable, LuaClass, setFunctions, setIntegers, throwError } from './bind.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/state.js'

const {
  lua_createtable,
  lua_error,
  lua_getinfo,
  lua_getstack,
  lua_gettop,
  lua_pushnil,
  lua_pushstring,
  lua_setmetatable,
} = lua
const { luaL_checkinteger, luaL_checkstring } = lauxlib

const CONSTANTS = MATCH_METHODS.flatMap((name, value) => [
  [luaString(`_${name}`), value] as const,
  [luaString(name), value] as const,
])

/** Those that a script may look up with. */
const USABLE: ReadonlySet<MatchMethod> = new Set<MatchMethod>([
  ...(['str', 'beg', 'sub', 'dir', 'dom', 'end', 'reg', 'int', 'ip'] as const),
])

const WHERE = luaString('Sl')

/** The file and line of the script that calls; '' and 0 where nothing of Lua does. */
const placeOfCaller = (L: lua_State): { readonly file: string; readonly line: number } => {
  const debug = new lua.lua_Debug()
  if (!lua_getstack(L, 1, debug)) return { file: '', line: 0 }
  lua_getinfo(L, WHERE, debug)
  if (debug.currentline <= 0) return { file: '', line: 0 }
  return { file: jsString(debug.short_src!), line: debug.currentline }
}

const create: LuaFunction = (L) => {
  const count = lua_gettop(L)
  if (count < 1 || count > 2) throwError(L, "'new' needs at least 1 argument.")
  const name = jsString(luaL_checkstring(L, 1))
  const method = count < 2 ? 'str' : MATCH_METHODS[luaL_checkinteger(L, 2)]
  if (method === undefined) return throwError(L, "'new' needs a valid match method.")
  if (!USABLE.has(method)) throwError(L, "'new' doesn't support this match mode.")
  const use = { kind: 'map', method, output: 'str', ignoreCase: false, withValues: true } as const
  const { host } = stateOf(L)
  const loaded = host.process.patterns.load(name, { ...use, place: placeOfCaller(L), folder: host.folder })
  if ('error' in loaded) {
    lua_pushstring(L, luaString(`'new': ${loaded.error}.`))
    return lua_error(L)
  }
  mapClass.push(L, loaded)
  return 1
}

const lookup =
  (pushNothing: (L: lua_State) => void): LuaFunction =>
  (L) => {
    checkArguments(L, 2, 'lookup')
    const { reference, expression, method } = mapClass.check(L, 1)
    const sample = method === 'int' ? BigInt(luaL_checkinteger(L, 2)) : jsString(luaL_checkstring(L, 2))
    const value = reference.match(expression, sample, method)?.element.value
    if (value === undefined) pushNothing(L)
    else lua_pushstring(L, luaString(value))
    return 1
  }

const EMPTY = luaString('')

const mapClass = new LuaClass<LoadedPatterns>('Map', {
  methods: { lookup: lookup(lua_pushnil), slookup: lookup((L) => lua_pushstring(L, EMPTY)) },
})

const FUNCTIONS = functionTable({ new: create })

/** Pushes the table `Map`. */
export const pushMap = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setIntegers(L, CONSTANTS)
  setFunctions(L, FUNCTIONS)
  mapClass.pushMetatable(L)
  lua_setmetatable(L, -2)
}
