/** The messages that a call is given, as HAProxy's parser makes them of what a client or a server would send. */
import { fromBytes } from '../../bytes/latin1.js'
import {
  RequestReader,
  ResponseReader,
  type MessageLimits,
  type MessageReader,
  type RequestHead,
  type ResponseHead,
} from '../../http/index.js'
import type { BodyData } from '../actors/body-pieces.js'
import type { HeadersToSend } from '../actors/headers.js'
import { Reply, type HttpResponse } from '../actors/http-reply.js'
import { composeRequest, type RequestOptions } from '../actors/request-message.js'

/** A request for which a function of a script is called. */
export interface CallRequest {
  /** default `GET` */
  readonly method?: string
  /** the request target, with its query (default: `/`) */
  readonly path?: string
  /** Host and Content-Length are added unless they are among these or are `false` */
  readonly headers?: HeadersToSend
  readonly body?: BodyData
  /** default `1.1` */
  readonly version?: '1.0' | '1.1'
}

/** A response of the server for which a function of a script is called. */
export type CallResponse = Pick<HttpResponse, 'status' | 'reason' | 'headers' | 'body' | 'version'>

/** A parsed message. */
export interface GivenMessage<Head extends RequestHead | ResponseHead = RequestHead | ResponseHead> {
  readonly head: Head
  /** a byte string */
  readonly body: string
}

const REQUEST_OPTIONS: ReadonlySet<string> = new Set(['method', 'path', 'headers', 'body', 'version'])
const RESPONSE_OPTIONS: ReadonlySet<string> = new Set(['status', 'reason', 'headers', 'body', 'version'])

/** Throws a RangeError for something that is no table with these options alone. */
export const checkOptions = (what: string, given: unknown, known: ReadonlySet<string>): void => {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new RangeError(`${what} must be a table with options such as ${[...known].slice(0, 3).join(', ')}`)
  const unknown = Object.keys(given).find((name) => !known.has(name))
  if (unknown !== undefined)
    throw new RangeError(`unknown option '${unknown}' of ${what}; options are ${[...known].join(', ')}`)
}

/** The host of a request that does not name one. */
const HOST = 'localhost'

/** Throws a RangeError for a request that HAProxy would refuse before any rule. */
export const parseRequest = (request: CallRequest, limits: MessageLimits): GivenMessage<RequestHead> => {
  checkOptions('request', request, REQUEST_OPTIONS)
  const { method = 'GET', path = '/', ...options } = request
  const { head, body } = composeRequest(method, method === 'CONNECT' ? path : HOST, path, options as RequestOptions)
  return read(new RequestReader({ limits }), head + body.pieces.join(''), 'request')
}

/** Throws a RangeError for a response that HAProxy would not accept from a server. */
export const parseResponse = (
  response: CallResponse,
  method: string,
  limits: MessageLimits,
): GivenMessage<ResponseHead> => {
  checkOptions('response', response, RESPONSE_OPTIONS)
  const { writes } = new Reply(response).bytes(method, true, true)
  return read(new ResponseReader({ limits, method }), writes.map(fromBytes).join(''), 'response')
}

const read = <Head extends RequestHead | ResponseHead>(
  reader: MessageReader<Head>,
  text: string,
  what: string,
): GivenMessage<Head> => {
  let head: Head | undefined
  let body = ''
  reader.push(text)
  for (;;) {
    const event = reader.next()
    if (event?.type === 'head') head = event.head
    else if (event?.type === 'data') body += event.data
    else if (event?.type === 'error')
      throw new RangeError(`HAProxy refuses this ${what} with status ${event.error.status}`)
    else if (event?.type !== 'trailers') break
  }
  if (!head) throw new RangeError(`the ${what} is too large for HAProxy`)
  return { head, body }
}
