/** Time in `core`: now, and the three formats of HTTP dates (`hlua_parse_date` in src/hlua_fcn.c). */
import { SECOND } from '../../engine/clock.js'
import { parseAsctimeDate, parseHttpDate, parseImfDate, parseRfc850Date } from '../../http/dates.js'
import { wholeStringArgument } from '../binding/arguments.js'
import { functionTable } from '../binding/function-table.js'
import { lua, luaString, type LuaFunction } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const { lua_createtable, lua_pushinteger, lua_pushnil, lua_setfield } = lua

const SEC = luaString('sec')
const USEC = luaString('usec')

const now: LuaFunction = (L) => {
  const { wall } = stateOf(L).host.process.clock
  lua_createtable(L, 0, 2)
  lua_pushinteger(L, Math.floor(wall / SECOND))
  lua_setfield(L, -2, SEC)
  lua_pushinteger(L, wall % SECOND)
  lua_setfield(L, -2, USEC)
  return 1
}

const dateOf =
  (parse: (text: string) => number | undefined): LuaFunction =>
  (L) => {
    const seconds = parse(wholeStringArgument(L, 1))
    // the result is a 32-bit number
    if (seconds === undefined) lua_pushnil(L)
    else lua_pushinteger(L, seconds | 0)
    return 1
  }

export const CORE_TIME: ApiPart = {
  coreFunctions: functionTable({
    now,
    http_date: dateOf(parseHttpDate),
    imf_date: dateOf(parseImfDate),
    rfc850_date: dateOf(parseRfc850Date),
    asctime_date: dateOf(parseAsctimeDate),
  }),
}
