/**
 * A client of a `stats socket`: passes what it sends to its applet, and responses back as fast as it reads them. It is disconnected
 * when it has been idle for `stats timeout`.
 */
import { Wake, type Task } from '../../engine/task.js'
import { NetworkError, type Connection, type ConnectionEvents } from '../../net/network.js'
import type { RuntimeContext } from './context.js'
import { CliApplet, LONGEST_LINE, type AnswerSink } from './applet.js'
import type { Registry } from './registry.js'
import type { Level } from './session.js'

export class RuntimeClient implements ConnectionEvents, AnswerSink {
  readonly applet: CliApplet
  readonly since: number
  readonly #task: Task
  /** what the connection has not taken yet */
  readonly #waiting: Uint8Array[] = []

  /** @param ended called once, when it has disconnected */
  constructor(
    readonly process: RuntimeContext,
    registry: Registry,
    readonly connection: Connection,
    level: Level,
    readonly ended: (client: RuntimeClient) => void,
  ) {
    this.applet = new CliApplet(process, registry, this, level)
    this.since = process.clock.now
    this.#task = process.threads.spawn({ name: 'cli client', run: (task) => this.#step(task) })
    this.#touch()
  }

  get hasRoom(): boolean {
    return this.#waiting.length === 0
  }

  write(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#task.wake(Wake.IO)
  }

  readable(): void {
    this.#task.wake(Wake.IO)
  }

  writable(): void {
    this.#task.wake(Wake.IO)
  }

  failed(): void {
    this.#end(false)
  }

  /** Resets the connection. */
  stop(): void {
    this.connection.reset()
    this.#end(false)
  }

  #touch(): void {
    const timeout = this.applet.session.timeout ?? this.process.configuration.global.statsTimeout
    this.#task.wakeAt(this.process.clock.now + timeout)
  }

  #step(task: Task): void {
    const { applet } = this
    if (task.reasons === Wake.TIMER) return this.#end(true)
    let active = this.#flush()
    active = this.#read() || active
    if (applet.closed && this.hasRoom) return this.#end(true)
    if (active) this.#touch()
  }

  /** Reads input, up to the maximum length of a line. */
  #read(): boolean {
    const { connection, applet } = this
    let active = false
    while (!applet.closed && connection.available > 0 && applet.waiting < LONGEST_LINE) {
      const bytes = connection.read(LONGEST_LINE - applet.waiting)
      if (bytes.length === 0) break
      active = true
      applet.feed(bytes)
      this.#flush()
    }
    if (connection.ended && !applet.inputEnded) applet.endInput()
    return active || this.#flush()
  }

  /** Sends as much as the connection takes. Returns whether anything was sent; the applet may write more then. */
  #flush(): boolean {
    let sent = false
    try {
      while (!this.hasRoom) {
        const bytes = this.#takePiece()
        const count = this.connection.write(bytes)
        this.process.counters.sent(count)
        sent ||= count > 0
        if (count < bytes.length) {
          this.#waiting.unshift(bytes.subarray(count))
          return sent
        }
        if (this.hasRoom) this.applet.roomMade()
      }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      this.#end(false)
    }
    return sent
  }

  /** All data that waits to be sent, as one byte string. */
  #takePiece(): Uint8Array {
    const pieces = this.#waiting.splice(0)
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  }

  #end(gracefully: boolean): void {
    if (this.#task.dead) return
    this.#task.kill()
    this.applet.abandon()
    // closing with unread input would send a reset
    while (gracefully && this.connection.available > 0) this.connection.read()
    if (this.connection.state === 'open') this.connection.close()
    this.ended(this)
  }
}
