/** Time in `core`: now, and the three formats of HTTP dates (`hlua_parse_date`; `parse_…_date` in src/tools.c). */
import { SECOND } from '../../engine/clock.js'
import { stringArgument } from '../binding/arguments.js'
import { functionTable } from '../binding/function-table.js'
import { lua, luaString, type LuaFunction } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import { dateToSeconds, DAY_NAMES, SHORT_DAY_NAMES, SHORT_MONTH_NAMES } from '../../engine/calendar.js'
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

const MONTH = `(?<month>${SHORT_MONTH_NAMES.join('|')})`
const DAY_NAME = `(?:${SHORT_DAY_NAMES.join('|')})`
const LONG_DAY_NAME = `(?:${DAY_NAMES.join('|')})`
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)'

/** Text after the date is ignored. */
const IMF = new RegExp(`^${DAY_NAME}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT`)
const RFC850 = new RegExp(
  `^${LONG_DAY_NAME}, (?<day>\\d\\d)-${MONTH}-(?:(?<year>\\d{4})|(?<shortYear>\\d\\d)) ${TIME} GMT`,
)
const ASCTIME = new RegExp(`^${DAY_NAME} ${MONTH} (?: (?<digit>\\d)|(?<day>\\d\\d)) ${TIME} (?<year>\\d{4})`)

/** Two-digit years up to this one belong to the 21st century. */
const PIVOT = 60

const parse = (text: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(text)?.groups
  if (!found) return undefined
  const short = Number(found.shortYear)
  const year = found.year === undefined ? short + (short <= PIVOT ? 2000 : 1900) : Number(found.year)
  const month = SHORT_MONTH_NAMES.indexOf(found.month!) + 1
  const day = Number(found.day ?? found.digit)
  return dateToSeconds(year, month, day, Number(found.hour), Number(found.minute), Number(found.second))
}

const dateOf =
  (...patterns: readonly RegExp[]): LuaFunction =>
  (L) => {
    const text = stringArgument(L, 1)
    for (const pattern of patterns) {
      const seconds = parse(text, pattern)
      if (seconds === undefined) continue
      // the result is a 32-bit number
      lua_pushinteger(L, seconds | 0)
      return 1
    }
    lua_pushnil(L)
    return 1
  }

export const CORE_TIME: ApiPart = {
  coreFunctions: functionTable({
    now,
    http_date: dateOf(IMF, RFC850, ASCTIME),
    imf_date: dateOf(IMF),
    rfc850_date: dateOf(RFC850),
    asctime_date: dateOf(ASCTIME),
  }),
}
