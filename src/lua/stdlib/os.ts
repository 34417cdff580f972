/** The library os: time and date come from the simulation's clock, in UTC; nothing reaches the host. */
import { MILLISECOND, SECOND } from '../../engine/clock.js'
import { functionTable, throwError, type FunctionTable } from '../bind.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../state.js'
import { calendar, toSeconds, type CalendarDate } from './calendar.js'
import { conversionAt, strftime } from './strftime.js'

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
  lua_setfield,
  lua_settop,
  lua_tonumber,
  lua_isnumber,
  LUA_TNIL,
  LUA_TTABLE,
} = lua
const { luaL_argerror, luaL_checkinteger, luaL_checknumber, luaL_checkstring, luaL_checktype, luaL_optstring } = lauxlib

/** Pushes whole seconds; beyond what an integer of the VM holds, as a float. */
const pushSeconds = (L: lua_State, seconds: number): void => {
  if ((seconds | 0) === seconds) lua_pushinteger(L, seconds)
  else lua_pushnumber(L, seconds)
}

const wallSeconds = (L: lua_State): number => Math.floor(stateOf(L).host.process.clock.wall / SECOND)

const FIELDS: readonly (readonly [name: string, key: keyof CalendarDate, offset: number])[] = [
  ['year', 'year', 0],
  ['month', 'month', 0],
  ['day', 'day', 0],
  ['hour', 'hour', 0],
  ['min', 'minute', 0],
  ['sec', 'second', 0],
  ['yday', 'yearDay', 1],
  ['wday', 'weekDay', 1],
]

const setDate = (L: lua_State, date: CalendarDate): void => {
  for (const [name, key, offset] of FIELDS) {
    lua_pushinteger(L, date[key] + offset)
    lua_setfield(L, -2, name)
  }
  lua_pushboolean(L, false)
  lua_setfield(L, -2, 'isdst')
}

/** A field of the table on top, as an integer. */
const field = (L: lua_State, name: string, missing: number | undefined): number => {
  const type = lua_getfield(L, -1, name)
  const isNumber = lua_isnumber(L, -1)
  const value = lua_tonumber(L, -1)
  lua_pop(L, 1)
  if (isNumber && Number.isInteger(value)) {
    if (Math.abs(value) > 2 ** 31) throwError(L, `field '${name}' is out-of-bound`)
    return value
  }
  if (type !== LUA_TNIL) throwError(L, `field '${name}' is not an integer`)
  return missing ?? throwError(L, `field '${name}' missing in date table`)
}

const time: LuaFunction = (L) => {
  if (lua_isnoneornil(L, 1)) {
    pushSeconds(L, wallSeconds(L))
    return 1
  }
  luaL_checktype(L, 1, LUA_TTABLE)
  lua_settop(L, 1)
  const [year, month, day] = [field(L, 'year', undefined), field(L, 'month', undefined), field(L, 'day', undefined)]
  const [hour, minute, second] = [field(L, 'hour', 12), field(L, 'min', 0), field(L, 'sec', 0)]
  const seconds = toSeconds(year, month, day, hour, minute, second)
  setDate(L, calendar(seconds))
  pushSeconds(L, seconds)
  return 1
}

const date: LuaFunction = (L) => {
  const given = luaL_optstring(L, 1, '%c')!
  const seconds = lua_isnoneornil(L, 2) ? wallSeconds(L) : Math.trunc(wholeNumber(L, 2))
  const text = jsString(given)
  const format = text.startsWith('!') ? text.slice(1) : text
  const moment = calendar(seconds)
  if (format.startsWith('*t')) {
    lua_createtable(L, 0, 9)
    setDate(L, moment)
    return 1
  }
  for (let i = format.indexOf('%'); i >= 0; i = format.indexOf('%', i)) {
    const conversion = conversionAt(format, i + 1)
    if (!conversion) luaL_argerror(L, 1, luaString(`invalid conversion specifier '%${format.slice(i + 1)}'`))
    i += 1 + (conversion?.length ?? 0)
  }
  lua_pushstring(L, luaString(strftime(format, moment)))
  return 1
}

/** An integer that may be larger than those of the VM. */
const wholeNumber = (L: lua_State, arg: number): number => {
  if (lua_isinteger(L, arg)) return luaL_checkinteger(L, arg)
  const value = luaL_checknumber(L, arg)
  if (!Number.isInteger(value)) luaL_argerror(L, arg, 'number has no integer representation')
  return value
}

/** The processor time that the process has used: in a simulation in which steps take no time, the time that it has run. */
const clock: LuaFunction = (L) => {
  const { process } = stateOf(L).host
  lua_pushnumber(L, Math.floor((process.clock.now - process.startedAt) / MILLISECOND) / 1000)
  return 1
}

const difftime: LuaFunction = (L) => {
  lua_pushnumber(L, wholeNumber(L, 1) - wholeNumber(L, 2))
  return 1
}

const getenv: LuaFunction = (L) => {
  const name = jsString(luaL_checkstring(L, 1))
  const { environment } = stateOf(L).host.process.machine
  if (Object.hasOwn(environment, name)) lua_pushstring(L, luaString(environment[name]!))
  else lua_pushnil(L)
  return 1
}

/** Only the C locale is there. */
const setlocale: LuaFunction = (L) => {
  const locale = luaL_optstring(L, 1, null)
  const name = locale === null ? 'C' : jsString(locale)
  if (['', 'C', 'POSIX'].includes(name)) lua_pushstring(L, 'C')
  else lua_pushnil(L)
  return 1
}

const refused =
  (name: string): LuaFunction =>
  (L) =>
    throwError(L, `os.${name} is not emulated by hapsim: a script cannot leave the simulation`)

export const OS_FUNCTIONS: FunctionTable = functionTable({
  clock,
  date,
  difftime,
  execute: refused('execute'),
  exit: refused('exit'),
  getenv,
  remove: refused('remove'),
  rename: refused('rename'),
  setlocale,
  time,
  tmpname: refused('tmpname'),
})
