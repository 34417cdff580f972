/** The head of the response of a service, made from the fields that a script has set (`hlua_applet_http_send_response` in src/hlua.c). */
import { lowerCase } from '../../http/characters.js'
import { BLOCK_SIZE } from '../../http/h1/limits.js'
import { parseContentLength, parseTransferEncoding } from '../../http/h1/framing.js'
import { Flag, type Flags } from '../../http/h1/states.js'
import { Fields, reasonOf, type BodyKind, type ResponseHead } from '../../http/index.js'
import { throwLuaError } from '../binding/errors.js'
import type { HttpServiceCall } from '../calls/http-service.js'
import type { lua_State } from '../fengari.js'
import { tableEntries } from '../binding/table-entries.js'
import { numberText, toInteger } from '../vm/number-text.js'
import { LuaTable } from '../vm/table.js'
import { plainTypeName } from '../vm/type-of.js'
import type { LuaValue } from '../vm/value.js'

/** Lengths of names and values at most, in bytes. */
const LONGEST_NAME = 255
const LONGEST_VALUE = 1_048_575

/** Collects the fields of a response, with what they say about its body. */
class ResponseFields {
  readonly fields = new Fields()
  flags: Flags = Flag.RESP
  length: string | undefined

  /** @param room bytes that there are for the fields */
  constructor(
    readonly L: lua_State,
    readonly service: string,
    public room: number,
  ) {}

  fail(text: string): never {
    return throwLuaError(this.L, `Lua applet http '${this.service}': ${text}.\n`)
  }

  /** Adds a field, unless it repeats the length. */
  add(name: string, value: string): void {
    switch (lowerCase(name)) {
      case 'transfer-encoding': {
        const { flags, problem } = parseTransferEncoding(value, this.flags)
        this.flags = flags
        if (problem !== undefined) this.fail(`Invalid '${name}' header`)
        break
      }
      case 'content-length': {
        const parsed = parseContentLength(value, this.length)
        if (!parsed.isValid) return this.fail(`Invalid '${name}' header`)
        if (this.length !== undefined) return
        this.length = parsed.digits
        this.flags |= Flag.CLEN
      }
    }
    this.append(name, value, `Failed to add header '${name}' in the response`)
  }

  append(name: string, value: string, error: string): void {
    this.room -= BLOCK_SIZE + name.length + value.length
    if (this.room < 0 || name.length > LONGEST_NAME || value.length > LONGEST_VALUE) this.fail(error)
    this.fields.append(name, value)
  }
}

const collect = (into: ResponseFields, response: LuaTable): void => {
  const what = "AppletHTTP['response']"
  for (const [name, values] of tableEntries(response)) {
    if (typeof name !== 'string') return into.fail(`${what}[] element must be a string. got ${plainTypeName(name)}`)
    if (!(values instanceof LuaTable))
      return into.fail(`${what}['${name}'] element must be an table. got ${plainTypeName(values)}`)
    for (const [key, value] of tableEntries(values)) {
      if (numberText(key) === undefined)
        return into.fail(`${what}['${name}'][] element must be a number. got ${plainTypeName(key)}`)
      if (typeof value !== 'string') {
        const index = toInteger(key) ?? 0
        return into.fail(`${what}['${name}'][${index}] element must be a string. got ${plainTypeName(value)}`)
      }
      into.add(name, value)
    }
  }
}

/** Statuses of responses that have no body. */
const hasBody = (status: number): boolean => status >= 200 && status !== 204 && status !== 304

const bodyKind = ({ length }: ResponseFields, isChunked: boolean): BodyKind => {
  if (isChunked) return 'chunked'
  if (length === undefined) return 'close'
  return length === '0' ? 'none' : 'length'
}

/** Makes the head. @param response the field of that name of the object; throws a Lua error if it is invalid */
export const responseHead = (L: lua_State, call: HttpServiceCall, response: LuaValue): ResponseHead => {
  const { status, isVersion11 } = call
  const into = new ResponseFields(L, `<lua.${call.registration.name}>`, call.stream.response.buffer.room(0))
  if (!(response instanceof LuaTable)) return into.fail("AppletHTTP['response'] missing")
  collect(into, response)
  const isChunked = (into.flags & Flag.CHNK) !== 0
  const isLengthKnown = isChunked || into.length !== undefined
  const isChunkedByDefault = !isLengthKnown && isVersion11 && hasBody(status)
  if (isChunkedByDefault)
    into.append('transfer-encoding', 'chunked', "Failed to add header 'transfer-encoding' in the response")
  return {
    version: isVersion11 ? 'HTTP/1.1' : 'HTTP/1.0',
    isVersion11,
    status,
    statusText: String(status),
    reason: call.reason ?? reasonOf(status),
    isInterim: status < 200 && status !== 101,
    fields: into.fields,
    connection: { close: false, keepAlive: false, upgrade: false },
    body: bodyKind(into, isChunked || isChunkedByDefault),
    length: into.length === undefined || isChunked ? undefined : Number(into.length),
    isChunked,
    hasTransferCoding: isChunkedByDefault || (into.flags & Flag.XFER_ENC) !== 0,
  }
}
