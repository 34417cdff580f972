/** The body of an HTTPMessage, which filters read and change in `http_payload` (`hlua_http_msg_get_body` and those after it in src/hlua.c). */
import { MessageState } from '../../haproxy/streams/http/transaction.js'
import { checkArgumentCount, intArgument, textArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import type { LuaFilter } from '../calls/lua-filter.js'
import type { MessageView } from '../calls/message-view.js'
import {
  filterOfObject,
  lengthWithin,
  payloadOf,
  startWithin,
  wantedLength,
  type PayloadRange,
} from '../calls/payload-range.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { push } from '../vm/api/push.js'

const { lua_error, lua_gettop, lua_pushinteger, lua_pushnil } = lua

/** What a call works on. */
interface Body extends PayloadRange {
  readonly view: MessageView
  readonly filter: LuaFilter
}

/** Inserts data at `start`; beyond the end, appends it to the body. Returns its length, or -1 without room for it. */
const insertAt = ({ view: { channel }, filter }: Body, start: number, text: string): number => {
  if (text === '') return 0
  if (text.length > channel.buffer.dataRoom) return -1
  channel.buffer.insert(start, text)
  filter.resize(channel, text.length)
  return text.length
}

const removeAt = ({ view: { channel }, filter }: Body, start: number, length: number): void => {
  filter.resize(channel, -channel.buffer.remove(start, length))
}

/** @param check the object at argument 1; throws if it is of another class */
export const bodyMethods = (check: (L: lua_State) => MessageView): Readonly<Record<string, LuaFunction>> => {
  /** The object of a message that is being forwarded. */
  const checkForwarded = (L: lua_State): MessageView => {
    const view = check(L)
    if (view.message.state < MessageState.DATA) lua_error(L)
    return view
  }

  /** What the payload callback of the filter is offered. */
  const bodyOf = (L: lua_State, view: MessageView): Body => {
    const filter = filterOfObject(L)
    if (filter?.isInPayload !== true) return lua_error(L) as never
    return { ...payloadOf(filter, view.channel), filter, view }
  }

  const checkCountBetween = (L: lua_State, least: number, most: number, message: string): void => {
    const count = lua_gettop(L)
    if (count < least || count > most) throwLuaError(L, message)
  }

  const body: LuaFunction = (L) => {
    checkCountBetween(L, 1, 3, "'data' expects at most 2 arguments")
    const view = checkForwarded(L)
    const range = bodyOf(L, view)
    const { buffer } = view.channel
    if (!buffer.hasInput && view.isInputClosed) {
      lua_pushnil(L)
      return 1
    }
    const start = startWithin(L, 2, range)
    const length = lua_gettop(L) === 3 ? wantedLength(L, 3, buffer.size) : range.offset + range.length - start
    const text = buffer.copy(start, length)
    if (text === undefined || text === '') lua_pushnil(L)
    else push(L, text)
    return 1
  }

  const insertEnd =
    (name: string, isAtEnd: boolean): LuaFunction =>
    (L) => {
      checkArgumentCount(L, 2, name)
      const view = checkForwarded(L)
      const text = textArgument(L, 2)
      const range = bodyOf(L, view)
      lua_pushinteger(L, insertAt(range, range.offset + (isAtEnd ? range.length : 0), text))
      return 1
    }

  const insert: LuaFunction = (L) => {
    checkCountBetween(L, 2, 3, "'insert' expects at least 1 argument and at most 2 arguments")
    const view = checkForwarded(L)
    const text = textArgument(L, 2)
    const range = bodyOf(L, view)
    lua_pushinteger(L, insertAt(range, startWithin(L, 3, range), text))
    return 1
  }

  const remove: LuaFunction = (L) => {
    checkCountBetween(L, 1, 3, "'remove' expects at most 2 arguments")
    const range = bodyOf(L, checkForwarded(L))
    const start = startWithin(L, 2, range)
    const length = lengthWithin(L, 3, start, range)
    if (length > 0) removeAt(range, start, length)
    lua_pushinteger(L, length)
    return 1
  }

  const set: LuaFunction = (L) => {
    checkCountBetween(L, 2, 4, "'set' expects at least 1 argument and at most 3 arguments")
    const view = checkForwarded(L)
    const text = textArgument(L, 2)
    const range = bodyOf(L, view)
    const start = startWithin(L, 3, range)
    const length = lengthWithin(L, 4, start, range)
    if (text.length > view.channel.buffer.dataRoom + length) lua_pushinteger(L, -1)
    else {
      removeAt(range, start, length)
      lua_pushinteger(L, insertAt(range, start, text))
    }
    return 1
  }

  const send: LuaFunction = (L) => {
    checkArgumentCount(L, 2, 'send')
    const view = checkForwarded(L)
    const text = textArgument(L, 2)
    const { filter, offset } = bodyOf(L, view)
    const { buffer } = view.channel
    if (view.isOutputClosed || text.length > buffer.dataRoom) lua_pushinteger(L, -1)
    else {
      if (text !== '') {
        buffer.insert(offset, text)
        filter.sent(view.channel, text.length)
      }
      lua_pushinteger(L, text.length)
    }
    return 1
  }

  const forward: LuaFunction = (L) => {
    checkArgumentCount(L, 2, 'forward')
    const view = checkForwarded(L)
    const wanted = intArgument(L, 2)
    const { filter, length } = bodyOf(L, view)
    if (wanted !== 0 && view.isOutputClosed) lua_pushinteger(L, -1)
    else {
      const bytes = wanted < 0 ? length : Math.min(wanted, length)
      filter.forward(view.channel, bytes)
      lua_pushinteger(L, bytes)
    }
    return 1
  }

  return {
    body,
    set,
    remove,
    append: insertEnd('append', true),
    prepend: insertEnd('prepend', false),
    insert,
    send,
    forward,
  }
}
