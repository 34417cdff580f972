/**
 * A strict reader of HTTP/1 responses (RFC 9112) for clients of a test. Unlike HAProxy's parser, which src/http implements, it keeps
 * everything as it was sent, and accepts only what a correct server sends.
 */
import { lowerCase, trimWhiteSpace } from '../../http/characters.js'
import { listValues } from '../../http/index.js'
import { HttpHeaders, TOKEN } from './headers.js'

/** The head of a response. Texts are byte strings. */
export interface AnswerHead {
  readonly status: number
  readonly reason: string
  /** `1.0` or `1.1` */
  readonly version: string
  readonly headers: HttpHeaders
}

/** A response violates the protocol. */
export class InvalidAnswer extends Error {}

/** How the body is delimited. */
export type AnswerFraming = 'none' | 'length' | 'chunked' | 'close' | 'tunnel'

const enum State {
  HEAD,
  LENGTH,
  CHUNK_SIZE,
  CHUNK_DATA,
  CHUNK_END,
  TRAILERS,
  UNTIL_CLOSE,
  DONE,
}

/** Maximum number of bytes in a head or in trailers. */
const MAX_HEAD = 1 << 20

const STATUS_LINE = /^HTTP\/(1\.[01]) ([1-9]\d\d) ([^\r\n]*)$/
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,13})[ \t]*(?:;[^\r\n]*)?$/

/** Reads the responses of one connection, one after the other. */
export class AnswerReader {
  /** the head of the response being read, once complete */
  head: AnswerHead | undefined
  framing: AnswerFraming = 'none'
  /** the pieces of its body so far */
  body: string[] = []
  /** number of bytes of its body so far */
  bodyLength = 0
  /** bytes of the body, if announced */
  length: number | undefined
  trailers: HttpHeaders = NO_HEADERS
  /** whether the server closes the connection after it */
  closes = false
  #state: State = State.HEAD
  #input = ''
  /** where the search for the end of a head continues */
  #searchFrom = 0
  #left = 0

  /** Adds received bytes. */
  push(bytes: string): void {
    this.#input = this.#input === '' ? bytes : this.#input + bytes
  }

  /** Bytes that have not been read. */
  get unread(): string {
    return this.#input
  }

  /** Removes and returns the bytes that have not been read. */
  takeUnread(): string {
    const unread = this.#input
    this.#input = ''
    return unread
  }

  /** Whether nothing of a response has arrived. */
  get isAtStart(): boolean {
    return this.#state === State.HEAD && this.#input === ''
  }

  /** Prepares for the next response. */
  startNext(): void {
    this.head = undefined
    this.body = []
    this.bodyLength = 0
    this.length = undefined
    this.trailers = NO_HEADERS
    this.#state = State.HEAD
    this.#searchFrom = 0
  }

  /**
   * Reads what has arrived. Returns an interim response, or whether the response is complete. Throws {@link InvalidAnswer}.
   *
   * @param method of the request
   * @param isEnd the server has finished sending
   */
  read(method: string, isEnd: boolean): AnswerHead | boolean {
    for (;;)
      switch (this.#state) {
        case State.HEAD: {
          const head = this.#readHead()
          if (head === undefined) return false
          if (head.status < 200 && head.status !== 101) return head
          this.head = head
          this.#settleFraming(head, method)
          break
        }
        case State.LENGTH:
        case State.CHUNK_DATA:
          this.#take(Math.min(this.#left, this.#input.length))
          if (this.#left > 0) return false
          this.#state = this.#state === State.LENGTH ? State.DONE : State.CHUNK_END
          break
        case State.CHUNK_SIZE:
        case State.CHUNK_END:
        case State.TRAILERS:
          if (!this.#readChunkLine()) return false
          break
        case State.UNTIL_CLOSE:
          this.#take(this.#input.length)
          if (!isEnd) return false
          this.#state = State.DONE
          break
        case State.DONE:
          return true
      }
  }

  #take(count: number): void {
    if (count === 0) return
    const all = count === this.#input.length
    this.body.push(all ? this.#input : this.#input.slice(0, count))
    this.#input = all ? '' : this.#input.slice(count)
    this.bodyLength += count
    this.#left -= count
  }

  /** The text before the next `end`, which is removed with it. */
  #until(end: string): string | undefined {
    const at = this.#input.indexOf(end, this.#searchFrom)
    if (at < 0) {
      if (this.#input.length > MAX_HEAD)
        throw new InvalidAnswer(`more than ${MAX_HEAD} bytes without an end of the head`)
      this.#searchFrom = Math.max(0, this.#input.length - end.length + 1)
      return undefined
    }
    const text = this.#input.slice(0, at)
    this.#input = at + end.length === this.#input.length ? '' : this.#input.slice(at + end.length)
    this.#searchFrom = 0
    return text
  }

  #readHead(): AnswerHead | undefined {
    const text = this.#until('\r\n\r\n')
    if (text === undefined) {
      if (!isStartOfStatusLine(this.#input)) throw new InvalidAnswer(`invalid status line ${quoted(this.#input)}`)
      return undefined
    }
    const lines = text.split('\r\n')
    const [, version, status, reason] = STATUS_LINE.exec(lines[0]!) ?? []
    if (version === undefined) throw new InvalidAnswer(`invalid status line ${quoted(lines[0]!)}`)
    return { status: Number(status), reason: reason!, version, headers: parseFields(lines, 1) }
  }

  /** RFC 9112, section 6.3. */
  #settleFraming({ status, version, headers }: AnswerHead, method: string): void {
    const connection = listOf(headers, 'connection')
    this.closes = version === '1.1' ? connection.includes('close') : !connection.includes('keep-alive')
    const isTunnel = status === 101 || (method === 'CONNECT' && status < 300)
    if (isTunnel || method === 'HEAD' || status === 204 || status === 304)
      return this.#frame(isTunnel ? 'tunnel' : 'none')
    const codings = listOf(headers, 'transfer-encoding')
    if (codings.length > 0) return this.#frame(codings.at(-1) === 'chunked' ? 'chunked' : 'close')
    const lengths = new Set(headers.all('content-length'))
    if (lengths.size === 0) return this.#frame('close')
    const [length = ''] = lengths
    if (lengths.size > 1 || !/^\d{1,15}$/.test(length))
      throw new InvalidAnswer(`invalid content-length ${quoted([...lengths].join(', '))}`)
    this.length = this.#left = Number(length)
    this.#frame('length')
  }

  #frame(framing: AnswerFraming): void {
    this.framing = framing
    this.#state = FIRST_STATE[framing]
    if (framing === 'close') this.closes = true
  }

  /** Reads the line before or after a chunk, or the trailers; returns whether it was complete. */
  #readChunkLine(): boolean {
    if (this.#state === State.TRAILERS) return this.#readTrailers()
    const line = this.#until('\r\n')
    if (line === undefined) return false
    if (this.#state === State.CHUNK_END) {
      if (line !== '') throw new InvalidAnswer(`${quoted(line)} after a chunk of the announced size`)
      this.#state = State.CHUNK_SIZE
      return true
    }
    const size = CHUNK_SIZE.exec(line)?.[1]
    if (size === undefined) throw new InvalidAnswer(`invalid size of a chunk ${quoted(line)}`)
    this.#left = parseInt(size, 16)
    this.#state = this.#left === 0 ? State.TRAILERS : State.CHUNK_DATA
    return true
  }

  #readTrailers(): boolean {
    let text: string | undefined = ''
    if (this.#input.startsWith('\r\n')) this.#input = this.#input.slice(2)
    else text = this.#until('\r\n\r\n')
    if (text === undefined) return false
    if (text !== '') this.trailers = parseFields(text.split('\r\n'), 0)
    this.#state = State.DONE
    return true
  }
}

const FIRST_STATE: Readonly<Record<AnswerFraming, State>> = {
  none: State.DONE,
  tunnel: State.DONE,
  length: State.LENGTH,
  chunked: State.CHUNK_SIZE,
  close: State.UNTIL_CLOSE,
}

const NO_HEADERS = new HttpHeaders([])

const parseFields = (lines: readonly string[], from: number): HttpHeaders => {
  const list: string[] = []
  for (let i = from; i < lines.length; i++) {
    const line = lines[i]!
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    if (colon < 0 || !TOKEN.test(name) || line.includes('\n') || line.includes('\r'))
      throw new InvalidAnswer(`invalid header line ${quoted(line)}`)
    list.push(name, trimWhiteSpace(line.slice(colon + 1)))
  }
  return new HttpHeaders(list)
}

/** The elements of a field that is a list, in lower case. */
const listOf = (headers: HttpHeaders, name: string): string[] =>
  headers.all(name).flatMap((value) => [...listValues(lowerCase(value))])

const PROTOCOL = 'HTTP/1.'

const isStartOfStatusLine = (text: string): boolean =>
  text.length < PROTOCOL.length ? PROTOCOL.startsWith(text) : text.startsWith(PROTOCOL)

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
