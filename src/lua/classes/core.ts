/** The table `core`, put together from its topics. */
import { lua, luaString, type lua_State } from '../fengari.js'
import { setFunctions, setIntegers, type FunctionTable } from './bind.js'
import { ADDRESS_FUNCTIONS } from './core-address.js'
import { LOG_FUNCTIONS, LOG_LEVEL_CONSTANTS } from './core-log.js'
import { PROCESS_FUNCTIONS, setProcessEntries } from './core-process.js'
import { REGISTER_FUNCTIONS } from './core-register.js'
import { TIME_FUNCTIONS } from './core-time.js'
import { WAIT_FUNCTIONS } from './core-wait.js'
import { CONCAT_FUNCTIONS } from './concat.js'
import { EVENT_FUNCTIONS } from './event-sub.js'
import { HTTP_CLIENT_FUNCTIONS } from './not-yet.js'
import { PATTERN_FUNCTIONS } from './patref.js'
import { QUEUE_FUNCTIONS } from './queue.js'
import { SOCKET_FUNCTIONS } from './socket.js'

const { lua_createtable } = lua

const FUNCTIONS: readonly FunctionTable[] = [
  LOG_FUNCTIONS,
  REGISTER_FUNCTIONS,
  WAIT_FUNCTIONS,
  TIME_FUNCTIONS,
  ADDRESS_FUNCTIONS,
  QUEUE_FUNCTIONS,
  CONCAT_FUNCTIONS,
  SOCKET_FUNCTIONS,
  EVENT_FUNCTIONS,
  PATTERN_FUNCTIONS,
  HTTP_CLIENT_FUNCTIONS,
  PROCESS_FUNCTIONS,
]

const THREAD = luaString('thread')

/** @param state the number of the state, which is `core.thread` */
export const pushCore = (L: lua_State, state: number): void => {
  lua_createtable(L, 0, 0)
  setIntegers(L, [[THREAD, state]])
  setIntegers(L, LOG_LEVEL_CONSTANTS)
  for (const functions of FUNCTIONS) setFunctions(L, functions)
  setProcessEntries(L)
}
