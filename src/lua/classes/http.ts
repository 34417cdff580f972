/** The class HTTP: the head of the message that a function is called for (`hlua_http_…` in src/hlua.c). */
import { reasonOf, type RequestHead, type ResponseHead } from '../../http/index.js'
import {
  replaceMethod,
  replacePath,
  replaceQuery,
  replaceStatus,
  replaceUri,
  type Rewritable,
} from '../../haproxy/streams/http/rewriting.js'
import { checkArgumentCount, textArgument } from '../binding/arguments.js'
import { LuaClass } from '../binding/lua-class.js'
import { addNamed, pushFields, removeNamed, replaceNamed, rewritable } from '../binding/message-fields.js'
import { HttpMessages } from '../calls/txn.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { argument, checkCString, checkInteger } from '../vm/arguments.js'
import type { ApiPart } from './api-part.js'

const { lua_error, lua_pushboolean } = lua

type Direction = 'request' | 'response'

/** The object at argument 1; throws what is on top of the stack, as HAProxy does, if it is called for the other message. */
const check = (L: lua_State, direction: Direction): HttpMessages['txn'] => {
  const { txn } = httpClass.check(L, 1)
  if (txn.direction !== direction) lua_error(L)
  return txn
}

const requestAt = (L: lua_State): Rewritable<RequestHead> | undefined => {
  const { stream } = check(L, 'request')
  return rewritable(stream.transaction!.request, stream.request.buffer)
}

const responseAt = (L: lua_State): Rewritable<ResponseHead> | undefined => {
  const { stream } = check(L, 'response')
  return rewritable(stream.transaction!.response, stream.response.buffer)
}

const messageAt = (L: lua_State, direction: Direction): Rewritable | undefined =>
  (direction === 'request' ? requestAt(L) : responseAt(L)) as Rewritable | undefined

const getHeaders =
  (direction: Direction, name: string): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 1, name)
    return pushFields(L, messageAt(L, direction))
  }

const deleteHeader =
  (direction: Direction, name: string): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 2, name)
    return removeNamed(L, messageAt(L, direction))
  }

const addHeader =
  (direction: Direction, name: string, replaces: boolean): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 3, name)
    return addNamed(L, messageAt(L, direction), replaces)
  }

const replaceHeader =
  (direction: Direction, name: string, whole: boolean): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 4, name)
    return replaceNamed(L, messageAt(L, direction), whole)
  }

/** Replaces a part of the first line of the request; pushes whether that was possible. */
const setRequestPart =
  (replace: (request: Rewritable<RequestHead>, text: string) => boolean): LuaFunction =>
  (L) => {
    httpClass.check(L, 1)
    const text = textArgument(L, 2)
    const request = requestAt(L)
    lua_pushboolean(L, request !== undefined && replace(request, text))
    return 1
  }

const setStatus: LuaFunction = (L) => {
  httpClass.check(L, 1)
  const status = Number(BigInt.asUintN(32, BigInt(checkInteger(L, 2))))
  const reason = argument(L, 3) === undefined ? reasonOf(status) : checkCString(L, 3)
  const { transaction } = check(L, 'response').stream
  const response = responseAt(L)
  if (response && replaceStatus(response, status, reason)) transaction!.status = status
  return 0
}

const httpClass: LuaClass<HttpMessages> = new LuaClass<HttpMessages>('HTTP', {
  type: HttpMessages,
  ownUserdata: true,
  methods: {
    req_get_headers: getHeaders('request', 'req_get_headers'),
    req_del_header: deleteHeader('request', 'req_del_hdr'),
    req_rep_header: replaceHeader('request', 'req_rep_hdr', true),
    req_rep_value: replaceHeader('request', 'req_rep_hdr', false),
    req_add_header: addHeader('request', 'req_add_hdr', false),
    req_set_header: addHeader('request', 'req_set_hdr', true),
    req_set_method: setRequestPart(replaceMethod),
    req_set_path: setRequestPart((request, path) => replacePath(request, path, false)),
    req_set_query: setRequestPart((request, query) => replaceQuery(request, `?${query}`)),
    req_set_uri: setRequestPart(replaceUri),
    res_get_headers: getHeaders('response', 'res_get_headers'),
    res_del_header: deleteHeader('response', 'res_del_hdr'),
    res_rep_header: replaceHeader('response', 'res_rep_hdr', true),
    res_rep_value: replaceHeader('response', 'res_rep_val', false),
    res_add_header: addHeader('response', 'res_add_hdr', false),
    res_set_header: addHeader('response', 'res_set_hdr', true),
    res_set_status: setStatus,
  },
})

export const HTTP: ApiPart = { class: httpClass }
