/**
 * The class HTTPMessage: the request or the response that a filter works on (`hlua_http_msg_…` in src/hlua.c). Its head can be changed until
 * the body is forwarded; its body only in `http_payload`. A call at another time throws what is on top of the stack, as HAProxy does.
 */
import { announceLength, sendInChunks } from '../../haproxy/streams/http/body-length.js'
import {
  replaceMethod,
  replacePath,
  replaceQuery,
  replaceStatus,
  replaceUri,
  type Rewritable,
} from '../../haproxy/streams/http/rewriting.js'
import { MessageState } from '../../haproxy/streams/http/transaction.js'
import { reasonOf, type RequestHead, type ResponseHead } from '../../http/index.js'
import { checkArgumentCount, textArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { addNamed, pushFields, removeNamed, replaceNamed, rewritable } from '../binding/message-fields.js'
import { setObject } from '../binding/object-field.js'
import { ChannelView } from '../calls/channel-view.js'
import { filterOfObject, payloadOf } from '../calls/payload-range.js'
import { MessageView } from '../calls/message-view.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { push } from '../vm/api/push.js'
import { argument, checkCString, checkInteger, checkText } from '../vm/arguments.js'
import { LuaTable } from '../vm/table.js'
import { bodyMethods } from './http-message-body.js'
import { channelMembers } from './channel-members.js'
import type { ApiPart } from './api-part.js'

const { lua_error, lua_pushboolean, lua_pushinteger, lua_tointeger, lua_type, LUA_TNUMBER, LUA_TSTRING } = lua

/** The object at argument 1, whose head was not forwarded yet. */
const checkHead = (L: lua_State): MessageView => {
  const view = messageClass.check(L, 1)
  if (view.message.state > MessageState.BODY) lua_error(L)
  return view
}

const target = ({ message, channel }: MessageView): Rewritable | undefined =>
  rewritable<RequestHead | ResponseHead>(message, channel.buffer)

const getHeaders: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'get_headers')
  return pushFields(L, target(checkHead(L)))
}

const getStartLine: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'get_stline')
  const head = target(checkHead(L))?.message.head
  if (!head) return 0
  const line =
    'method' in head
      ? { method: head.method, uri: head.uri, version: head.version }
      : { version: head.version, code: head.statusText, reason: head.reason }
  const table = new LuaTable()
  for (const [name, text] of Object.entries(line)) table.set(name, text)
  push(L, table)
  return 1
}

const deleteHeader: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'del_header')
  return removeNamed(L, target(checkHead(L)))
}

const addHeader =
  (name: string, replaces: boolean): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 3, name)
    return addNamed(L, target(checkHead(L)), replaces)
  }

const replaceHeader =
  (name: string, whole: boolean): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 4, name)
    return replaceNamed(L, target(checkHead(L)), whole)
  }

/** Replaces a part of the first line of a request; pushes whether that was possible. */
const setRequestPart =
  (name: string, replace: (request: Rewritable<RequestHead>, text: string) => boolean): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 2, name)
    const view = messageClass.check(L, 1)
    // a number becomes a string there, which is what the error is then
    const text = textArgument(L, 2)
    if (view.isResponse) lua_error(L)
    const request = target(checkHead(L)) as Rewritable<RequestHead> | undefined
    lua_pushboolean(L, request !== undefined && replace(request, text))
    return 1
  }

const setStatus: LuaFunction = (L) => {
  const view = messageClass.check(L, 1)
  const status = Number(BigInt.asUintN(32, BigInt(checkInteger(L, 2))))
  const reason = argument(L, 3) === undefined ? reasonOf(status) : checkText(L, 3)
  if (!view.isResponse) lua_error(L)
  const response = target(checkHead(L)) as Rewritable<ResponseHead> | undefined
  const isReplaced = response !== undefined && replaceStatus(response, status, reason)
  if (isReplaced) view.stream.transaction!.status = status
  lua_pushboolean(L, isReplaced)
  return 1
}

const setBodyLength: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'set_body_len')
  const view = messageClass.check(L, 1)
  if (view.message.state > MessageState.BODY)
    throwLuaError(L, "The 'set_body_len' function cannot be called during the message forwarding")
  const message = target(view)
  const type = lua_type(L, 2)
  const isChunked = type === LUA_TSTRING && checkCString(L, 2) === 'chunked'
  const length = type === LUA_TNUMBER ? lua_tointeger(L, 2) : -1
  if (!isChunked && length < 0)
    throwLuaError(L, "The 'set_body_len' function expects a positive integer or the string 'chunked' as argument.")
  lua_pushboolean(L, message !== undefined && (isChunked ? sendInChunks(message) : announceLength(message, length)))
  return 1
}

const isComplete: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'may_recv')
  lua_pushboolean(L, messageClass.check(L, 1).channel.buffer.isComplete)
  return 1
}

/** What there is of the message, heads included: while it is forwarded, what the filter is offered. */
const lengths = (L: lua_State): { readonly offset: number; readonly length: number } => {
  const { message, channel } = messageClass.check(L, 1)
  const filter = filterOfObject(L)
  if (filter && message.state >= MessageState.DATA) return payloadOf(filter, channel)
  return { offset: channel.buffer.outputData, length: channel.buffer.inputData }
}

const inputLength: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'input')
  lua_pushinteger(L, lengths(L).length)
  return 1
}

const outputLength: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'output')
  lua_pushinteger(L, lengths(L).offset)
  return 1
}

/** Declares the message complete, or incomplete. */
const setComplete =
  (value: boolean): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 1, 'set_eom')
    messageClass.check(L, 1).channel.buffer.isComplete = value
    return 0
  }

const messageClass: LuaClass<MessageView> = new LuaClass<MessageView>('HTTPMessage', {
  type: MessageView,
  ownUserdata: true,
  initialize(L, { stream, isResponse: ofResponse }) {
    setObject(L, 'channel', new ChannelView(stream, ofResponse))
  },
  methods: {
    get_stline: getStartLine,
    get_headers: getHeaders,
    del_header: deleteHeader,
    rep_header: replaceHeader('rep_header', true),
    rep_value: replaceHeader('rep_value', false),
    add_header: addHeader('add_header', false),
    set_header: addHeader('set_header', true),
    set_method: setRequestPart('set_method', replaceMethod),
    set_path: setRequestPart('set_path', (request, path) => replacePath(request, path, false)),
    set_query: setRequestPart('set_query', (request, query) => replaceQuery(request, `?${query}`)),
    set_uri: setRequestPart('set_uri', replaceUri),
    set_status: setStatus,
    set_body_len: setBodyLength,
    ...channelMembers((L) => messageClass.check(L, 1)),
    eom: isComplete,
    input: inputLength,
    output: outputLength,
    set_eom: setComplete(true),
    unset_eom: setComplete(false),
    ...bodyMethods((L) => messageClass.check(L, 1)),
  },
})

export const HTTP_MESSAGE: ApiPart = { class: messageClass }
