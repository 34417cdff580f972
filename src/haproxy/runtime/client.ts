/**
 * A client that is connected to a `stats socket`: its bytes become lines of a conversation, and answers go back as fast as
 * it reads them. A client that says nothing for `stats timeout` is let go.
 */
import { Wake, type Task } from '../../engine/task.js'
import { NetworkError, type Connection, type ConnectionEvents } from '../../net/network.js'
import type { RuntimeContext } from './context.js'
import { Conversation, LONGEST_LINE, type AnswerSink } from './conversation.js'
import type { Registry } from './registry.js'
import type { Level } from './session.js'

export class RuntimeClient implements ConnectionEvents, AnswerSink {
  readonly conversation: Conversation
  readonly since: number
  bytesOut = 0
  readonly #task: Task
  /** what the connection had no room for */
  readonly #waiting: Uint8Array[] = []

  /** @param ended called once when it is gone */
  constructor(
    readonly process: RuntimeContext,
    registry: Registry,
    readonly connection: Connection,
    level: Level,
    readonly ended: (client: RuntimeClient) => void,
  ) {
    this.conversation = new Conversation(process, registry, this, level)
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

  /** Ends it at once. */
  stop(): void {
    this.connection.reset()
    this.#end(false)
  }

  #touch(): void {
    const timeout = this.conversation.session.timeout ?? this.process.configuration.global.statsTimeout
    this.#task.wakeAt(this.process.clock.now + timeout)
  }

  #step(task: Task): void {
    const { conversation } = this
    if (task.reasons === Wake.TIMER) return this.#end(true)
    let active = this.#flush()
    active = this.#read() || active
    if (conversation.closed && this.hasRoom) return this.#end(true)
    if (active) this.#touch()
  }

  /** Takes in what has come, as far as lines may be long. */
  #read(): boolean {
    const { connection, conversation } = this
    let active = false
    while (!conversation.closed && connection.available > 0 && conversation.waiting < LONGEST_LINE) {
      const bytes = connection.read(LONGEST_LINE - conversation.waiting)
      if (bytes.length === 0) break
      active = true
      conversation.feed(bytes)
      this.#flush()
    }
    if (connection.ended && !conversation.inputEnded) conversation.endInput()
    return active || this.#flush()
  }

  /** Sends what there is room for. Returns whether anything was sent; what comes next may be said then. */
  #flush(): boolean {
    let sent = false
    try {
      while (!this.hasRoom) {
        const bytes = this.#takePiece()
        const count = this.connection.write(bytes)
        this.bytesOut += count
        sent ||= count > 0
        if (count < bytes.length) {
          this.#waiting.unshift(bytes.subarray(count))
          return sent
        }
        if (this.hasRoom) this.conversation.roomMade()
      }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      this.#end(false)
    }
    return sent
  }

  /** All that waits, as one piece. */
  #takePiece(): Uint8Array {
    const pieces = this.#waiting.splice(0)
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  }

  #end(inGoodOrder: boolean): void {
    if (this.#task.dead) return
    this.#task.kill()
    this.conversation.abandon()
    // what the client sent and nobody read would make it a reset
    while (inGoodOrder && this.connection.available > 0) this.connection.read()
    if (this.connection.state === 'open') this.connection.close()
    this.ended(this)
  }
}
