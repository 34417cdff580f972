/** HTTP/1 responses (`h1_postparse_res_hdrs` in HAProxy's src/h1_htx.c, `h1_handle_headers` in src/mux_h1.c). */
import type { BodyKind, ResponseHead } from '../message.js'
import type { Cursor, Scanned } from './cursor.js'
import { headLimit, sizeOfHead } from './limits.js'
import { MessageReader, type ReaderOptions, type RefusedHead } from './message-reader.js'
import { isVersion11, StatusLine } from './start-line.js'
import { Flag, State, type Flags } from './states.js'

export interface ResponseReaderOptions extends ReaderOptions {
  /** method of the first request, if it is known already */
  readonly method?: string
  /** maximum size of a head; default: that of a buffer without its reserve */
  readonly headLimit?: number
}

const STRICT_VERSION = /^HTTP\/[0-9]\.[0-9]$/

/** Parses the responses of a server. Call {@link expect} before each response; interim responses are separate heads without an end. */
export class ResponseReader extends MessageReader<ResponseHead> {
  protected readonly invalidStatus = 502
  protected readonly tooLargeStatus = 502
  #line = new StatusLine()
  #method = ''
  readonly #headLimit: number

  constructor(options: ResponseReaderOptions = {}) {
    super(options, State.RPBEFORE)
    this.#headLimit = options.headLimit ?? headLimit(this.limits)
    this.#method = options.method ?? ''
    this.restart()
  }

  /** Starts the response to a request. @param method the method of the request */
  expect(method: string): void {
    this.#method = method
    this.#line = new StatusLine()
    this.restart()
  }

  protected initialFlags(): Flags {
    const method = this.#method === 'CONNECT' ? Flag.METH_CONNECT : this.#method === 'HEAD' ? Flag.METH_HEAD : 0
    return Flag.RESP | Flag.NO_PHDR | Flag.CLEAN_CONN_HDR | method
  }

  protected scanStartLine(cursor: Cursor): Scanned {
    const scanned = this.#line.scan(cursor)
    if (isVersion11(this.#line.version)) this.collected.flags |= Flag.VER_11
    return scanned
  }

  protected finishHead(): { head: ResponseHead; size: number } | RefusedHead {
    const { version, versionAt, status, statusText, reason } = this.#line
    const { collected } = this
    collected.settleFraming(this.keepsInsecure)
    this.cursor.state = collected.flags & Flag.CHNK ? State.CHUNK_SIZE : State.DATA
    if (!this.cursor.relaxed && !STRICT_VERSION.test(version)) return { status: 502, at: versionAt }
    const size = sizeOfHead([version, statusText, reason], collected.fields)
    if (size > this.#headLimit) return { status: 502 }
    if (status !== 101) collected.flags &= ~(Flag.CONN_UPG | Flag.UPG_WEBSOCKET)
    const body = this.#bodyKind()
    if (body === 'none' || body === 'tunnel') this.cursor.state = State.DONE
    if (collected.flags & Flag.TE_OTHER || (this.#lacksWebsocketAccept() && !this.cursor.tolerates()))
      return { status: 502, hasHead: true }
    const { flags, fields } = collected
    const head: ResponseHead = {
      version,
      status,
      statusText,
      reason,
      isVersion11: (flags & Flag.VER_11) !== 0,
      isInterim: isInterim(status),
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

  /** An interim response is followed by another one. HAProxy tolerates no violations in it, regardless of the option. */
  protected override headGiven({ isInterim }: ResponseHead): void {
    if (!isInterim) return
    this.#line = new StatusLine()
    this.restart(false)
  }

  #bodyKind(): BodyKind {
    const { collected } = this
    const { status } = this.#line
    const isTunnel = status === 101 || (this.#method === 'CONNECT' && status >= 200 && status < 300)
    const isInformational = status >= 100 && status < 200
    if (isTunnel || isInformational || status === 204) {
      if (collected.flags & Flag.XFER_ENC) collected.fields.remove('transfer-encoding')
      if (collected.flags & Flag.CLEN) collected.fields.remove('content-length')
      collected.flags &= ~(Flag.CLEN | Flag.CHNK)
    }
    if (isTunnel || isInformational || status === 204 || status === 304 || this.#method === 'HEAD') {
      collected.flags |= Flag.XFER_LEN
      return isTunnel ? 'tunnel' : 'none'
    }
    if (!(collected.flags & (Flag.CLEN | Flag.CHNK))) return 'close'
    collected.flags |= Flag.XFER_LEN
    if (collected.flags & Flag.CHNK) return 'chunked'
    this.left = Number(collected.lengthDigits)
    return this.left > 0 ? 'length' : 'none'
  }

  #lacksWebsocketAccept(): boolean {
    const both = Flag.CONN_UPG | Flag.UPG_WEBSOCKET
    return (this.collected.flags & both) === both && !this.collected.fields.has('sec-websocket-accept')
  }
}

/** Whether another response follows. */
const isInterim = (status: number): boolean => status < 200 && (status === 100 || status >= 102)
