/** HAProxy's Lua API: one line for each file of this directory. Fields of `core` and globals are set in this order. */
import { setFunctions, setIntegers } from '../binding/function-table.js'
import { ClassRegistry } from '../binding/lua-class.js'
import { lua, luaString, type lua_State } from '../fengari.js'
import { ACT } from './act.js'
import type { ApiPart } from './api-part.js'
import { APPLET_HTTP } from './applet-http.js'
import { APPLET_TCP } from './applet-tcp.js'
import { CHANNEL } from './channel.js'
import { CERT_CACHE } from './cert-cache.js'
import { CONCAT } from './concat.js'
import { CORE_ADDRESS } from './core-address.js'
import { CORE_LOG } from './core-log.js'
import { CORE_PROCESS } from './core-process.js'
import { CORE_REGISTER } from './core-register.js'
import { CORE_TIME } from './core-time.js'
import { CORE_WAIT } from './core-wait.js'
import { EVENT_SUB } from './event-sub.js'
import { CONVERTERS, FETCHES } from './fetches.js'
import { FILTER } from './filter.js'
import { HTTP } from './http.js'
import { HTTP_CLIENT } from './http-client.js'
import { HTTP_MESSAGE } from './http-message.js'
import { LISTENER } from './listener.js'
import { MAP } from './map.js'
import { PATREF } from './patref.js'
import { PROXY } from './proxy.js'
import { PROXY_LIST } from './proxy-list.js'
import { QUEUE } from './queue.js'
import { REGEX } from './regex.js'
import { SERVER } from './server.js'
import { SERVER_LIST } from './server-list.js'
import { SOCKET } from './socket.js'
import { STICK_TABLE } from './stick-table.js'
import { TXN } from './txn.js'

const PARTS: readonly ApiPart[] = [
  CORE_LOG,
  CORE_REGISTER,
  CORE_WAIT,
  CORE_TIME,
  CORE_ADDRESS,
  QUEUE,
  CONCAT,
  SOCKET,
  EVENT_SUB,
  PATREF,
  HTTP_CLIENT,
  CORE_PROCESS,
  ACT,
  FILTER,
  MAP,
  REGEX,
  CERT_CACHE,
  PROXY,
  PROXY_LIST,
  SERVER,
  SERVER_LIST,
  LISTENER,
  STICK_TABLE,
  APPLET_TCP,
  APPLET_HTTP,
  TXN,
  HTTP,
  HTTP_MESSAGE,
  FETCHES,
  CONVERTERS,
  CHANNEL,
]

/** The classes of the objects that are passed to scripts. */
export const CLASSES = new ClassRegistry(PARTS.flatMap((part) => part.class ?? []))

/** Functions that end in an error because hapsim does not emulate them, as scripts usually write them. */
export const NOT_EMULATED: readonly string[] = PARTS.flatMap((part) => part.notEmulated ?? [])

const THREAD = luaString('thread')

/** Sets HAProxy's globals in a new state. The number of the state is `core.thread`. */
export const installGlobals = ({ L, id }: { readonly L: lua_State; readonly id: number }): void => {
  pushCore(L, id)
  lua.lua_setglobal(L, luaString('core'))
  for (const { global } of PARTS) {
    if (!global) continue
    global.push(L)
    lua.lua_setglobal(L, luaString(global.name))
  }
}

const pushCore = (L: lua_State, thread: number): void => {
  lua.lua_createtable(L, 0, 0)
  setIntegers(L, [[THREAD, thread]])
  for (const { coreConstants } of PARTS) if (coreConstants) setIntegers(L, coreConstants)
  for (const { coreFunctions } of PARTS) if (coreFunctions) setFunctions(L, coreFunctions)
  for (const { setCoreFields } of PARTS) setCoreFields?.(L)
}
