/**
 * The library os (loslib.c): time and date come from the simulation's clock, in the process's time zone; the environment is
 * the process's. Functions that access the host are in os-host.ts.
 */
import { MILLISECOND, SECOND } from '../../engine/clock.js'
import { type LocalDate } from '../../engine/time-zone/index.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable, type FunctionTable } from '../binding/function-table.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { pushInteger } from '../binding/results.js'
import { libraryStateOf } from './library-state.js'
import { workOn } from '../vm/hook.js'
import { cString } from '../vm/bytes.js'
import { OS_HOST_FUNCTIONS } from './os-host.js'
import { conversionAt, greenwichDate, strftime } from '../../engine/time-zone/strftime.js'

const {
  lua_createtable,
  lua_getfield,
  lua_isinteger,
  lua_isnoneornil,
  lua_pop,
  lua_pushboolean,
  lua_pushinteger,
  lua_pushnil,
  lua_pushnumber,
  lua_pushstring,
  lua_pushvalue,
  lua_setfield,
  lua_settop,
  lua_toboolean,
  lua_tointegerx,
  lua_tostring,
  LUA_TNIL,
  LUA_TTABLE,
} = lua
const { luaL_argerror, luaL_checkinteger, luaL_checknumber, luaL_checkstring, luaL_checktype, luaL_optstring } = lauxlib
const { luaL_checkoption, luaL_optlstring } = lauxlib

/** The range of years: an `int`, counted from 1900. */
const FIRST_YEAR = 1900 - 2 ** 31
const LAST_YEAR = 1900 + 2 ** 31 - 1

const wallSeconds = (L: lua_State): number => Math.floor(libraryStateOf(L).host.process.clock.wall / SECOND)

const FIELDS = [
  ['year', 'year', 0],
  ['month', 'month', 0],
  ['day', 'day', 0],
  ['hour', 'hour', 0],
  ['min', 'minute', 0],
  ['sec', 'second', 0],
  ['yday', 'yearDay', 1],
  ['wday', 'weekDay', 1],
] as const

/** Sets the fields that are given. */
const setFields = (L: lua_State, date: Partial<LocalDate>): void => {
  for (const [name, key, offset] of FIELDS) {
    const value = date[key]
    if (value === undefined) continue
    lua_pushinteger(L, value + offset)
    lua_setfield(L, -2, name)
  }
}

const setDate = (L: lua_State, date: LocalDate): void => {
  setFields(L, date)
  lua_pushboolean(L, date.isDaylight)
  lua_setfield(L, -2, 'isdst')
}

/** A field of the table on top of the stack, which fits in an `int` after `delta` is subtracted. */
const field = (L: lua_State, name: string, missing: number | undefined, delta = 0): number => {
  const type = lua_getfield(L, -1, name)
  const value = lua_tointegerx(L, -1)
  lua_pop(L, 1)
  if (value !== false) {
    if (value - delta > 2 ** 31 - 1 || value - delta < -(2 ** 31)) throwLuaError(L, `field '${name}' is out-of-bound`)
    return value
  }
  if (type !== LUA_TNIL) throwLuaError(L, `field '${name}' is not an integer`)
  return missing ?? throwLuaError(L, `field '${name}' missing in date table`)
}

const time: LuaFunction = (L) => {
  if (lua_isnoneornil(L, 1)) {
    pushInteger(L, wallSeconds(L))
    return 1
  }
  luaL_checktype(L, 1, LUA_TTABLE)
  lua_settop(L, 1)
  const year = field(L, 'year', undefined, 1900)
  const [month, day] = [field(L, 'month', undefined, 1), field(L, 'day', undefined)]
  const [hour, minute, second] = [field(L, 'hour', 12), field(L, 'min', 0), field(L, 'sec', 0)]
  const isDaylight = lua_getfield(L, -1, 'isdst') === LUA_TNIL ? undefined : lua_toboolean(L, -1)
  lua_pop(L, 1)
  const { process } = libraryStateOf(L).host
  process.refreshTimeZone()
  const { localTime } = process
  const seconds = localTime.seconds([year, month, day, hour, minute, second], isDaylight)
  const date = seconds === undefined ? undefined : localTime.date(seconds)
  const isDate = date !== undefined && date.year <= LAST_YEAR && date.year >= FIRST_YEAR
  if (isDate) setDate(L, date)
  else setFields(L, { year, month, day, hour, minute, second })
  // mktime of the C library returns -1 for errors
  if (!isDate || seconds === -1) throwLuaError(L, 'time result cannot be represented in this installation')
  pushInteger(L, seconds!)
  return 1
}

const date: LuaFunction = (L) => {
  const given = jsString(luaL_optlstring(L, 1, '%c')!)
  const seconds = lua_isnoneornil(L, 2) ? wallSeconds(L) : wholeNumber(L, 2)
  const utc = given.startsWith('!')
  const moment = utc ? greenwichDate(seconds) : libraryStateOf(L).host.process.localTime.date(seconds)
  const format = utc ? given.slice(1) : given
  if (moment.year > LAST_YEAR || moment.year < FIRST_YEAR)
    throwLuaError(L, 'date result cannot be represented in this installation')
  if (cString(format) === '*t') {
    lua_createtable(L, 0, 9)
    setDate(L, moment)
    return 1
  }
  workOn(L, format.length, 1)
  for (let i = format.indexOf('%'); i >= 0; i = format.indexOf('%', i)) {
    const conversion = conversionAt(format, i + 1)
    if (!conversion) luaL_argerror(L, 1, luaString(`invalid conversion specifier '%${cString(format.slice(i + 1))}'`))
    i += 1 + (conversion?.length ?? 0)
  }
  lua_pushstring(L, luaString(strftime(format, moment)))
  return 1
}

/** An integer argument, exact in the whole range. */
const wholeNumber = (L: lua_State, arg: number): number | bigint => {
  if (lua_isinteger(L, arg)) {
    const value = luaL_checkinteger(L, arg)
    if (Number.isSafeInteger(value)) return value
    lua_pushvalue(L, arg)
    const digits = jsString(lua_tostring(L, -1)!)
    lua_pop(L, 1)
    return BigInt(digits)
  }
  const value = luaL_checknumber(L, arg)
  if (!Number.isInteger(value) || value < -(2 ** 63) || value >= 2 ** 63)
    luaL_argerror(L, arg, 'number has no integer representation')
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : BigInt(value)
}

/** The processor time used by the process, which is its uptime here. */
const clock: LuaFunction = (L) => {
  const { process } = libraryStateOf(L).host
  lua_pushnumber(L, Math.floor((process.clock.now - process.startedAt) / MILLISECOND) / 1000)
  return 1
}

const difftime: LuaFunction = (L) => {
  const [later, earlier] = [wholeNumber(L, 1), wholeNumber(L, 2)]
  lua_pushnumber(L, Number(BigInt(later) - BigInt(earlier)))
  return 1
}

const getenv: LuaFunction = (L) => {
  const name = jsString(luaL_checkstring(L, 1))
  const value = libraryStateOf(L).host.process.environment.get(name)
  if (value === undefined) lua_pushnil(L)
  else lua_pushstring(L, luaString(value))
  return 1
}

const CATEGORIES = ['all', 'collate', 'ctype', 'monetary', 'numeric', 'time'].map(luaString)

/** Only the C locale is supported. */
const setlocale: LuaFunction = (L) => {
  const locale = luaL_optstring(L, 1, null)
  luaL_checkoption(L, 2, 'all', CATEGORIES)
  const name = locale === null ? 'C' : jsString(locale)
  if (['', 'C', 'POSIX'].includes(name)) lua_pushstring(L, 'C')
  else lua_pushnil(L)
  return 1
}

export const OS_FUNCTIONS: FunctionTable = [
  ...functionTable({ clock, date, difftime, getenv, setlocale, time }),
  ...OS_HOST_FUNCTIONS,
]
