/** Requests of a {@link Client}: their options, and what is sent (RFC 9112). */
import { toByteString } from '../../bytes/text.js'
import type { Micros } from '../../engine/index.js'
import { toMicros, type Duration } from '../duration.js'
import { prepareBody, type BodyOptions, type PreparedBody } from './body-pieces.js'
import { HeaderLines, TOKEN, type HeadersToSend } from './headers.js'
import type { ClientConnection } from './client-session.js'

/** Options of a request. */
export interface RequestOptions extends BodyOptions {
  /** Host, Content-Length or Transfer-Encoding, and Connection are added unless they are among these or are `false` */
  readonly headers?: HeadersToSend
  /** default `1.1` */
  readonly version?: '1.0' | '1.1'
  /** the request target (default: path and query of the URL, or `host:port` for CONNECT) */
  readonly target?: string
  /** keep the connection for further requests (default: true in version 1.1, false in 1.0) */
  readonly keepAlive?: boolean
  /**
   * The connection to use: `new`, or that of an earlier request, on which the request is sent at once (pipelining) if answers are
   * outstanding. Default: an idle connection to the same address, or a new one.
   */
  readonly connection?: 'new' | ClientConnection
  /** address to connect to instead of that in the URL: `192.0.2.1:8080`, `/run/web.sock` */
  readonly to?: string
  /** delay before the request is sent, in milliseconds or a HAProxy duration; the connection is opened at once */
  readonly delay?: Duration
  /** with `Expect: 100-continue`: how long to wait for an interim response before the body is sent (default 1s) */
  readonly continueTimeout?: Duration
}

/** What is sent for a request. */
export interface RequestMessage {
  /** a byte string */
  readonly head: string
  readonly body: PreparedBody
  readonly keepAlive: boolean
  readonly delay: Micros
  /** how long the body waits for a response of 100 Continue; undefined: it does not */
  readonly continueTimeout: Micros | undefined
}

/** Methods whose requests have a length even without a body (RFC 9110, section 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

const OPTIONS: ReadonlySet<string> = new Set<keyof RequestOptions>([
  'headers',
  'version',
  'target',
  'keepAlive',
  'connection',
  'to',
  'delay',
  'continueTimeout',
  'body',
  'pieces',
  'interval',
  'chunked',
  'trailers',
])

/** Composes a request. Throws a RangeError for invalid options. */
export const composeRequest = (
  method: string,
  host: string,
  target: string,
  options: RequestOptions,
): RequestMessage => {
  for (const name of Object.keys(options)) if (!OPTIONS.has(name)) throw new RangeError(`unknown option '${name}'`)
  const { version = '1.1', headers, delay } = options
  if (version !== '1.0' && version !== '1.1') throw new RangeError(`'${version as string}' is not '1.0' or '1.1'`)
  if (!TOKEN.test(method)) throw new RangeError(`${JSON.stringify(method)} is not a method`)
  const targetBytes = toByteString(target)
  if (target === '' || /[\0-\x20\x7f]/.test(target))
    throw new RangeError(`invalid request target ${JSON.stringify(target)}`)
  const keepAlive = options.keepAlive ?? version === '1.1'
  const body = prepareBody(options)
  const given = new HeaderLines()
  if (headers) given.addAll(headers)
  let lines = given.has('host') ? '' : `host: ${host}\r\n`
  lines += given.text
  if (!given.has('content-length') && !given.has('transfer-encoding')) {
    if (body.isChunked) lines += 'transfer-encoding: chunked\r\n'
    else if (body.length > 0 || WITH_BODY.has(method)) lines += `content-length: ${body.length}\r\n`
  }
  if (!given.has('connection') && keepAlive !== (version === '1.1'))
    lines += keepAlive ? 'connection: keep-alive\r\n' : 'connection: close\r\n'
  const waits = body.pieces.length > 0 && /^expect:[ \t]*100-continue\r$/im.test(given.text)
  return {
    head: `${method} ${targetBytes} HTTP/${version}\r\n${lines}\r\n`,
    body,
    keepAlive,
    delay: delay === undefined ? 0 : toMicros(delay),
    continueTimeout: waits ? toMicros(options.continueTimeout ?? '1s') : undefined,
  }
}
