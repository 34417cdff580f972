/**
 * The connection of a check: its establishment with SOCKS4, PROXY protocol and TLS, its data, and the finding when it fails
 * (`tcpcheck_eval_connect` in src/tcpcheck.c, `chk_report_conn_err` in src/check.c).
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
import type { Finding } from '../../config/checks/finding.js'
import { proxyHeader, proxyLine, tlvsOf } from '../connections/proxy-protocol.js'
import type { Origin } from '../connections/origin.js'
import { isSocks4Granted, SOCKS4_ANSWER_LENGTH, socks4Request } from '../connections/socks4.js'
import type { ProxyOption, ProxyTlv } from '../../config/model/server.js'
import type { LogFormat } from '../../config/samples/log-format.js'
import { STATUS } from '../../config/checks/status.js'

/** The header of the PROXY protocol that comes first. */
export interface ProxyProtocol {
  readonly version: 1 | 2
  readonly options: ReadonlySet<ProxyOption>
  readonly tlvs: readonly ProxyTlv[]
}

/** Where a rule connects to, and how: PROXY protocol, SOCKS4 proxy, TLS. */
export interface Target {
  readonly address: Address
  readonly proxyProtocol: ProxyProtocol | undefined
  readonly origin: Origin
  readonly socks4: Address | undefined
  readonly tls: TlsClient | undefined
}

/** Whether an operation is complete, has to wait, or has failed; {@link CheckConnection.failure} tells why. */
export type Progress = 'continue' | 'wait' | 'stop'

const RETURNED: Readonly<Partial<Record<NetworkErrorCode, string>>> = {
  ECONNRESET: 'ECONNRESET returned by OS',
  ETIMEDOUT: 'ETIMEDOUT returned by OS',
  EPIPE: 'EPIPE returned by OS',
}

/** HAProxy's text before that of the operating system when no socket can be opened (`conn_err_code_str`). */
const NO_SOCKET: Readonly<Partial<Record<NetworkErrorCode, string>>> = {
  EMFILE: 'Too many sockets on the process',
  ENETUNREACH: 'General socket error',
  EACCES: 'General socket error',
  EPERM: 'General socket error',
}

export class CheckConnection {
  /** bytes received and sent */
  bytesIn = 0
  bytesOut = 0
  /** whether the connection was established */
  established = false
  readonly #connection: Connection
  readonly #out = new OutBuffer()
  #handshakeSent = false
  #isSecuring = false
  #isSecured = false
  #ready = false
  /** the answer of the SOCKS4 proxy so far */
  #socksAnswer = ''
  #socksProblem: string | undefined

  constructor(
    network: Network,
    readonly target: Target,
    events: ConnectionEvents,
    /** evaluates the values of the PROXY header */
    readonly evaluate: (format: LogFormat) => string,
  ) {
    this.#connection = network.connect(
      target.socks4 ?? target.address,
      target.tls === undefined ? events : this.#watching(events),
      ...target.origin,
    )
  }

  /** A connection that was established counts as such even if it is reset before the next step. */
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

  /** Its own address, once it is known. */
  get local(): Address | undefined {
    return this.#connection.local
  }

  /** What it is connected to, or will be. */
  get remote(): Address {
    return this.target.address
  }

  /** The connection is established and its TLS handshake is not complete. */
  get isSecuring(): boolean {
    return this.established && this.target.tls !== undefined && !this.#isSecured
  }

  /** Continues until rules may send and expect data; `ready` is called once then. */
  open(ready: () => void): Progress {
    if (this.#ready) return 'continue'
    const { state, error, available } = this.#connection
    if (state === 'connecting') return 'wait'
    if (error !== undefined && !this.established && available === 0) return 'stop'
    this.established = true
    if (!this.#isSecuring) {
      const progress = this.#handshake()
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

  #handshake(): Progress {
    const connection = this.#connection
    const { address, proxyProtocol, socks4 } = this.target
    if (!this.#handshakeSent) {
      this.#handshakeSent = true
      if (socks4 !== undefined) this.#out.put(socks4Request(address))
      if (proxyProtocol !== undefined) this.#out.put(headerOf(proxyProtocol, connection.local, address, this.evaluate))
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

  /** Appends `data`, a byte string, to what {@link flush} sends. */
  put(data: string): void {
    this.#out.put(data)
  }

  /** Sends as much as the connection takes. */
  flush(): Progress {
    if (this.#out.isEmpty) return 'continue'
    if (this.#connection.state === 'closed') return 'stop'
    this.bytesOut += this.#out.writeTo(this.#connection)
    return this.#out.isEmpty ? 'continue' : 'wait'
  }

  /** Reads up to `limit` bytes that have been received, as a byte string. */
  read(limit: number): string {
    const bytes = this.#connection.read(limit)
    this.bytesIn += bytes.length
    return bytes.length === 0 ? '' : fromBytes(bytes)
  }

  /** It has failed, and everything received before was read. */
  get failed(): boolean {
    return this.#connection.error !== undefined && this.#connection.available === 0
  }

  /** The process had no file descriptor left for it. */
  get lacksDescriptor(): boolean {
    return this.#connection.error === 'EMFILE'
  }

  /** The peer has finished sending, and everything was read. */
  get ended(): boolean {
    return this.#connection.ended
  }

  /** The finding of its failure. @param where the step at which it failed */
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

  /** Closes it. @param gracefully with FIN, not with a reset */
  close(gracefully: boolean): void {
    if (gracefully) this.#connection.close()
    else this.#connection.reset()
  }
}

/** Version 1 has the addresses of the connection, version 2 none, as it is made on HAProxy's behalf. */
const headerOf = (
  { version, options, tlvs }: ProxyProtocol,
  from: Address,
  to: Address,
  evaluate: (format: LogFormat) => string,
): string =>
  version === 1 ? proxyLine(from, to) : proxyHeader(undefined, undefined, options, { tlvs: tlvsOf(tlvs, evaluate) })
