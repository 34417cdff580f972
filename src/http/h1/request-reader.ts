/** HTTP/1 requests (`h1_postparse_req_hdrs` in HAProxy's src/h1_htx.c, `h1_handle_headers` in src/mux_h1.c). */
import type { BodyKind, RequestHead } from '../message.js'
import type { Cursor, Scanned } from './cursor.js'
import { headLimit, sizeOfHead } from './limits.js'
import { MessageReader, type ReaderOptions, type RefusedHead } from './message-reader.js'
import { isVersion11, RequestLine } from './start-line.js'
import { Flag, State, type Flags } from './states.js'
import { checkTarget, normalizedTarget } from './target.js'

export interface RequestReaderOptions extends ReaderOptions {
  /** `h1-accept-payload-with-any-method` */
  readonly acceptsAnyBody?: boolean
  /** keeps `Connection` and `Upgrade` as received, for servers that show what was sent to them; HAProxy cleans them */
  readonly keepsConnection?: boolean
  /** only the syntax of the head counts: nothing is normalized, and the body is not read (`smp_prefetch_htx` in src/http_fetch.c) */
  readonly headOnly?: boolean
}

const STRICT_VERSION = /^HTTP\/[0-9]\.[0-9]$/

/** Methods that must not have a body in HTTP/1.0, where a server could take it for another request. */
const BODILESS_IN_10: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE'])

/**
 * Parses the requests of a client. After the end of a request, {@link startNext} starts the next one. HTTP/0.9 requests are rejected, or
 * converted to HTTP/1.0 if violations are tolerated.
 */
export class RequestReader extends MessageReader<RequestHead> {
  protected readonly invalidStatus = 400
  #line = new RequestLine()
  readonly #acceptsAnyBody: boolean
  readonly #keepsConnection: boolean
  readonly #headOnly: boolean

  constructor(options: RequestReaderOptions = {}) {
    super(options, State.RQBEFORE)
    this.#headOnly = options.headOnly ?? false
    this.#keepsConnection = options.keepsConnection ?? this.#headOnly
    this.#acceptsAnyBody = options.acceptsAnyBody ?? false
    this.startNext()
  }

  /** Starts the next request of the connection. */
  startNext(): void {
    this.#line = new RequestLine()
    this.restart()
  }

  protected get tooLargeStatus(): number {
    return this.state < State.HDR_FIRST ? 414 : 431
  }

  protected initialFlags(): Flags {
    return this.#keepsConnection ? Flag.NO_PHDR : Flag.NO_PHDR | Flag.CLEAN_CONN_HDR
  }

  protected scanStartLine(cursor: Cursor): Scanned {
    const scanned = this.#line.scan(cursor)
    if (isVersion11(this.#line.version)) this.collected.flags |= Flag.VER_11
    return scanned
  }

  protected finishHead(): { head: RequestHead; size: number } | RefusedHead {
    const { method } = this.#line
    const { collected } = this
    const refused = this.#checkTarget()
    if (refused !== undefined) return refused
    if (this.#headOnly) return this.#syntaxOnly()
    const isFramed = collected.settleFraming(this.keepsInsecure)
    this.cursor.state = collected.flags & Flag.CHNK ? State.CHUNK_SIZE : State.DATA
    if (!isFramed) return { status: 400 }
    const version = this.#checkedVersion()
    if (version === undefined) return { status: 400, at: this.#line.versionAt }
    const size = sizeOfHead([method, this.#line.uri, version], collected.fields)
    if (size > headLimit(this.limits)) return { status: 431 }
    const body = this.#bodyKind()
    if (body === 'none') this.cursor.state = State.DONE
    if (!this.#keepsConnection) collected.settleUpgrade()
    const uri = this.#normalize()
    const problem = this.#problem(body)
    if (problem !== undefined) return { status: problem, hasHead: true }
    const { flags, fields } = collected
    const head: RequestHead = {
      method,
      uri,
      version,
      isVersion11: (flags & Flag.VER_11) !== 0,
      fields,
      connection: {
        close: (flags & Flag.CONN_CLO) !== 0,
        keepAlive: (flags & Flag.CONN_KAL) !== 0,
        upgrade: (flags & Flag.CONN_UPG) !== 0,
      },
      body,
      ...this.framing,
    }
    return { head, size }
  }

  #syntaxOnly(): { head: RequestHead; size: number } | RefusedHead {
    const { method, uri, version } = this.#line
    const { flags, fields } = this.collected
    if (version === '' && (method !== 'GET' || uri === '')) return { status: 400 }
    const connection = { close: false, keepAlive: false, upgrade: false }
    const isVersion11 = (flags & Flag.VER_11) !== 0
    const head = { method, uri, version: version || 'HTTP/1.0', isVersion11, fields, connection, body: 'none' } as const
    return { head: { ...head, ...this.framing }, size: 0 }
  }

  /** Checks target, method and `Host` against each other; may normalize `Host`. */
  #checkTarget(): RefusedHead | undefined {
    const { collected, cursor } = this
    const { method, uri, uriAt } = this.#line
    const { outcome, host } = checkTarget(method, uri, collected.host)
    if (host !== undefined) collected.fields.replaceAll('host', host)
    if (outcome === 'ok') return undefined
    const at = outcome === 'wrong host' ? collected.hostAt : uriAt
    if (outcome !== 'invalid') return cursor.tolerates(at) ? undefined : { status: 400, at }
    // not the state of the scanner, but what HAProxy reports
    cursor.state = State.RQMETH
    return { status: 400, at }
  }

  #checkedVersion(): string | undefined {
    const { version, method, uri } = this.#line
    if (!this.cursor.relaxed) return STRICT_VERSION.test(version) ? version : undefined
    if (version !== '') return version
    return method === 'GET' && uri !== '' ? 'HTTP/1.0' : undefined
  }

  /** Determines how the body is delimited. */
  #bodyKind(): BodyKind {
    const { collected } = this
    collected.flags |= Flag.XFER_LEN
    if (this.#line.method === 'CONNECT') {
      collected.flags &= ~(Flag.CLEN | Flag.CHNK)
      return 'none'
    }
    if (collected.flags & Flag.CHNK) return 'chunked'
    this.left = Number(collected.lengthDigits ?? 0)
    return this.left > 0 ? 'length' : 'none'
  }

  #normalize(): string {
    const { uri, method } = this.#line
    const normalized = method === 'CONNECT' ? undefined : normalizedTarget(uri)
    if (normalized === undefined) return uri
    this.collected.fields.replaceAll('host', normalized.host)
    return normalized.uri
  }

  /** The status if a well-formed request is rejected. */
  #problem(body: BodyKind): number | undefined {
    const { flags } = this.collected
    const isBodiless = !(flags & Flag.VER_11) && BODILESS_IN_10.has(this.#line.method)
    if (isBodiless && body !== 'none' && !this.#acceptsAnyBody) return 413
    if (flags & Flag.TE_OTHER) return 422
    return this.#lacksWebsocketKey() && !this.cursor.tolerates() ? 400 : undefined
  }

  #lacksWebsocketKey(): boolean {
    const both = Flag.CONN_UPG | Flag.UPG_WEBSOCKET
    if ((this.collected.flags & both) !== both) return false
    return !this.collected.fields.all('sec-websocket-key').some((key) => key.length === 24)
  }
}

/** The connection preface of HTTP/2 (RFC 9113, section 3.4), with which an HTTP/2 client starts. */
export const H2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

/** Whether received bytes start with the HTTP/2 preface, are a part of it, or something else. */
export const matchPreface = (bytes: string): 'preface' | 'maybe' | 'other' => {
  if (bytes.startsWith(H2_PREFACE)) return 'preface'
  return H2_PREFACE.startsWith(bytes) ? 'maybe' : 'other'
}
