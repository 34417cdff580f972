/** The class TXN: the request or connection that a function is called for (`hlua_txn_…` in src/hlua.c). */
import { LOG_LEVELS } from '../../config/model/log.js'
import { countFrontend } from '../../haproxy/streams/counting.js'
import { closeChannels, closeWithoutReply } from '../../haproxy/streams/http/replies.js'
import { limitedClass, limitedOffset } from '../../haproxy/streams/priority.js'
import { checkArgumentCount, intArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { removeField, setObject } from '../binding/object-field.js'
import { pushPrivateData, setPrivateData } from '../binding/private-data.js'
import { HttpMessages, Txn } from '../calls/txn.js'
import { lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf } from '../host/yielding.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'
import { ChannelView } from '../calls/channel-view.js'
import { MessageView } from '../calls/message-view.js'
import { sendLog } from './core-log.js'
import { makeReply, sendReplyTable } from './reply.js'
import { setSampleFields } from './sample-fields.js'
import { variableMembers } from './variable-members.js'

const { lua_error, lua_gettop, lua_istable, lua_pushinteger, lua_settop } = lua
const { luaL_argerror, luaL_checkstring } = lauxlib

/** Results of actions. */
const ABORT = 6
const ERROR = 3
/** The result of a callback of a filter. */
const FILTER_ERROR = -1

/** Ends the call with a result, as `core.done` does. */
const endCall = (L: lua_State, result?: number): number => {
  coroutineOf(L)?.exit()
  if (result !== undefined) lua_pushinteger(L, result)
  return lua_error(L)
}

/** `done([reply])`: the reply is sent and the stream ends; fetches end the call only. */
const done: LuaFunction = (L) => {
  const txn = txnClass.check(L, 1)
  if (!txn.mayEnd) return endCall(L)
  const { stream, direction } = txn
  const ended = txn.isOfFilter ? FILTER_ERROR : ABORT
  if (!stream.isHttp) {
    closeChannels(stream)
    stream.endBy('L')
    stream.endIn(direction === 'request' ? 'R' : 'D')
    return endCall(L, ended)
  }
  if (lua_gettop(L) === 1 || !lua_istable(L, 2)) {
    stream.transaction!.status = 0
    closeWithoutReply(stream)
  } else {
    lua_settop(L, 2)
    if (!sendReplyTable(L, stream)) {
      stream.endBy('P')
      return endCall(L, ERROR)
    }
  }
  if (direction === 'request') {
    stream.times.requestAt = stream.now
    if (stream.session.frontend === stream.backend) countFrontend(stream, 'interceptedRequests')
  }
  stream.endBy('L')
  stream.endIn(direction === 'request' ? 'R' : 'H')
  return endCall(L, ended)
}

const reply: LuaFunction = (L) => {
  const { stream } = txnClass.check(L, 1)
  if (!stream.isHttp) throwLuaError(L, 'txn object is not an HTTP transaction.')
  return makeReply(L)
}

/** The private data of a script are those of its coroutine: all functions of the same state see them. */
const setPriv: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'set_priv')
  txnClass.check(L, 1)
  const coroutine = coroutineOf(L)
  return coroutine ? setPrivateData(L, coroutine) : 0
}

const getPriv: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'get_priv')
  txnClass.check(L, 1)
  return pushPrivateData(L, coroutineOf(L))
}

const setLogLevel: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'set_loglevel')
  const { stream } = txnClass.check(L, 1)
  const level = intArgument(L, 2)
  if (level < -1 || level > LOG_LEVELS.length)
    luaL_argerror(
      L,
      2,
      luaString(
        'Bad log level. It must be one of the following value: core.silent(-1), core.emerg(0), core.alert(1), ' +
          'core.crit(2), core.error(3), core.warning(4), core.notice(5), core.info(6) or core.debug(7)',
      ),
    )
  stream.logLevel = level === -1 ? 'silent' : level
  return 0
}

/** Packets have no marks here. */
const ignored =
  (name: string): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 2, name)
    txnClass.check(L, 1)
    intArgument(L, 2)
    return 0
  }

const setPriorityClass: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'set_priority_class')
  txnClass.check(L, 1).stream.priorityClass = limitedClass(intArgument(L, 2))
  return 0
}

const setPriorityOffset: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'set_priority_offset')
  txnClass.check(L, 1).stream.priorityOffset = limitedOffset(intArgument(L, 2))
  return 0
}

const log: LuaFunction = (L) => {
  checkArgumentCount(L, 3, 'log')
  const { stream } = txnClass.check(L, 1)
  const level = intArgument(L, 2)
  const message = luaL_checkstring(L, 3)
  if (level < 0 || level >= LOG_LEVELS.length) luaL_argerror(L, 1, 'Invalid loglevel.')
  sendLog(stateOf(L).host, level, message, stream.backend)
  return 0
}

/** With the level of the log line of the stream, which HAProxy keeps plus one, and as 0 where it is not set. */
const logAtDefault: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'deflog')
  const { stream } = txnClass.check(L, 1)
  const message = luaL_checkstring(L, 2)
  const { logLevel } = stream
  if (logLevel !== 'silent')
    sendLog(stateOf(L).host, logLevel === undefined ? 0 : logLevel + 1, message, stream.backend)
  return 0
}

const logAt =
  (level: number, name: string): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 2, name)
    const { stream } = txnClass.check(L, 1)
    sendLog(stateOf(L).host, level, luaL_checkstring(L, 2), stream.backend)
    return 0
  }

/** Sets the objects that belong to a transaction as its fields. */
const setFields = (L: lua_State, txn: Txn): void => {
  setSampleFields(L, txn, true)
  setObject(L, 'req', new ChannelView(txn.stream, false))
  setObject(L, 'res', new ChannelView(txn.stream, true))
  if (txn.stream.isHttp) setObject(L, 'http', new HttpMessages(txn))
  else removeField(L, 'http')
  if (!txn.isOfFilter || txn.proxy.mode !== 'http' || !txn.stream.transaction) return
  setObject(L, 'http_req', new MessageView(txn.stream, false))
  setObject(L, 'http_res', new MessageView(txn.stream, true))
}

const txnClass: LuaClass<Txn> = new LuaClass<Txn>('TXN', {
  type: Txn,
  ownUserdata: true,
  ownFields: ['f', 'sf', 'c', 'sc', 'req', 'res', 'http'],
  initialize: setFields,
  methods: {
    set_priv: setPriv,
    get_priv: getPriv,
    ...variableMembers((L) => txnClass.check(L, 1).stream),
    done,
    reply,
    set_fc_mark: ignored('set_fc_mark'),
    set_fc_tos: ignored('set_fc_tos'),
    set_loglevel: setLogLevel,
    set_mark: ignored('set_fc_mark'),
    set_tos: ignored('set_fc_tos'),
    set_priority_class: setPriorityClass,
    set_priority_offset: setPriorityOffset,
    deflog: logAtDefault,
    log,
    Debug: logAt(7, 'Debug'),
    Info: logAt(6, 'Info'),
    Warning: logAt(4, 'Warning'),
    Alert: logAt(1, 'Alert'),
  },
})

export const TXN: ApiPart = { class: txnClass }
