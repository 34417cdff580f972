/** The class HTTPClient: requests of scripts to other servers (`hlua_httpclient_…` in src/hlua.c). */
import { fromByteString } from '../../bytes/text.js'
import { MILLISECOND } from '../../engine/clock.js'
import { Wake } from '../../engine/task.js'
import type { ClientField, HttpClient } from '../../haproxy/applets/httpclient/index.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { headerTable } from '../binding/message-fields.js'
import { tableEntries } from '../binding/table-entries.js'
import { lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import type { Coroutine } from '../host/coroutine.js'
import { stateOf } from '../host/script-state.js'
import { coroutineOf, yieldUntil } from '../host/yielding.js'
import { push } from '../vm/api/push.js'
import { argument } from '../vm/arguments.js'
import { cString } from '../vm/bytes.js'
import { charge } from '../vm/hook.js'
import { numberText, toInteger } from '../vm/number-text.js'
import { notEnoughMemory } from '../vm/operations.js'
import { LuaTable } from '../vm/table.js'
import type { LuaValue } from '../vm/value.js'
import type { ApiPart } from './api-part.js'

const { lua_error, lua_gettop } = lua

/** A request of a script. It ends with the coroutine that has created it. */
class ScriptClient {
  /** byte strings: the body to be sent, and what was received of that of the response */
  body = ''
  sent = 0
  readonly received: string[] = []
  receivedLength = 0

  constructor(
    readonly client: HttpClient,
    readonly coroutine: Coroutine,
  ) {
    client.onProgress = (progress) => {
      if (progress === 'end') coroutine.disown(this)
      this.wake()
    }
    client.onRoom = () => this.wake()
    coroutine.own(this)
  }

  wake(): void {
    this.coroutine.task.wake(Wake.MESSAGE)
  }

  release(): void {
    this.client.stop()
  }
}

const httpclient: LuaFunction = (L) => {
  const coroutine = coroutineOf(L)
  if (!coroutine) return 0
  const client = stateOf(L).host.process.httpClients.create()
  if (!client) {
    // HAProxy's error is the incomplete object
    push(L, new LuaTable())
    return lua_error(L)
  }
  clientClass.push(L, new ScriptClient(client, coroutine))
  return 1
}

/** A string, or a number as text; undefined for other values (`lua_tostring`). */
const textOf = (value: LuaValue): string | undefined => (typeof value === 'string' ? value : numberText(value))

/** The fields of a table of lists. Entries that are not lists, and values that are not strings, are ignored. */
const fieldsOf = (L: lua_State, headers: LuaTable): ClientField[] => {
  const fields: ClientField[] = []
  for (const [key, values] of tableEntries(headers)) {
    const name = textOf(key)
    if (name === undefined || !(values instanceof LuaTable)) continue
    for (const [, each] of tableEntries(values)) {
      const value = textOf(each)
      if (value !== undefined) fields.push([name, value])
    }
    // HAProxy replaces the key by its text, with which it looks for the next one
    if (typeof key !== 'string') throwUnplaced(L, "invalid key to 'next'")
  }
  return fields
}

const throwUnplaced = (L: lua_State, text: string): never => {
  push(L, text)
  return lua_error(L) as never
}

/** What the table of arguments says. */
interface Request {
  url: string | undefined
  body: string
  fields: ClientField[]
}

const readArguments = (L: lua_State, { client }: ScriptClient): Request => {
  const request: Request = { url: undefined, body: '', fields: [] }
  for (const [key, value] of tableEntries(argument(L, 2) as LuaTable)) {
    const name = cString(textOf(key) ?? '(null)')
    switch (name) {
      case 'dst':
        if (!client.setDestination(fromByteString(cString(textOf(value) ?? ''))))
          throwLuaError(L, "Can't use the 'dst' argument")
        break
      case 'url':
        if (typeof value !== 'string') throwLuaError(L, "invalid parameter in 'url', must be a string")
        request.url = cString(value as string)
        break
      case 'timeout':
        if (typeof value === 'string' || numberText(value) === undefined)
          throwLuaError(L, "invalid parameter in 'timeout', must be a number")
        client.timeout = Number(BigInt.asIntN(32, BigInt(toInteger(value) ?? 0))) * MILLISECOND
        break
      case 'headers':
        if (!(value instanceof LuaTable)) throwLuaError(L, "invalid parameter in 'headers', must be a table")
        request.fields = fieldsOf(L, value as LuaTable)
        break
      case 'body':
        if (typeof value !== 'string') throwLuaError(L, "invalid parameter in 'body', must be a string")
        request.body = value as string
        break
      default:
        throwLuaError(L, `'${fromByteString(name)}' invalid parameter name`)
    }
  }
  return request
}

/** Sends a request and returns its response. HAProxy's messages call all methods `get`. */
const send =
  (method: string): LuaFunction =>
  (L) => {
    if (!coroutineOf(L)) return throwLuaError(L, NOT_ALLOWED)
    if (lua_gettop(L) !== 2 || !(argument(L, 2) instanceof LuaTable))
      return throwLuaError(L, "'get' needs a table as argument")
    const script = clientClass.check(L, 1)
    const { client } = script
    if (client.hasStarted)
      return throwLuaError(L, 'httpclient instance cannot be reused. It must process at most one request')
    const { url, body, fields } = readArguments(L, script)
    if (url === undefined) return throwLuaError(L, "'get' need a 'url' argument")
    script.body = body
    const problem = client.start({ method, url, fields, hasBody: body !== '' })
    if (problem === 'invalid request') return throwLuaError(L, "Can't generate the HTTP request")
    if (problem) return throwLuaError(L, "couldn't start the httpclient")
    return yieldUntil(L, sendMore, undefined)
  }

const NOT_ALLOWED = "The 'get' function is only allowed in 'frontend', 'backend' or 'task'"

/** Gives as much of the body as there is room for. */
const sendMore: LuaContinuation = (L) => {
  const script = clientClass.check(L, 1)
  const { client, body } = script
  if (body !== '') {
    script.sent += client.send(body.slice(script.sent), true)
    if (script.sent < body.length && !client.hasEnded) return yieldUntil(L, sendMore, undefined)
  }
  script.wake()
  return yieldUntil(L, receiveMore, undefined)
}

/** Takes what was received; returns the response once it is complete. */
const receiveMore: LuaContinuation = (L) => {
  const script = clientClass.check(L, 1)
  const { client, received } = script
  const part = client.take()
  charge(L, part.length)
  received.push(part)
  script.receivedLength += part.length
  if (script.receivedLength > stateOf(L).memory.limit) {
    script.release()
    received.length = 0
    return notEnoughMemory(L)
  }
  if (!client.hasEnded || client.hasData) return yieldUntil(L, receiveMore, undefined)
  const response = new LuaTable()
  response.set('body', received.join(''))
  response.set('status', client.status)
  response.set('reason', client.reason)
  response.set('headers', headerTable(client.fields.map(([name, value]) => ({ name, value }))))
  push(L, response)
  return 1
}

const clientClass = new LuaClass<ScriptClient>('HTTPClient', {
  type: ScriptClient,
  methods: { get: send('GET'), head: send('HEAD'), put: send('PUT'), post: send('POST'), delete: send('DELETE') },
  metamethods: { __gc: () => 0 },
})

export const HTTP_CLIENT: ApiPart = {
  class: clientClass,
  coreFunctions: functionTable({ httpclient }),
}
