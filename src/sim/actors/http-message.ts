/** HTTP/1 messages of the HTTP server: parsing of requests and formatting of responses (RFC 9112). */
import { decodeText } from '../../bytes/text.js'
import type { Micros } from '../../engine/index.js'
import { toBytes } from './session.js'

/** A received request. */
export interface HttpRequest {
  readonly method: string
  /** the request target */
  readonly path: string
  /** `1.0` or `1.1` */
  readonly version: string
  /** by lower-case name; repeated fields are joined with `, ` */
  readonly headers: Readonly<Record<string, string>>
  /** one character per byte */
  readonly body: string
  /** the body as text; invalid UTF-8 bytes are lone surrogates, U+DC80 to U+DCFF */
  readonly text: string
  /** the body as bytes */
  readonly bytes: Uint8Array
  /** when it was complete, in microseconds since the start of the run */
  readonly at: Micros
}

/** The result of {@link HttpReader.next}: a request, `more` if it is incomplete, or an error status. */
export type ParsedRequest = Omit<HttpRequest, 'at'> | 'more' | { readonly status: number }

const MAX_HEAD_LENGTH = 65536

const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) ([^\x00-\x20\x7f]+) HTTP\/(\d\.\d)$/
const FIELD = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/

type Head = Omit<HttpRequest, 'at' | 'body' | 'text' | 'bytes'>

const isControl = (code: number): boolean => code < 32 && code !== 10 && code !== 13

/** An incremental request parser; input is one character per byte. */
export class HttpReader {
  #input = ''
  #head: Head | undefined

  add(text: string): void {
    this.#input += text
  }

  /** Whether there is unparsed input. */
  get started(): boolean {
    return this.#input !== '' || this.#head !== undefined
  }

  next(): ParsedRequest {
    if (this.#head === undefined) {
      const head = this.#takeHead()
      if (head === 'more' || 'status' in head) return head
      this.#head = head
    }
    const body = this.#takeBody(this.#head.headers)
    if (typeof body !== 'string') return body ?? 'more'
    const bytes = toBytes(body)
    const request = { ...this.#head, body, text: decodeText(bytes), bytes }
    this.#head = undefined
    return request
  }

  #takeHead(): Head | 'more' | { status: number } {
    const input = this.#input.replace(/^(?:\r?\n)+/, '')
    // a TLS ClientHello or other binary data
    if (isControl(input.charCodeAt(0))) return { status: 400 }
    const end = /\r?\n\r?\n/.exec(input)
    this.#input = end ? input.slice(end.index + end[0].length) : input
    if (!end) return input.length > MAX_HEAD_LENGTH ? { status: 431 } : 'more'
    const [line = '', ...lines] = input.slice(0, end.index).split(/\r?\n/)
    const request = REQUEST_LINE.exec(line)
    if (!request) return { status: 400 }
    const headers = parseFields(lines)
    if (headers === undefined) return { status: 400 }
    const [, method, path, version] = request as unknown as [string, string, string, string]
    if (version !== '1.0' && version !== '1.1') return { status: 505 }
    if (version === '1.1' && headers['host'] === undefined) return { status: 400 }
    return { method, path, version, headers }
  }

  /** Consumes the body; undefined if it is incomplete. */
  #takeBody(headers: Readonly<Record<string, string>>): string | undefined | { status: number } {
    const coding = headers['transfer-encoding']
    if (coding !== undefined) return coding.toLowerCase() === 'chunked' ? this.#takeChunks() : { status: 501 }
    const length = headers['content-length'] ?? '0'
    if (!/^\d+$/.test(length)) return { status: 400 }
    if (this.#input.length < Number(length)) return undefined
    const body = this.#input.slice(0, Number(length))
    this.#input = this.#input.slice(Number(length))
    return body
  }

  #takeChunks(): string | undefined | { status: number } {
    let body = ''
    for (let at = 0; ;) {
      const end = this.#input.indexOf('\r\n', at)
      if (end < 0) return undefined
      const size = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(this.#input.slice(at, end))
      if (!size) return { status: 400 }
      const length = Number.parseInt(size[1]!, 16)
      if (length === 0) return this.#takeTrailer(end, body)
      if (this.#input.length < end + 2 + length + 2) return undefined
      body += this.#input.slice(end + 2, end + 2 + length)
      at = end + 2 + length + 2
      if (this.#input.slice(at - 2, at) !== '\r\n') return { status: 400 }
    }
  }

  #takeTrailer(lastChunk: number, body: string): string | undefined {
    const end = this.#input.indexOf('\r\n\r\n', lastChunk)
    if (end < 0) return undefined
    this.#input = this.#input.slice(end + 4)
    return body
  }
}

const parseFields = (lines: readonly string[]): Record<string, string> | undefined => {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const field = FIELD.exec(line)
    if (!field) return undefined
    const name = field[1]!.toLowerCase()
    const before = fields.get(name)
    fields.set(name, before === undefined ? field[2]! : `${before}, ${field[2]!}`)
  }
  return Object.fromEntries(fields)
}

/** Whether the connection persists after `request` (RFC 9112, section 9.3). */
export const keepsAlive = (request: Pick<HttpRequest, 'version' | 'headers'>): boolean => {
  const options = (request.headers['connection'] ?? '').toLowerCase().split(/[ \t]*,[ \t]*/)
  return request.version === '1.1' ? !options.includes('close') : options.includes('keep-alive')
}

/** A complete response. */
export interface FormattedResponse {
  readonly status: number
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Formats a response. Content-Length and Connection are added if missing. */
export const formatResponse = (
  answer: FormattedResponse,
  options: { method: string; keepAlive: boolean; version: string },
): string => {
  const { status, reason, body } = answer
  const bodiless = status < 200 || status === 204 || status === 304
  const headers = { ...answer.headers }
  const has = (name: string) => Object.keys(headers).some((key) => key.toLowerCase() === name)
  if (!bodiless && !has('content-length') && !has('transfer-encoding')) headers['content-length'] = String(body.length)
  if (!has('connection')) {
    if (!options.keepAlive) headers['connection'] = 'close'
    else if (options.version === '1.0') headers['connection'] = 'keep-alive'
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const shown = bodiless || options.method === 'HEAD' ? '' : body
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${shown}`
}

/** The reason phrase of a status (RFC 9110). */
export const reasonPhrase = (status: number): string => REASONS[status] ?? ''

const REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
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
