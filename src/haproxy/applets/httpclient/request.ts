/** The head of a request of the HTTP client (`httpclient_req_gen`). */
import { Fields, type MessageLimits, type RequestHead } from '../../../http/index.js'
import { MessageBuffer } from '../../streams/buffer.js'
import { hostOfUrl } from './url.js'

/** A field: its name in any case, and its value. */
export type ClientField = readonly [name: string, value: string]

/** What is asked for. All text is byte strings. */
export interface ClientRequest {
  readonly method: string
  readonly url: string
  readonly fields: readonly ClientField[]
  /** a body follows, which is sent in chunks */
  readonly hasBody: boolean
  /** all of the body; undefined: it is given later, see `HttpClient.send` */
  readonly body?: string
}

const NO_OPTIONS = { close: false, keepAlive: false, upgrade: false }

/** Makes the head, with the fields that every request has; undefined if the URL has no host, or if a buffer is too small. */
export const makeHead = (
  { method, url, fields, hasBody, body = '' }: ClientRequest,
  limits: MessageLimits,
): RequestHead | undefined => {
  const all = new Fields(fields)
  if (!all.has('host')) {
    const host = method === 'CONNECT' ? url : hostOfUrl(url)
    if (host === undefined) return undefined
    all.append('host', host)
  }
  if (!all.has('accept')) all.append('accept', '*/*')
  if (!all.has('user-agent')) all.append('user-agent', 'HAProxy')
  const head: RequestHead = {
    method,
    uri: url,
    isNormalized: true,
    version: 'HTTP/1.1',
    isVersion11: true,
    fields: all,
    connection: NO_OPTIONS,
    body: hasBody ? 'chunked' : 'none',
    length: undefined,
    isChunked: false,
    hasTransferCoding: false,
  }
  const buffer = new MessageBuffer(limits.buffer, true)
  buffer.push({ kind: 'head', head })
  return buffer.room(0) > 0 && buffer.dataRoom >= body.length ? head : undefined
}
