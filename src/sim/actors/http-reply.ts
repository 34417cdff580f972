/** Replies of the HTTP server: what a test can specify, and the bytes that are sent (RFC 9112). Invalid messages are possible. */
import { toBytes } from '../../bytes/latin1.js'
import { toByteString } from '../../bytes/text.js'
import type { Micros } from '../../engine/index.js'
import { toMicros, type Duration } from '../duration.js'
import { bodyBytes, prepareBody, type BodyData, type BodyOptions } from './body-pieces.js'
import { HeaderLines, type HeadersToSend } from './headers.js'

/** An interim response (1xx). */
export interface InterimResponse {
  readonly status: number
  readonly reason?: string
  readonly headers?: HeadersToSend
}

/** How a response ends before it is complete. */
export interface EarlyEnd {
  /** number of bytes sent after the head, framing of chunks included */
  readonly after: number
  /** what happens then: the connection is closed or reset, or nothing more is sent */
  readonly how: 'close' | 'reset' | 'hang'
}

/** A response. */
export interface HttpResponse extends BodyOptions {
  /** default 200 */
  readonly status?: number
  /** reason phrase (default: that of RFC 9110) */
  readonly reason?: string
  /** default `1.1`; after a response in version 1.0 the connection is closed unless `headers` keep it alive */
  readonly version?: '1.0' | '1.1'
  /** Content-Length or Transfer-Encoding, and Connection, are added unless they are among these or are `false` */
  readonly headers?: HeadersToSend
  /** close the connection after the response */
  readonly close?: boolean
  /** send no length: the body ends with the connection */
  readonly untilClose?: boolean
  /** delay before the response; milliseconds or a HAProxy duration */
  readonly delay?: Duration
  /** interim responses before it, each a status or a response without a body */
  readonly interim?: readonly (number | InterimResponse)[]
  /** stop in the middle of the response */
  readonly stop?: EarlyEnd
  /** send these bytes instead, and close the connection if `close` is set */
  readonly raw?: BodyData
}

/** A status, a response, or how to treat the connection without a response: `hang` leaves it open. */
export type HttpReply = number | HttpResponse | 'close' | 'reset' | 'hang'

/** What is sent for one request. */
export interface ReplyBytes {
  /** written one after the other */
  readonly writes: readonly Uint8Array[]
  /** time between two writes */
  readonly interval: Micros
  readonly end: 'keep' | 'close' | 'reset' | 'hang'
}

/** A validated reply, which can be sent any number of times. */
export class Reply {
  readonly delay: Micros
  readonly #make: (isHead: boolean, keepAlive: boolean, isVersion11: boolean) => ReplyBytes
  /** by the three properties of a request that matter */
  readonly #made: (ReplyBytes | undefined)[] = []

  /** Throws a RangeError for an invalid reply. */
  constructor(reply: HttpReply) {
    this.delay = 0
    if (reply === 'close' || reply === 'reset' || reply === 'hang') {
      this.#make = () => ({ writes: [], interval: 0, end: reply })
      return
    }
    if (typeof reply === 'string')
      throw new RangeError(
        `invalid response '${reply as string}': expected a status, a table, 'close', 'reset' or 'hang'`,
      )
    const response = typeof reply === 'number' ? { status: reply } : reply
    if (response.delay !== undefined) this.delay = toMicros(response.delay)
    this.#make = response.raw === undefined ? makerOf(response) : rawMaker(response.raw, response.close === true)
  }

  /** The bytes that answer a request. */
  bytes(method: string, keepAlive: boolean, isVersion11: boolean): ReplyBytes {
    const isHead = method === 'HEAD'
    const key = (isHead ? 4 : 0) | (keepAlive ? 2 : 0) | (isVersion11 ? 1 : 0)
    return (this.#made[key] ??= this.#make(isHead, keepAlive, isVersion11))
  }
}

const rawMaker = (raw: BodyData, close: boolean): (() => ReplyBytes) => {
  const writes = [toBytes(bodyBytes(raw))]
  return () => ({ writes, interval: 0, end: close ? 'close' : 'keep' })
}

const validStatus = (status: number): number => {
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new RangeError(`${status} is not an HTTP status`)
  return status
}

const statusLine = (version: string, status: number, reason = reasonPhrase(status)): string =>
  `HTTP/${version} ${validStatus(status)} ${toByteString(reason)}\r\n`

const interimText = (interim: NonNullable<HttpResponse['interim']>): string => {
  if (!Array.isArray(interim)) throw new RangeError("'interim' is a list of statuses or responses")
  return interim
    .map((each: number | InterimResponse) => {
      const { status, reason, headers } = typeof each === 'number' ? { status: each } : each
      const lines = new HeaderLines()
      if (headers) lines.addAll(headers)
      return `${statusLine('1.1', status, reason)}${lines.text}\r\n`
    })
    .join('')
}

const makerOf = (response: HttpResponse): ((isHead: boolean, keepAlive: boolean, is11: boolean) => ReplyBytes) => {
  const { status = 200, reason, version = '1.1', untilClose, stop } = response
  if (version !== '1.0' && version !== '1.1') throw new RangeError(`'${version as string}' is not '1.0' or '1.1'`)
  const body = prepareBody(response)
  const interim = interimText(response.interim ?? [])
  const first = statusLine(version, status, reason)
  const given = new HeaderLines()
  if (response.headers) given.addAll(response.headers)
  const connection = /^connection:[ \t]*([^\r]*)\r$/im.exec(given.text)?.[1]?.toLowerCase() ?? ''
  const ends =
    response.close === true ||
    untilClose === true ||
    connection === 'close' ||
    (version === '1.0' && connection !== 'keep-alive')
  const isBodiless = status < 200 || status === 204 || status === 304
  validateStop(stop)
  const framing =
    given.has('content-length') || given.has('transfer-encoding') || untilClose || (isBodiless && !body.isChunked)
      ? ''
      : body.isChunked
        ? 'transfer-encoding: chunked\r\n'
        : `content-length: ${body.length}\r\n`
  return (isHead, keepAlive, is11) => {
    const persists = keepAlive && !ends
    const added = given.has('connection') ? '' : persists ? (is11 ? '' : 'keep-alive') : 'close'
    const line = added === '' ? '' : `connection: ${added}\r\n`
    const head = `${interim}${first}${given.text}${framing}${line}\r\n`
    const pieces = isHead || isBodiless ? [] : body.pieces
    const writes = writesOf(head, stop ? cut(pieces, stop.after) : pieces, body.interval)
    return { writes: writes.map(toBytes), interval: body.interval, end: stop?.how ?? (persists ? 'keep' : 'close') }
  }
}

const validateStop = (stop: EarlyEnd | undefined): void => {
  if (stop === undefined) return
  if (!Number.isInteger(stop.after) || stop.after < 0) throw new RangeError("'stop.after' is a number of bytes")
  if (!['close', 'reset', 'hang'].includes(stop.how)) throw new RangeError("'stop.how' is 'close', 'reset' or 'hang'")
}

/** The head is written with the first piece unless there is time between pieces. */
const writesOf = (head: string, pieces: readonly string[], interval: Micros): string[] =>
  interval > 0 || pieces.length === 0 ? [head, ...pieces] : [head + pieces[0]!, ...pieces.slice(1)]

/** The first `limit` bytes. */
const cut = (pieces: readonly string[], limit: number): string[] => {
  let left = limit
  return pieces
    .map((piece) => {
      const taken = piece.slice(0, left)
      left -= taken.length
      return taken
    })
    .filter((piece) => piece !== '')
}

/** The reason phrase of a status in RFC 9110; empty for unknown ones. */
const reasonPhrase = (status: number): string => REASONS[status] ?? ''

const REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  103: 'Early Hints',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  410: 'Gone',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
}
