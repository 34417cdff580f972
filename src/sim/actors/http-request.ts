/** A request that an HTTP server has received. What is derived from it is computed when it is read. */
import { toBytes } from '../../bytes/latin1.js'
import { decodeText } from '../../bytes/text.js'
import type { Micros } from '../../engine/index.js'
import { trimWhiteSpace } from '../../http/characters.js'
import { parseUri, splitQuery, type Fields, type RequestHead } from '../../http/index.js'
import { HttpHeaders } from './headers.js'

/** A received message, as the session has read it. */
export interface ReceivedRequest {
  readonly head: RequestHead
  /** the head as received */
  readonly headText: string
  /** a byte string */
  readonly body: string
  readonly trailers: Fields | undefined
  readonly at: Micros
  readonly connection: number
  readonly from: string
}

const HTTP = 'HTTP/'.length

/** A received request. Its texts are byte strings (one character per byte), except `text`. */
export class HttpRequest {
  readonly method: string
  /** the request target as received: `/login?next=%2F` */
  readonly target: string
  /** when it was complete, in microseconds since the start of the run */
  readonly at: Micros
  /** the number of the connection on this server, from 1 */
  readonly connection: number
  /** the address of the client */
  readonly from: string
  /** the body, one character per byte */
  readonly body: string
  readonly #received: ReceivedRequest
  #path: string | undefined
  #headers: Readonly<Record<string, string>> | undefined

  /** @internal */
  constructor(received: ReceivedRequest) {
    this.method = received.head.method
    this.target = received.head.uri
    this.at = received.at
    this.connection = received.connection
    this.from = received.from
    this.body = received.body
    this.#received = received
  }

  /** `1.0` or `1.1` */
  get version(): string {
    return this.#received.head.version.slice(HTTP)
  }

  /** The path in the target, without the query: `/login`. It is the whole target if that has no path. */
  get path(): string {
    return (this.#path ??= splitQuery(parseUri(this.target).path ?? this.target).path)
  }

  /** The query in the target, without the `?`: `next=%2F`; undefined without a `?`. */
  get query(): string | undefined {
    return splitQuery(this.target).query
  }

  /** Header fields by lower-case name; repeated ones are joined with `, `. */
  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= recordOf(this.#received.head.fields))
  }

  /** Header fields as received: in order, names in their original case. */
  get rawHeaders(): HttpHeaders {
    const lines = this.#received.headText.split(/\r?\n/).slice(1)
    return new HttpHeaders(lines.filter((line) => line.includes(':')).flatMap(nameAndValue))
  }

  /** Trailer fields by lower-case name; empty without trailers. */
  get trailers(): Readonly<Record<string, string>> {
    return recordOf(this.#received.trailers ?? [])
  }

  /** The body as text; invalid UTF-8 bytes are lone surrogates, U+DC80 to U+DCFF. */
  get text(): string {
    return decodeText(this.bytes)
  }

  /** The body as bytes. */
  get bytes(): Uint8Array {
    return toBytes(this.body)
  }
}

const nameAndValue = (line: string): [string, string] => {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), trimWhiteSpace(line.slice(colon + 1))]
}

const recordOf = (fields: Iterable<{ readonly name: string; readonly value: string }>): Record<string, string> => {
  const record = new Map<string, string>()
  for (const { name, value } of fields) {
    const before = record.get(name)
    record.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(record)
}
