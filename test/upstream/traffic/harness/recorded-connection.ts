/** One TCP connection of a client or a server: every byte that it received and how the peer ended it. */
import type { PeerEnd, Pipe, PipeEvents, World } from './world.js'

export class RecordedConnection {
  pipe!: Pipe
  received = ''
  peerEnd: PeerEnd | undefined
  /** when the peer ended it, by the clock of the world */
  endedAt = 0
  /** whether this side has closed or reset it: what the peer does then is not observed */
  isClosed = false
  #isEstablished = false
  #consumed = 0
  #wake = (): void => undefined

  constructor(readonly world: World) {}

  /** What its pipe reports to. */
  readonly events: PipeEvents = {
    established: () => {
      this.#isEstablished = true
      this.#wake()
    },
    received: (bytes) => {
      this.received += bytes
      this.#wake()
    },
    ended: (how) => {
      if (this.hasEnded) return
      this.peerEnd = how
      this.endedAt = this.world.now
      this.#wake()
    },
  }

  /** Whether nothing more is to be observed. */
  get hasEnded(): boolean {
    return this.isClosed || this.peerEnd !== undefined
  }

  /** Waits until the connection is established or refused. */
  connected(limit: number): Promise<boolean> {
    return this.#when(() => this.#isEstablished, limit)
  }

  /** Waits until `bytes` is received after what was consumed before, and consumes it. False if the peer ended before, or after `limit` ms. */
  async until(bytes: string, limit: number): Promise<boolean> {
    const find = (): number => this.received.indexOf(bytes, this.#consumed)
    if (!(await this.#when(() => find() >= 0, limit))) return false
    this.#consumed = find() + bytes.length
    return true
  }

  /** Waits until `count` more bytes are received, and consumes them. */
  async read(count: number, limit: number): Promise<boolean> {
    if (!(await this.#when(() => this.received.length >= this.#consumed + count, limit))) return false
    this.#consumed += count
    return true
  }

  /** Waits until the peer has ended its side. */
  end(limit: number): Promise<boolean> {
    return this.#when(() => this.peerEnd !== undefined, limit)
  }

  send(bytes: string): void {
    this.pipe.send(bytes)
  }

  shut(): void {
    this.pipe.shut()
  }

  close(): void {
    this.isClosed = true
    this.pipe.close()
  }

  reset(): void {
    this.isClosed = true
    this.pipe.reset()
  }

  #when(condition: () => boolean, limit: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        cancel()
        this.#wake = () => undefined
        resolve(result)
      }
      const cancel = this.world.after(limit, () => finish(false))
      this.#wake = () => {
        if (condition()) finish(true)
        else if (this.hasEnded) finish(false)
      }
      this.#wake()
    })
  }
}
