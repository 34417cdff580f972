/**
 * A connection of an actor: buffers output until the peer has room, delays it if requested, and closes after all data is
 * sent. While its server hangs ({@link Server.hang}), it neither reads nor sends.
 */
import { toBytes } from '../../bytes/latin1.js'
import type { Timer } from '../../engine/index.js'
import { type Micros } from '../../engine/index.js'
import type { Connection, ConnectionEvents, NetworkErrorCode } from '../../net/network.js'
import { ALERT_BYTES, Endpoint, type TlsServer } from '../../net/sim/index.js'
import type { ActorContext } from './world.js'

/** The owner of sessions. */
export interface ActorSessionOwner {
  readonly world: ActorContext
  /** whether it currently hangs */
  readonly isHung: boolean
  /** called when a session has ended */
  sessionEnded(session: Session): void
}

const bytesOf = (text: string): Uint8Array => {
  if (/[^\0-\xff]/.test(text))
    throw new RangeError(`${JSON.stringify(text)} has characters that are not bytes: encodeText(text) is its UTF-8`)
  return toBytes(text)
}

/** A connection of an actor. */
export abstract class Session implements ConnectionEvents {
  /** what to do after all data is sent */
  #pendingEnd: 'finish' | 'close' | 'reset' | undefined
  #output: Uint8Array[] = []
  #delayTimer: Timer | undefined
  #delayedAction: (() => void) | undefined
  /** settings of a TLS handshake that is not complete */
  #pendingTls: TlsServer | undefined
  #isEncrypted = false

  constructor(
    readonly owner: ActorSessionOwner,
    readonly connection: Connection,
  ) {}

  /** Handles received data: called at the start, on new data, and when the server resumes. */
  protected abstract handleInput(): void

  get open(): boolean {
    return this.connection.state !== 'closed'
  }

  /** Whether a delayed response is pending; input is not handled until it is sent. */
  get busy(): boolean {
    return this.#delayedAction !== undefined
  }

  /** Whether it closes, or is reset, after all data is sent. */
  get closing(): boolean {
    return this.#pendingEnd === 'close' || this.#pendingEnd === 'reset'
  }

  /** Whether it uses TLS. */
  get isEncrypted(): boolean {
    return this.#isEncrypted
  }

  readable(): void {
    this.resume()
  }

  secured(): void {
    this.#isEncrypted = true
    this.#pendingTls = undefined
    this.readable()
  }

  writable(): void {
    this.#flush()
  }

  failed(_connection: Connection, _error: NetworkErrorCode): void {
    this.#stop()
  }

  /** Processes everything that is pending. */
  resume(): void {
    if (this.owner.isHung) return
    if (this.#pendingTls) return this.#handshake(this.#pendingTls)
    this.#flush()
    if (this.#delayedAction && !this.#delayTimer?.pending) this.#runDelayed()
    if (!this.busy && this.open && !this.closing) this.handleInput()
  }

  /** Waits for a TLS handshake before handling or sending data. */
  expectTls(tls: TlsServer): void {
    if (!(this.connection instanceof Endpoint)) return
    this.connection.expectsTls = true
    this.#pendingTls = tls
  }

  #handshake(tls: TlsServer): void {
    const { connection } = this
    if (!(connection instanceof Endpoint) || !this.open) return
    if (connection.available > 0 && tls.plainToo) {
      this.#pendingTls = undefined
      this.resume()
    } else if (connection.available > 0) {
      connection.write(ALERT_BYTES)
      this.close()
    } else if (connection.ended) this.close()
    else if (connection.clientHello === undefined || tls.handshake === 'hang') return
    else if (tls.handshake === 'close') this.close()
    else connection.sendServerHello(tls)
  }

  /** Sends bytes, or a text with a character for each byte. Throws a RangeError for other characters. */
  protected send(data: Uint8Array | string): void {
    if (!this.open || this.#pendingEnd) return
    const bytes = typeof data === 'string' ? bytesOf(data) : data
    if (bytes.length > 0) this.#output.push(bytes)
    this.#flush()
  }

  /** Runs `action` after `delay`; input is not handled until then. */
  protected after(delay: Micros, action: () => void): void {
    if (delay <= 0) return action()
    this.#delayedAction = action
    const { scheduler } = this.owner.world
    this.#delayTimer = scheduler.at(scheduler.clock.now + delay, () => this.resume())
  }

  /** Shuts down sending after all data is sent. */
  protected finish(): void {
    this.#pendingEnd ??= 'finish'
    this.#flush()
  }

  /** Closes after all data is sent. */
  close(): void {
    this.#pendingEnd = 'close'
    this.#flush()
  }

  /** Resets immediately. */
  reset(): void {
    this.connection.reset()
    this.#stop()
  }

  /** Closes immediately: data that was not sent is discarded, and the peer gets RST if data was not read, as in TCP. */
  protected abandon(): void {
    this.connection.close()
    this.#stop()
  }

  /** Resets after all data is sent. */
  protected resetAfterSending(): void {
    this.#pendingEnd = 'reset'
    this.#flush()
  }

  #runDelayed(): void {
    const action = this.#delayedAction!
    this.#delayedAction = undefined
    if (this.open) action()
  }

  #flush(): void {
    if (!this.open || this.owner.isHung) return
    while (this.#output.length > 0) {
      const first = this.#output[0]!
      const sent = this.connection.write(first)
      if (sent < first.length) {
        this.#output[0] = first.subarray(sent)
        return
      }
      this.#output.shift()
    }
    if (this.#pendingEnd === 'finish') this.connection.finish()
    if (this.#pendingEnd === 'reset') return this.reset()
    if (this.#pendingEnd !== 'close') return
    // discard input, as closing with unread data would reset the connection
    this.connection.read()
    this.connection.close()
    this.#stop()
  }

  #stop(): void {
    if (this.#delayTimer) this.owner.world.scheduler.timers.remove(this.#delayTimer)
    this.#delayedAction = undefined
    this.#output = []
    this.owner.sessionEnded(this)
  }
}
