/**
 * Serializes messages to HTTP/1 like HAProxy does (`h1_make_reqline` to `h1_make_trailers` in src/mux_h1.c): names are in lower case, framing
 * and `Connection` are regenerated. Body data is returned in the strings that were passed in, without copying.
 */
import { lowerCase } from '../characters.js'
import type { Fields } from '../fields.js'
import type { RequestHead, ResponseHead } from '../message.js'
import { reasonOf } from '../status.js'
import { parseUri } from '../uri.js'
import { isVersion11 } from './start-line.js'
import { parseConnection, parseContentLength, parseUpgrade } from './framing.js'
import { Flag, type Flags } from './states.js'

/** How a connection continues after a message. */
export type ConnectionMode = 'keep-alive' | 'close' | 'tunnel'

export interface WriterOptions {
  /** `h1-case-adjust`: field names by their lower-case form; given only if an option of the proxy enables it */
  readonly names?: ReadonlyMap<string, string> | undefined
  /** `http-send-name-header`: name of the field and of the server */
  readonly serverName?: { readonly field: string; readonly server: string }
  /** `option http-drop-request-trailers`, or `-response` */
  readonly dropsTrailers?: boolean
  /** `h1-do-not-close-on-insecure-transfer-encoding` */
  readonly keepsInsecure?: boolean
  /** `option http-pretend-keepalive` */
  readonly pretendsKeepAlive?: boolean
  /** generates the key of a websocket request without one: 16 random bytes in base64 */
  readonly websocketKey?: () => string
  /** the `Sec-WebSocket-Accept` value for websocket responses without one, derived from the key of the request */
  readonly websocketAccept?: string
}

/** Updates the mode from the flags of the message being written (`h1_set_cli_conn_mode`, `h1_set_srv_conn_mode`). */
export type DecideMode = (flags: Flags, before: ConnectionMode) => ConnectionMode

/** A message that contradicts its head: a body longer than announced, or an invalid length. HAProxy answers 502. */
export class MessageMismatch extends Error {
  override readonly name = 'MessageMismatch'

  /** @param written the start line, if an invalid field is the reason */
  constructor(
    message: string,
    readonly written = '',
  ) {
    super(message)
  }
}

const KNOWN_LENGTH = Flag.XFER_LEN | Flag.CLEN | Flag.CHNK

/** The path of an absolute target (`h1_get_uri`). */
const pathOf = ({ method, uri }: RequestHead): string => parseUri(uri).path ?? (method === 'OPTIONS' ? '*' : '/')

/** Serializes the messages of one direction of a connection, one after the other. */
export class MessageWriter {
  /** set by the owner before a message, updated by its head */
  mode: ConnectionMode = 'keep-alive'
  #flags: Flags = 0
  #hasLength = false
  #lengthDigits: string | undefined
  #hasChunked = false
  /** body data is discarded */
  #isBodiless = false
  /** bytes left in the body or in the announced chunk */
  #left = 0

  constructor(readonly options: WriterOptions = {}) {}

  /** The head of a request, including the empty line. */
  request(head: RequestHead, decide: DecideMode): string {
    const version = head.isVersion11 ? 'HTTP/1.1' : head.version
    this.#begin(head, Flag.XFER_LEN)
    if (head.body === 'none' && head.length === undefined) {
      // does not need a content-length field
      this.#flags = (this.#flags & ~Flag.CHNK) | Flag.CLEN
      this.#hasLength = true
      this.#lengthDigits = '0'
    }
    const isConnect = head.method === 'CONNECT'
    const target = head.isNormalized === true ? pathOf(head) : head.uri
    const line = `${head.method} ${target} ${version}\r\n`
    let text = line + this.#fieldLines(head.fields, undefined, line)
    text += this.#missingLength()
    text += this.#connection(decide, false)
    if (!isConnect && (this.#flags & (Flag.VER_11 | KNOWN_LENGTH)) === (Flag.VER_11 | Flag.XFER_LEN))
      this.#flags |= Flag.CHNK
    const { serverName } = this.options
    const server = serverName === undefined ? '' : this.#line(lowerCase(serverName.field), serverName.server)
    return `${text}${this.#missingChunked()}${server}${this.#missingKey(head.fields)}\r\n`
  }

  /**
   * The head of a response, including the empty line.
   * @param request the request it answers
   */
  response(head: ResponseHead, request: Pick<RequestHead, 'method' | 'isVersion11'>, decide: DecideMode): string {
    const { status, statusText } = head
    this.#begin(head, head.body === 'close' ? 0 : Flag.XFER_LEN)
    this.#flags |= Flag.RESP
    this.#isBodiless = request.method === 'HEAD' || status === 204 || status === 304
    const version = head.isVersion11 ? 'HTTP/1.1' : head.version
    const line = `${version} ${statusText} ${head.reason || reasonOf(status)}\r\n`
    let text = line + this.#fieldLines(head.fields, status, line)
    text += this.#missingLength()
    const isTunnel = head.body === 'tunnel'
    if (isTunnel) this.mode = 'tunnel'
    if (status >= 200) text += this.#connection(decide, true, request.isVersion11)
    const known = this.#flags & (Flag.VER_11 | KNOWN_LENGTH)
    if (status >= 200 && !this.#isBodiless && !isTunnel && known === (Flag.VER_11 | Flag.XFER_LEN))
      this.#flags |= Flag.CHNK
    return `${text}${this.#missingChunked()}${this.#missingAccept(head.fields)}\r\n`
  }

  /**
   * Body data, as the list of strings to send: the data and its framing.
   * @param announced size of the chunk if one starts with this piece; it can be larger than the piece
   */
  data(piece: string, announced = piece.length): string[] {
    if (this.#isBodiless || piece === '') return []
    if (this.#flags & Flag.CLEN) {
      this.#spend(piece.length, 'body')
      return [piece]
    }
    if (!(this.#flags & Flag.CHNK)) return [piece]
    const pieces: string[] = []
    for (let at = 0; at < piece.length;) {
      if (this.#left === 0) {
        this.#left = announced - at
        pieces.push(`${this.#left.toString(16).toUpperCase()}\r\n`)
      }
      // what is more than the rest of the current chunk begins another one
      const part = piece.slice(at, at + this.#left)
      this.#spend(part.length, 'chunk')
      pieces.push(part)
      if (this.#left === 0) pieces.push('\r\n')
      at += part.length
    }
    return pieces
  }

  /** Whether less than announced of the body, or of a chunk, was written so far. */
  get isShort(): boolean {
    return !this.#isBodiless && this.#left > 0
  }

  /** The end of the body, including trailers. */
  end(trailers?: Fields): string {
    if (this.#isBodiless || !(this.#flags & Flag.CHNK)) return ''
    const lines = trailers === undefined || this.options.dropsTrailers ? [] : [...trailers]
    return `0\r\n${lines.map(({ name, value }) => this.#line(name, value)).join('')}\r\n`
  }

  #begin(
    head: {
      version: string
      isVersion11: boolean
      length: number | undefined
      isChunked: boolean
      hasTransferCoding: boolean
    },
    known: Flags,
  ): void {
    let flags: Flags = known | Flag.CLEAN_CONN_HDR
    if (isVersion11(head.version)) flags |= Flag.VER_11
    if (known && head.isChunked) flags |= Flag.CHNK
    else if (known && head.length !== undefined) flags |= Flag.CLEN
    if (known && head.hasTransferCoding) flags |= Flag.XFER_ENC
    this.#flags = flags
    this.#hasLength = this.#hasChunked = this.#isBodiless = false
    this.#lengthDigits = undefined
    this.#left = 0
  }

  #line(name: string, value: string): string {
    return `${this.options.names?.get(name) ?? name}: ${value}\r\n`
  }

  /**
   * The field lines, except those that are dropped.
   * @param status of a response
   * @param line the start line
   */
  #fieldLines(fields: Fields, status: number | undefined, line: string): string {
    const isBodilessStatus = status !== undefined && (status < 200 || status === 204)
    const serverField = this.options.serverName && lowerCase(this.options.serverName.field)
    let text = ''
    for (const { name, value } of fields) {
      if (name[0] === ':' || name === serverField) continue
      const written = this.#written(name, value, isBodilessStatus, line)
      if (written !== undefined) text += this.#line(name, written)
    }
    return text
  }

  #written(name: string, value: string, isBodilessStatus: boolean, line: string): string | undefined {
    switch (name) {
      case 'transfer-encoding':
        if (isBodilessStatus || !(this.#flags & Flag.CHNK) || this.#hasChunked) return undefined
        this.#hasChunked = true
        return 'chunked'
      case 'content-length':
        return this.#writtenLength(value, isBodilessStatus, line)
      case 'connection': {
        const connection = parseConnection(value, this.#flags)
        this.#flags = connection.flags
        return connection.value === '' ? undefined : connection.value
      }
      case 'upgrade': {
        const upgrade = parseUpgrade(value, this.#flags)
        this.#flags = upgrade.flags
        return upgrade.value === '' ? undefined : upgrade.value
      }
      case 'te':
        return passesTrailers(value) ? 'trailers' : undefined
      default:
        return value
    }
  }

  #writtenLength(value: string, isBodilessStatus: boolean, line: string): string | undefined {
    const length = parseContentLength(value, this.#lengthDigits)
    if (!length.isValid) throw new MessageMismatch(`content-length: ${value}`, line)
    if (isBodilessStatus && length.digits === '0') this.#flags |= Flag.CLEN
    if (!(this.#flags & Flag.CLEN) || this.#hasLength) return undefined
    this.#hasLength = true
    this.#lengthDigits = length.digits
    this.#left = Number(length.digits)
    return length.digits
  }

  /** Handles missing framing fields, which rules may have removed. */
  #missingLength(): string {
    const lacksLength = (this.#flags & Flag.CLEN) !== 0 && !this.#hasLength
    const lacksChunked = (this.#flags & Flag.CHNK) !== 0 && !this.#hasChunked
    if (!lacksLength && !lacksChunked) return ''
    if (this.#hasLength || this.#hasChunked) {
      if (!this.#hasLength) this.#flags &= ~Flag.CLEN
      else this.#flags &= ~(Flag.XFER_ENC | Flag.CHNK)
      return ''
    }
    if (this.#flags & Flag.RESP) {
      this.#flags &= ~(KNOWN_LENGTH | Flag.XFER_ENC)
      return ''
    }
    this.#flags = (this.#flags & ~(Flag.XFER_ENC | Flag.CHNK)) | Flag.CLEN
    this.#hasLength = this.#isBodiless = true
    this.#left = 0
    return this.#line('content-length', '0')
  }

  #connection(decide: DecideMode, isResponse: boolean, isRequest11 = true): string {
    const flags = this.#flags
    const isUnsafe = Flag.XFER_ENC | Flag.CLEN
    if ((flags & isUnsafe) === isUnsafe) {
      this.#flags &= ~Flag.CLEN
      if (!this.options.keepsInsecure) this.mode = 'close'
    } else if ((flags & (Flag.VER_11 | Flag.XFER_ENC)) === Flag.XFER_ENC) this.mode = 'close'
    this.mode = decide(this.#flags, this.mode)
    if (this.mode === 'tunnel' || flags & Flag.CONN_UPG) return ''
    const is11 = (flags & Flag.VER_11) !== 0
    const isKept = this.mode === 'keep-alive' || (!isResponse && this.options.pretendsKeepAlive === true)
    if (isKept) return is11 && (!isResponse || isRequest11) ? '' : this.#line('connection', 'keep-alive')
    return is11 ? this.#line('connection', 'close') : ''
  }

  #missingChunked(): string {
    if (!(this.#flags & Flag.CHNK) || this.#hasChunked) return ''
    this.#hasChunked = true
    return this.#line('transfer-encoding', 'chunked')
  }

  get #isWebsocket(): boolean {
    const both = Flag.CONN_UPG | Flag.UPG_WEBSOCKET
    return (this.#flags & both) === both
  }

  #missingKey(fields: Fields): string {
    const { websocketKey } = this.options
    if (websocketKey === undefined || !this.#isWebsocket || fields.has('sec-websocket-key')) return ''
    return `Sec-Websocket-Key: ${websocketKey()}\r\n`
  }

  #missingAccept(fields: Fields): string {
    const { websocketAccept } = this.options
    if (websocketAccept === undefined || !this.#isWebsocket || fields.has('sec-websocket-accept')) return ''
    return `Sec-Websocket-Accept: ${websocketAccept}\r\n`
  }

  #spend(count: number, what: string): void {
    if (count > this.#left) throw new MessageMismatch(`the ${what} is longer than announced`)
    this.#left -= count
  }
}

/** Whether `TE` contains `trailers`, the only value that is forwarded (RFC 9110, section 10.1.4). */
const passesTrailers = (value: string): boolean => {
  const at = value.indexOf('trailers')
  if (at < 0) return false
  const next = value[at + 'trailers'.length]
  return next === undefined || next === ','
}
