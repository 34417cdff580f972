/**
 * The class Channel: what is received from one side of a stream and not yet sent to the other (`hlua_channel_…` in src/hlua.c). Actions see
 * all input, payload callbacks of filters what they are offered. Functions that wait for data, or for room, yield where that is possible.
 */
import { checkArgumentCount, textArgument } from '../binding/arguments.js'
import { throwLuaError, throwMessage } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { ChannelView } from '../calls/channel-view.js'
import {
  filterOfObject,
  lengthWithin,
  payloadOf,
  rangeOf,
  startArgument,
  startWithin,
  wantedLength,
  type PayloadRange,
} from '../calls/payload-range.js'
import { lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf, yieldUntil } from '../host/yielding.js'
import { push } from '../vm/api/push.js'
import { checkInteger } from '../vm/arguments.js'
import { channelMembers } from './channel-members.js'
import type { ApiPart } from './api-part.js'

const { lua_gettop, lua_pushinteger, lua_pushnil } = lua

/** Throws if the channel has messages. */
const requireBytes = (L: lua_State, { stream }: ChannelView): void => {
  if (stream.isHttp) throwMessage(L, 'Cannot manipulate HAProxy channels in HTTP mode.')
}

/** The object at argument 1, in mode tcp. */
const checkBytes = (L: lua_State): ChannelView => {
  const view = channelClass.check(L, 1)
  requireBytes(L, view)
  return view
}

const checkCountBetween = (L: lua_State, least: number, most: number, message: string): void => {
  const count = lua_gettop(L)
  if (count < least || count > most) throwLuaError(L, message)
}

/** Whether the call can wait until more is received. */
const mayWait = (L: lua_State, view: ChannelView): boolean => coroutineOf(L)?.mayYield === true && view.mayReceive

const copy = ({ channel }: ChannelView, start: number, length: number): string =>
  channel.buffer.copy(start, length) ?? ''

/** What `data` and `line` return at the end of the input: the rest from `start` on, '' beyond it, nil if there is no input at all. */
const pushRest = (L: lua_State, view: ChannelView, start: number, { offset, length }: PayloadRange): 1 => {
  if (length === 0) lua_pushnil(L)
  else push(L, copy(view, start, Math.max(0, offset + length - start)))
  return 1
}

const data: LuaFunction = (L) => {
  checkCountBetween(L, 1, 3, "'data' expects at most 2 arguments")
  checkBytes(L)
  return dataOrWait(L, 0, 0)
}

const dataOrWait: LuaContinuation = (L) => {
  const view = channelClass.check(L, 1)
  const range = rangeOf(L, view.channel)
  const start = startArgument(L, 2, range)
  const rest = range.offset + range.length - start
  if (rest > 0) {
    const length = lua_gettop(L) === 3 ? wantedLength(L, 3, view.channel.buffer.size) : rest
    if (length <= rest) {
      push(L, copy(view, start, length))
      return 1
    }
  }
  return mayWait(L, view) ? yieldUntil(L, dataOrWait, undefined) : pushRest(L, view, start, range)
}

const line: LuaFunction = (L) => {
  checkCountBetween(L, 1, 3, "'line' expects at most 2 arguments")
  checkBytes(L)
  return lineOrWait(L, 0, 0)
}

const lineOrWait: LuaContinuation = (L) => {
  const view = channelClass.check(L, 1)
  const range = rangeOf(L, view.channel)
  const start = startArgument(L, 2, range)
  const rest = range.offset + range.length - start
  if (rest >= 0) {
    const isLimited = lua_gettop(L) === 3
    const length = isLimited ? wantedLength(L, 3, view.channel.buffer.size) : rest
    const text = copy(view, start, Math.min(length, rest))
    const end = text.indexOf('\n')
    if (end >= 0 || (isLimited && length <= rest)) {
      push(L, end < 0 ? text : text.slice(0, end + 1))
      return 1
    }
  }
  return mayWait(L, view) ? yieldUntil(L, lineOrWait, undefined) : pushRest(L, view, start, range)
}

/** Removes data that a call returns. What HAProxy takes a filter for having been offered stays the same. */
const take = (view: ChannelView, start: number, length: number): string => {
  const text = copy(view, start, length)
  view.channel.buffer.remove(start, length)
  return text
}

/** `dup` and `get`: all input, or nil once the input is empty and closed. */
const all =
  (name: string, isTaken: boolean): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 1, name)
    const view = checkBytes(L)
    const range = rangeOf(L, view.channel)
    if (!view.channel.buffer.hasInput && view.isInputClosed) lua_pushnil(L)
    else push(L, (isTaken ? take : copy)(view, range.offset, range.length))
    return 1
  }

const getline: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'getline')
  checkBytes(L)
  return getlineOrWait(L, 0, 0)
}

const getlineOrWait: LuaContinuation = (L) => {
  const view = channelClass.check(L, 1)
  const range = rangeOf(L, view.channel)
  if (!view.channel.buffer.hasInput && view.isInputClosed) {
    lua_pushnil(L)
    return 1
  }
  const end = copy(view, range.offset, range.length).indexOf('\n')
  if (end < 0 && mayWait(L, view)) return yieldUntil(L, getlineOrWait, undefined)
  push(L, take(view, range.offset, end < 0 ? range.length : end + 1))
  return 1
}

/** Inserts bytes. Returns how many; -1: there is no room. */
const insertAt = ({ channel }: ChannelView, start: number, text: string, { filter }: PayloadRange): number => {
  if (text.length > channel.buffer.dataRoom) return -1
  if (text === '') return 0
  channel.buffer.insert(start, text)
  filter?.resize(channel, text.length)
  return text.length
}

/** `append` and `prepend`, which do the same in HAProxy: the bytes come first. */
const insertFirst =
  (name: string): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 2, name)
    const view = channelClass.check(L, 1)
    const text = textArgument(L, 2)
    requireBytes(L, view)
    const range = rangeOf(L, view.channel)
    lua_pushinteger(L, insertAt(view, range.offset, text, range))
    return 1
  }

const insert: LuaFunction = (L) => {
  checkCountBetween(L, 2, 3, "'insert' expects at least 1 argument and at most 2 arguments")
  const view = channelClass.check(L, 1)
  const text = textArgument(L, 2)
  const range = rangeOf(L, view.channel)
  const start = startWithin(L, 3, range)
  requireBytes(L, view)
  lua_pushinteger(L, insertAt(view, start, text, range))
  return 1
}

const set: LuaFunction = (L) => {
  checkCountBetween(L, 2, 4, "'set' expects at least 1 argument and at most 3 arguments")
  const view = channelClass.check(L, 1)
  const text = textArgument(L, 2)
  requireBytes(L, view)
  const range = rangeOf(L, view.channel)
  const start = startWithin(L, 3, range)
  const length = lengthWithin(L, 4, start, range)
  const { buffer } = view.channel
  if (text.length > buffer.dataRoom + length) lua_pushinteger(L, -1)
  else {
    buffer.remove(start, length)
    if (text !== '') buffer.insert(start, text)
    range.filter?.resize(view.channel, text.length - length)
    lua_pushinteger(L, text.length)
  }
  return 1
}

const remove: LuaFunction = (L) => {
  checkCountBetween(L, 1, 3, "'remove' expects at most 2 arguments")
  const view = checkBytes(L)
  const range = rangeOf(L, view.channel)
  const start = startWithin(L, 2, range)
  const length = lengthWithin(L, 3, start, range)
  view.channel.buffer.remove(start, length)
  range.filter?.resize(view.channel, -length)
  lua_pushinteger(L, length)
  return 1
}

const send: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'send')
  checkBytes(L)
  lua_pushinteger(L, 0)
  return sendMore(L, 0, 0)
}

/** @param done bytes that were sent before it has yielded; HAProxy sends the first bytes of the string again all the same */
const sendMore: LuaContinuation = (L, _status, done) => {
  if (!coroutineOf(L)) {
    lua_pushnil(L)
    return 1
  }
  const view = channelClass.check(L, 1)
  const text = textArgument(L, 2)
  const { filter, offset } = rangeOf(L, view.channel)
  const { buffer } = view.channel
  const room = buffer.dataRoom
  // filters can send only what fills the buffer
  if (view.isOutputClosed || (filter && room > text.length - done)) {
    lua_pushinteger(L, -1)
    return 1
  }
  const part = text.slice(0, Math.min(room, text.length - done))
  if (part !== '') {
    buffer.insert(offset, part)
    if (filter) filter.sent(view.channel, part.length)
    else buffer.advance(part.length)
  }
  const sent = done + part.length
  if (sent < text.length && buffer.outputData > 0 && coroutineOf(L)!.mayYield)
    return yieldUntil(L, sendMore, undefined, { context: sent })
  lua_pushinteger(L, sent)
  return 1
}

const forward: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'forward')
  checkBytes(L)
  lua_pushinteger(L, 0)
  return forwardMore(L, 0, 0)
}

/** @param done bytes that were forwarded before it has yielded */
const forwardMore: LuaContinuation = (L, _status, done) => {
  if (!coroutineOf(L)) {
    lua_pushnil(L)
    return 1
  }
  const view = channelClass.check(L, 1)
  const argument = Number(checkInteger(L, 2))
  // as an unsigned number
  const wanted = argument < 0 ? Infinity : argument
  const { length, filter } = rangeOf(L, view.channel)
  const bytes = Math.min(wanted - done, length)
  if (filter) filter.forward(view.channel, bytes)
  else view.channel.buffer.advance(bytes)
  const forwarded = done + bytes
  if (forwarded < wanted && !view.isInputClosed && !view.isOutputClosed && coroutineOf(L)!.mayYield)
    return yieldUntil(L, forwardMore, undefined, { context: forwarded })
  lua_pushinteger(L, forwarded)
  return 1
}

/** What there is of a kind of data. In a filter of HTTP that is not offered a payload, HAProxy takes the whole buffer for data. */
const lengths = (
  L: lua_State,
  { stream, channel }: ChannelView,
): { readonly input: number; readonly output: number } => {
  const filter = filterOfObject(L)
  const { buffer } = channel
  if (filter?.isInPayload) {
    const { offset, length } = payloadOf(filter, channel)
    return { input: length, output: offset }
  }
  const output = buffer.outputData
  if (!filter || !stream.isHttp) return { input: buffer.inputData, output }
  return { input: buffer.isEmpty ? 0 : buffer.size - output, output }
}

const inputLength: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'input')
  lua_pushinteger(L, lengths(L, channelClass.check(L, 1)).input)
  return 1
}

const outputLength: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'output')
  lua_pushinteger(L, lengths(L, channelClass.check(L, 1)).output)
  return 1
}

const channelClass: LuaClass<ChannelView> = new LuaClass<ChannelView>('Channel', {
  type: ChannelView,
  ownUserdata: true,
  methods: {
    data,
    line,
    set,
    remove,
    append: insertFirst('append'),
    prepend: insertFirst('prepend'),
    insert,
    send,
    forward,
    input: inputLength,
    output: outputLength,
    ...channelMembers((L) => channelClass.check(L, 1)),
    // deprecated
    get: all('get', true),
    dup: all('dup', false),
    getline,
    get_in_len: inputLength,
    get_out_len: outputLength,
  },
})

export const CHANNEL: ApiPart = { class: channelClass }
