/** The class Socket: TCP and UNIX socket connections of scripts (`hlua_socket_…` in src/hlua.c). */
import { atoi, strtol } from '../../bytes/integers.js'
import { joinBytes, totalLength } from '../../bytes/join.js'
import { TLS_UNVERIFIED, type TlsClient } from '../../net/tls.js'
import { formatHostPort, isIp, parseAddress, type Address } from '../../net/address.js'
import { checkArgumentCount, intArgument, stringArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushBytes } from '../binding/results.js'
import {
  jsString,
  lauxlib,
  lua,
  luaString,
  type LuaContinuation,
  type LuaFunction,
  type lua_State,
} from '../fengari.js'
import { coroutineOf, yieldFor } from '../host/yielding.js'
import { ScriptSocket } from '../host/script-socket.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const {
  lua_gettop,
  lua_pushinteger,
  lua_pushnil,
  lua_pushstring,
  lua_settop,
  lua_tointeger,
  lua_tolstring,
  lua_tostring,
  lua_type,
  LUA_TNUMBER,
  LUA_TSTRING,
} = lua
const { luaL_checklstring, luaL_checknumber, luaL_checkstring } = lauxlib

const CLOSED = luaString('connection closed.')
const CANNOT_CONNECT = luaString("Can't connect")
const ADDRESS = { portOk: true } as const
const INT_MAX = 2_147_483_647

/** Sizes for `receive`: up to the end of the line, up to the end of the stream. */
const LINE = -1
const ALL = -2

/** The socket that argument 1 represents; throws if it belongs to another thread. */
const check = (L: lua_State): ScriptSocket => {
  const socket = socketClass.check(L, 1)
  if (socket.thread !== stateOf(L).host.thread) throwLuaError(L, 'connect: cannot use socket on other thread')
  return socket
}

const pushFailure = (L: lua_State, message: Uint8Array): number => {
  lua_pushnil(L)
  lua_pushstring(L, message)
  return 2
}

/** The destination: argument 2, with argument 3 as its port if there is one. */
const destination = (L: lua_State): Address => {
  let text = stringArgument(L, 2)
  const port = lua_gettop(L) >= 3 ? intArgument(L, 3) : undefined
  // with a port argument, an IPv6 address needs no brackets
  if (port !== undefined && port > 0) text += ':'
  const parsed = parseAddress(text, ADDRESS)
  if ('error' in parsed) return throwLuaError(L, `connect: cannot parse destination address '${text}'`)
  const { address } = parsed
  if (!isIp(address) || parsed.port !== 0) return address
  if (port === undefined) return throwLuaError(L, 'connect: port missing')
  return { ...address, port: port & 0xffff }
}

const connect: LuaFunction = (L) => startConnect(L, undefined)

const startConnect = (L: lua_State, tls: TlsClient | undefined): number => {
  if (!coroutineOf(L)) return 0
  if (lua_gettop(L) < 2) throwLuaError(L, 'connect: need at least 2 arguments')
  const socket = check(L)
  if (socket.gone) {
    luaL_checkstring(L, 2)
    lua_pushnil(L)
    return 1
  }
  const address = destination(L)
  if (socket.started) throwLuaError(L, 'connect: connect already performed\n')
  socket.connect(address, tls)
  return yieldFor(L, socket.writers, waitConnected)
}

const waitConnected: LuaContinuation = (L) => {
  const socket = check(L)
  if (socket.gone) return pushFailure(L, CANNOT_CONNECT)
  if (socket.isConnected) {
    lua_pushinteger(L, 1)
    return 1
  }
  return yieldFor(L, socket.writers, waitConnected)
}

const connectSsl: LuaFunction = (L) => {
  checkArgumentCount(L, 3, 'connect_ssl')
  if (check(L).gone) {
    lua_pushnil(L)
    return 1
  }
  return startConnect(L, TLS_UNVERIFIED)
}

/** How much argument 2 of `receive` asks for: a number of bytes, LINE or ALL. */
const requestedSize = (L: lua_State): number => {
  if (lua_gettop(L) < 2) return LINE
  const type = lua_type(L, 2)
  if (type === LUA_TNUMBER) {
    const size = lua_tointeger(L, 2) | 0
    return size < 0 ? throwLuaError(L, 'Unsupported size.') : size
  }
  if (type !== LUA_TSTRING) return LINE
  const pattern = jsString(lua_tostring(L, 2)!)
  if (pattern === '*a') return ALL
  if (pattern === '*l') return LINE
  return strtol(pattern).rest === '' ? atoi(pattern) : throwLuaError(L, 'Unsupported pattern.')
}

const receive: LuaFunction = (L) => {
  const count = lua_gettop(L)
  if (count < 1 || count > 3) throwLuaError(L, "The 'receive' function requires between 1 and 3 arguments.")
  const socket = check(L)
  const size = requestedSize(L)
  socket.partial = []
  if (count === 3) {
    if (lua_type(L, 3) !== LUA_TSTRING) throwLuaError(L, "Expect a 'string' for the prefix")
    socket.partial.push(lua_tolstring(L, 3)!)
  }
  return receiveMore(L, 0, size)
}

const receiveMore: LuaContinuation = (L, _status, size) => {
  if (!coroutineOf(L))
    return throwLuaError(L, "The 'receive' function is only allowed in 'frontend', 'backend' or 'task'")
  const socket = check(L)
  do {
    if (socket.gone || !socket.isConnected || readAvailable(socket, size) === 'ended')
      return totalLength(socket.partial) > 0 ? pushReceived(L, socket) : pushFailure(L, CLOSED)
    if (isComplete(socket, size)) return pushReceived(L, socket)
  } while (size !== LINE && socket.available > 0)
  return yieldFor(L, socket.readers, receiveMore, { context: size })
}

/** Whether the last read has completed the request. */
const isComplete = (socket: ScriptSocket, size: number): boolean =>
  socket.found && (size === LINE || (size >= 0 && totalLength(socket.partial) >= size))

/** Reads available bytes, as far as they are requested. Returns `ended` at the end of the stream. */
const readAvailable = (socket: ScriptSocket, size: number): 'ended' | undefined => {
  socket.found = false
  if (size === LINE) return readLine(socket)
  if (socket.available === 0) return socket.inputEnded ? 'ended' : undefined
  const missing = size === ALL ? -1 : size - totalLength(socket.partial)
  socket.partial.push(socket.take(missing < 0 ? socket.available : Math.min(missing, socket.available)))
  socket.found = true
  return socket.inputEnded && socket.available === 0 ? 'ended' : undefined
}

const readLine = (socket: ScriptSocket): 'ended' | undefined => {
  const length = socket.lineLength
  if (length === 0 && !socket.inputEnded) return undefined
  if (length === 0 && socket.available === 0) return 'ended'
  const line = socket.take(length === 0 ? socket.available : length)
  const end = length === 0 ? line.length : line[length - 2] === 13 ? length - 2 : length - 1
  socket.partial.push(line.subarray(0, end))
  socket.found = true
  return undefined
}

/** Pushes what `receive` has read. */
const pushReceived = (L: lua_State, socket: ScriptSocket): number => {
  const bytes = joinBytes(socket.partial)
  socket.partial = []
  return pushBytes(L, bytes)
}

/**
 * Returns the first and the last position to be sent of `length` bytes; undefined for none. As in HAProxy, positions outside of the string
 * stand for the zero byte after it (`hlua_socket_send`).
 */
const range = (length: number, from: number, to: number): readonly [number, number] | undefined => {
  const position = (value: number): number => {
    const absolute = value < 0 ? length + value + 1 : value
    return absolute < 0 || absolute > length ? length + 1 : absolute
  }
  const last = position(to)
  const first = position(from)
  if (first > last || (first === 0 && last === 0)) return undefined
  return [Math.max(first, 1), Math.max(last, 1)]
}

const ZERO = Uint8Array.of(0)

const send: LuaFunction = (L) => {
  const count = lua_gettop(L)
  if (count < 2 || count > 4) throwLuaError(L, "'send' needs between 2 and 4 arguments")
  const data = luaL_checklstring(L, 2)
  const to = count === 4 ? intArgument(L, 4) : data.length
  const from = count >= 3 ? intArgument(L, 3) : 1
  const part = range(data.length, from, to)
  if (!part) {
    lua_pushinteger(L, 0)
    return 1
  }
  lua_settop(L, 1)
  const bytes =
    part[1] > data.length ? joinBytes([data.subarray(part[0] - 1), ZERO]) : data.subarray(part[0] - 1, part[1])
  pushBytes(L, bytes)
  return sendMore(L, 0, 0)
}

const sendMore: LuaContinuation = (L, _status, alreadySent) => {
  if (!coroutineOf(L))
    return throwLuaError(L, "The 'write' function is only allowed in 'frontend', 'backend' or 'task'")
  const socket = check(L)
  const bytes = luaL_checklstring(L, 2)
  if (socket.gone || !socket.isConnected) {
    lua_pushinteger(L, -1)
    return 1
  }
  const sent = alreadySent + socket.send(bytes.subarray(alreadySent))
  if (sent >= bytes.length) {
    lua_pushinteger(L, sent)
    return 1
  }
  return yieldFor(L, socket.writers, sendMore, { context: sent })
}

const close: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'close')
  if (coroutineOf(L)) check(L).close()
  return 0
}

const pushName = (L: lua_State, address: Address | undefined): number => {
  if (address === undefined) lua_pushnil(L)
  else lua_pushstring(L, luaString(isIp(address) ? formatHostPort(address) : 'unix'))
  return 1
}

const getpeername: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'getpeername')
  const socket = check(L)
  return pushName(L, socket.gone ? undefined : socket.remote)
}

const getsockname: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'getsockname')
  const socket = check(L)
  return pushName(L, socket.gone ? undefined : socket.local)
}

const settimeout: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'settimeout')
  const socket = socketClass.check(L, 1)
  const milliseconds = luaL_checknumber(L, 2) * 1000
  if (milliseconds < 0) throwLuaError(L, 'settimeout: cannot set negatives values')
  if (milliseconds > INT_MAX) throwLuaError(L, `settimeout: cannot set values larger than ${INT_MAX} ms`)
  check(L)
  if (socket.gone) throwLuaError(L, "socket: not yet initialised, you can't set timeouts.")
  socket.timeout = Math.max(1, Math.trunc(milliseconds))
  lua_pushinteger(L, 1)
  return 1
}

const socketClass = new LuaClass<ScriptSocket>('Socket', {
  methods: {
    connect_ssl: connectSsl,
    connect,
    send,
    receive,
    close,
    getpeername,
    getsockname,
    setoption: () => 0,
    settimeout,
  },
  metamethods: { __gc: () => 0 },
})

/** Creates a socket; in the body and in init functions, nothing is returned. */
const tcp: LuaFunction = (L) => {
  const coroutine = coroutineOf(L)
  if (!coroutine) return 0
  const { host, sockets } = stateOf(L)
  const socket = new ScriptSocket(host.thread, host.process, host.sockets, (attempt) => host.onConnection?.(attempt))
  coroutine.hasSockets = true
  sockets.add(socket)
  socketClass.push(L, socket)
  return 1
}

export const SOCKET: ApiPart = { coreFunctions: functionTable({ tcp }) }
