/**
 * One connection of an actor: sends what it is given as the other side makes room, after a delay if there is one, and
 * closes once all is sent. While its server stands still ({@link Server.hang}) it neither reads nor sends.
 */
import type { Timer } from '../../engine/index.js'
import { type Micros } from '../../engine/index.js'
import type { Connection, ConnectionEvents, NetworkErrorCode } from '../../net/network.js'
import { ALERT_BYTES, Endpoint, type TlsServer } from '../../net/sim/index.js'
import type { World } from './world.js'

/** What a session needs to know of its server. */
export interface SessionOwner {
  readonly world: World
  /** whether it stands still now */
  readonly standsStill: boolean
  /** a session has ended */
  left(session: Session): void
}

/** Characters to bytes, one each (ISO 8859-1). */
export const toBytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')
/** Bytes to characters, one each (ISO 8859-1). */
export const toText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

export abstract class Session implements ConnectionEvents {
  /** what comes once everything before it is sent */
  #then: 'finish' | 'close' | undefined
  #out: Uint8Array[] = []
  #waiting: Timer | undefined
  #afterWaiting: (() => void) | undefined
  /** TLS that is still to be agreed on */
  #tls: TlsServer | undefined
  #isEncrypted = false

  constructor(
    readonly owner: SessionOwner,
    readonly connection: Connection,
  ) {}

  /** Takes in what has arrived: called at the start, when there is more, and when the server goes on. */
  protected abstract take(): void

  get open(): boolean {
    return this.connection.state !== 'closed'
  }

  /** Whether an answer is being held back; what arrives meanwhile waits. */
  get busy(): boolean {
    return this.#afterWaiting !== undefined
  }

  /** Whether it closes as soon as all is sent. */
  get closing(): boolean {
    return this.#then === 'close'
  }

  /** Whether TLS is spoken. */
  get isEncrypted(): boolean {
    return this.#isEncrypted
  }

  readable(): void {
    this.goOn()
  }

  secured(): void {
    this.#isEncrypted = true
    this.#tls = undefined
    this.goOn()
  }

  writable(): void {
    this.#flush()
  }

  failed(_connection: Connection, _error: NetworkErrorCode): void {
    this.#stop()
  }

  /** Does what there is to do: begins, or goes on where it stood. */
  goOn(): void {
    if (this.owner.standsStill) return
    if (this.#tls) return this.#shakeHands(this.#tls)
    this.#flush()
    if (this.#afterWaiting && !this.#waiting?.pending) this.#waited()
    if (!this.busy && this.open && !this.closing) this.take()
  }

  /** Waits for the client's hello: nothing is taken or sent before TLS is spoken. */
  expectTls(tls: TlsServer): void {
    if (!(this.connection instanceof Endpoint)) return
    this.connection.expectsTls = true
    this.#tls = tls
  }

  #shakeHands(tls: TlsServer): void {
    const { connection } = this
    if (!(connection instanceof Endpoint) || !this.open) return
    if (connection.available > 0 && tls.plainToo) {
      this.#tls = undefined
      this.goOn()
    } else if (connection.available > 0) {
      connection.write(ALERT_BYTES)
      this.close()
    } else if (connection.ended) this.close()
    else if (connection.clientHello === undefined || tls.handshake === 'hang') return
    else if (tls.handshake === 'close') this.close()
    else connection.sendServerHello(tls)
  }

  /** Sends bytes, or characters as bytes. */
  protected send(data: Uint8Array | string): void {
    if (!this.open || this.#then) return
    const bytes = typeof data === 'string' ? toBytes(data) : data
    if (bytes.length > 0) this.#out.push(bytes)
    this.#flush()
  }

  /** Does `action` after `delay`, and goes on with what has arrived only then. */
  protected after(delay: Micros, action: () => void): void {
    if (delay <= 0) return action()
    this.#afterWaiting = action
    const { scheduler } = this.owner.world
    this.#waiting = scheduler.at(scheduler.clock.now + delay, () => this.goOn())
  }

  /** Finishes sending once all is sent. */
  protected finish(): void {
    this.#then ??= 'finish'
    this.#flush()
  }

  /** Closes once all is sent. */
  close(): void {
    this.#then = 'close'
    this.#flush()
  }

  /** Closes at once with a reset. */
  reset(): void {
    this.connection.reset()
    this.#stop()
  }

  #waited(): void {
    const action = this.#afterWaiting!
    this.#afterWaiting = undefined
    if (this.open) action()
  }

  #flush(): void {
    if (!this.open || this.owner.standsStill) return
    while (this.#out.length > 0) {
      const first = this.#out[0]!
      const sent = this.connection.write(first)
      if (sent < first.length) {
        this.#out[0] = first.subarray(sent)
        return
      }
      this.#out.shift()
    }
    if (this.#then === 'finish') this.connection.finish()
    if (this.#then !== 'close') return
    // taken, so that the other side sees an end and not a reset
    this.connection.read()
    this.connection.close()
    this.#stop()
  }

  #stop(): void {
    if (this.#waiting) this.owner.world.scheduler.timers.remove(this.#waiting)
    this.#afterWaiting = undefined
    this.#out = []
    this.owner.left(this)
  }
}
