/** Logging in `core`: log, Debug, Info, Warning, Alert and the levels (`hlua_sendlog` in src/hlua.c). */
import { LOG_LEVELS } from '../../config/model/log.js'
import { SECOND } from '../../engine/clock.js'
import { checkArgumentCount, intArgument } from '../binding/arguments.js'
import { functionTable, type IntegerTable } from '../binding/function-table.js'
import { lauxlib, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import { stateOf, type ScriptHost } from '../host/script-state.js'
import type { CalendarDate } from '../../engine/calendar.js'
import type { ApiPart } from './api-part.js'

const { luaL_argerror, luaL_checkstring } = lauxlib

const LEVELS: IntegerTable = [
  [luaString('silent'), -1],
  ...LOG_LEVELS.map((name, level) => [luaString(name), level] as const),
]

const DEBUG = 7
/** `tune.bufsize`, the maximum length of a line, in bytes */
const BUFFER_SIZE = 16_384

/** Replaces bytes that cannot be printed by dots. The line ends at the first zero byte; one that is too long ends in ` ...`. */
const printableLine = (message: Uint8Array): string => {
  const zero = message.indexOf(0)
  const length = zero < 0 ? message.length : zero
  const tooLong = length >= BUFFER_SIZE - 1
  let text = ''
  for (let i = 0; i < (tooLong ? BUFFER_SIZE - 1 : length); i++) {
    const byte = message[i]!
    text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.'
  }
  return tooLong ? `${text.slice(0, -4)} ...` : text
}

/**
 * Sends a line to log targets and to standard error, depending on `tune.lua.log.…`.
 * @param proxy whose targets are used; undefined: those of the process
 */
export const sendLog = (host: ScriptHost, level: number, message: Uint8Array, proxy?: Proxy): void => {
  const text = printableLine(message)
  const { logLoggers, logStderr } = host.configuration
  const { logger } = host.process
  // log targets are not ready while the configuration is parsed
  if (logLoggers && host.phase !== 'body') logger.send(proxy, level, text)
  const hasTargets = host.loading ? host.loading.logsBefore : logger.hasTargets(proxy)
  const quiet = logStderr === 'off' || (logStderr === 'auto' && logLoggers && hasTargets)
  if (!quiet && level !== DEBUG) host.output.writeLine('stderr', stderrLine(host, level, text))
}

/** `[info] 059/134500 (1234) : text`: the day of the year, from 0, and the time of day. */
const stderrLine = (host: ScriptHost, level: number, text: string): string => {
  const { clock, localTime, machine } = host.process
  const now = new TimeOfYear(localTime.date(Math.floor(clock.wall / SECOND)))
  return `[${LOG_LEVELS[level]}] ${now.day}/${now.time} (${machine.pid}) : ${text}`
}

class TimeOfYear {
  readonly day: string
  readonly time: string

  constructor({ yearDay, hour, minute, second }: CalendarDate) {
    this.day = String(yearDay).padStart(3, '0')
    this.time = [hour, minute, second].map((part) => String(part).padStart(2, '0')).join('')
  }
}

const log: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'log')
  const level = intArgument(L, 1)
  const message = luaL_checkstring(L, 2)
  if (level < 0 || level >= LOG_LEVELS.length) luaL_argerror(L, 1, 'Invalid loglevel.')
  sendLog(stateOf(L).host, level, message)
  return 0
}

const logAt =
  (level: number, name: string): LuaFunction =>
  (L: lua_State) => {
    checkArgumentCount(L, 1, name)
    sendLog(stateOf(L).host, level, luaL_checkstring(L, 1))
    return 0
  }

export const CORE_LOG: ApiPart = {
  coreConstants: LEVELS,
  coreFunctions: functionTable({
    log,
    Debug: logAt(DEBUG, 'debug'),
    Info: logAt(6, 'info'),
    Warning: logAt(4, 'warning'),
    Alert: logAt(1, 'alert'),
  }),
}
