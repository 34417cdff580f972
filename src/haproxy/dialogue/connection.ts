/**
 * The connection of a check: made, led through what goes before the check's own words, written to and read from, and
 * what is to be said when it fails (`tcpcheck_eval_connect` in src/tcpcheck.c, `chk_report_conn_err` in src/check.c).
 */
import type { Address } from '../../net/address.js'
import {
  ERROR_TEXT,
  type Connection,
  type ConnectionEvents,
  type Network,
  type NetworkErrorCode,
} from '../../net/network.js'
import type { TlsClient } from '../../net/tls.js'
import { Buffer as OutBuffer, fromBytes } from './byte-buffer.js'
import type { Finding } from './finding.js'
import { isSocks4Granted, proxyHeader, SOCKS4_ANSWER_LENGTH, socks4Request } from '../connections/proxy-protocol.js'
import { STATUS } from './status.js'

/** Where a rule connects to, the PROXY protocol it begins with, the SOCKS4 proxy on the way, and the TLS that is spoken. */
export interface Target {
  readonly address: Address
  readonly proxyProtocol: 1 | 2 | undefined
  readonly socks4: Address | undefined
  readonly tls: TlsClient | undefined
}

/** Done, to be waited for, or failed: see {@link Wire.failure}. */
export type Progress = 'continue' | 'wait' | 'stop'

const RETURNED: Readonly<Partial<Record<NetworkErrorCode, string>>> = {
  ECONNRESET: 'ECONNRESET returned by OS',
  ETIMEDOUT: 'ETIMEDOUT returned by OS',
  EPIPE: 'EPIPE returned by OS',
}

/** What HAProxy says before the words of the operating system when there is no socket to be had (`conn_err_code_str`). */
const NO_SOCKET: Readonly<Partial<Record<NetworkErrorCode, string>>> = {
  EMFILE: 'Too many sockets on the process',
  ENETUNREACH: 'General socket error',
  EACCES: 'General socket error',
  EPERM: 'General socket error',
}

export class Wire {
  /** bytes received and sent so far */
  bytesIn = 0
  bytesOut = 0
  /** whether the connection was made */
  established = false
  readonly #connection: Connection
  readonly #out = new OutBuffer()
  #handshakeSent = false
  #isSecuring = false
  #isSecured = false
  #ready = false
  /** what the SOCKS4 proxy has answered */
  #socksAnswer = ''
  #socksProblem: string | undefined

  constructor(
    network: Network,
    readonly target: Target,
    events: ConnectionEvents,
  ) {
    this.#connection = network.connect(
      target.socks4 ?? target.address,
      target.tls === undefined ? events : this.#watching(events),
    )
  }

  /** A connection that is made is at the layer of TLS, even where it is reset before anybody looks. */
  #watching(events: ConnectionEvents): ConnectionEvents {
    return {
      ...events,
      connected: (connection) => {
        this.established = true
        events.connected?.(connection)
      },
      secured: (connection) => {
        this.#isSecured = true
        events.secured?.(connection)
      },
    }
  }

  /** The connection is made, and what TLS needs is not agreed on. */
  get isSecuring(): boolean {
    return this.established && this.target.tls !== undefined && !this.#isSecured
  }

  /** Goes on until the check's own words may be said; `ready` is called once then. */
  open(ready: () => void): Progress {
    if (this.#ready) return 'continue'
    const { state, error, available } = this.#connection
    if (state === 'connecting') return 'wait'
    if (error !== undefined && !this.established && available === 0) return 'stop'
    this.established = true
    if (!this.#isSecuring) {
      const progress = this.#shakeHands()
      if (progress !== 'continue') return progress
    }
    const secured = this.#secure()
    if (secured !== 'continue') return secured
    this.#ready = true
    ready()
    return 'continue'
  }

  #secure(): Progress {
    const { tls } = this.target
    if (tls === undefined || this.#isSecured) return 'continue'
    if (this.#connection.state === 'closed') return 'stop'
    if (!this.#isSecuring) this.#connection.secure(tls)
    this.#isSecuring = true
    return 'wait'
  }

  #shakeHands(): Progress {
    const connection = this.#connection
    const { address, proxyProtocol, socks4 } = this.target
    if (!this.#handshakeSent) {
      this.#handshakeSent = true
      if (socks4 !== undefined) this.#out.put(socks4Request(address))
      if (proxyProtocol !== undefined) this.#out.put(proxyHeader(proxyProtocol, connection.local, address))
    }
    const sent = this.flush()
    if (sent !== 'continue' || socks4 === undefined) return sent
    this.#socksAnswer += fromBytes(connection.read(SOCKS4_ANSWER_LENGTH - this.#socksAnswer.length))
    if (this.#socksAnswer.length < SOCKS4_ANSWER_LENGTH) {
      if (!connection.ended && connection.error === undefined) return 'wait'
      this.#socksProblem = 'SOCKS4 Proxy read error during handshake'
    } else if (!isSocks4Granted(this.#socksAnswer)) this.#socksProblem = 'SOCKS4 Proxy deny the request'
    return this.#socksProblem === undefined ? 'continue' : 'stop'
  }

  /** Has `data`, a byte string, be sent with {@link flush}. */
  put(data: string): void {
    this.#out.put(data)
  }

  /** Sends what there is room for. */
  flush(): Progress {
    if (this.#out.isEmpty) return 'continue'
    if (this.#connection.state === 'closed') return 'stop'
    this.bytesOut += this.#out.writeTo(this.#connection)
    return this.#out.isEmpty ? 'continue' : 'wait'
  }

  /** Takes up to `limit` bytes of what has come, as a byte string. */
  read(limit: number): string {
    const bytes = this.#connection.read(limit)
    this.bytesIn += bytes.length
    return bytes.length === 0 ? '' : fromBytes(bytes)
  }

  /** It has failed, and all that came before was read. */
  get failed(): boolean {
    return this.#connection.error !== undefined && this.#connection.available === 0
  }

  /** The process may open no more descriptors. */
  get lacksDescriptor(): boolean {
    return this.#connection.error === 'EMFILE'
  }

  /** The other side has finished sending, and all was read. */
  get ended(): boolean {
    return this.#connection.ended
  }

  /** What is to be said of its failure. @param where the step at which it failed */
  failure(where: string, code: number): Finding {
    const lost = this.isSecuring ? STATUS.L6RSP : STATUS.SOCKERR
    if (this.#socksProblem !== undefined) return { status: lost, code, info: this.#socksProblem + where }
    const { error } = this.#connection
    if (error === undefined) return { status: STATUS.SOCKERR, info: where }
    if (!this.established) {
      const text = NO_SOCKET[error] === undefined ? ERROR_TEXT[error] : `${NO_SOCKET[error]} (${ERROR_TEXT[error]})`
      return { status: STATUS.L4CON, info: text + where }
    }
    const returned = RETURNED[error]
    const what = returned === undefined ? ERROR_TEXT[error] : `${returned} (${ERROR_TEXT[error]})`
    return { status: lost, code, info: what + where }
  }

  /** Ends it: in good order, or with the reset that HAProxy spares only servers that do not like it. */
  close(inGoodOrder: boolean): void {
    if (inGoodOrder) this.#connection.close()
    else this.#connection.reset()
  }
}
