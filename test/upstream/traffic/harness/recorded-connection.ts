/** One TCP connection of a client or a server: every byte that it received and how the peer ended it. */
import type { Socket } from 'node:net'

/** How the peer ended its side. */
export type PeerEnd = 'FIN' | 'RST' | 'refused'

export class RecordedConnection {
  received = ''
  peerEnd: PeerEnd | undefined
  /** when the peer ended it, in ms of `performance.now()` */
  endedAt = 0
  /** whether this side has closed or reset it: what the peer does then is not observed */
  isClosed = false
  /** 0 before it is established */
  localPort = 0
  #consumed = 0
  #wake = (): void => undefined

  constructor(readonly socket: Socket) {
    socket.setNoDelay(true)
    socket.on('data', (data: Buffer) => {
      this.received += data.toString('latin1')
      this.#wake()
    })
    socket.on('end', () => this.#ended('FIN'))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#ended(error.code === 'ECONNREFUSED' ? 'refused' : 'RST'))
  }

  /** Whether nothing more is to be observed. */
  get hasEnded(): boolean {
    return this.isClosed || this.peerEnd !== undefined
  }

  /** Waits until the connection is established or refused. */
  established(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('connect', () => {
        this.localPort = this.socket.localPort ?? 0
        resolve()
      })
      this.socket.once('close', () => resolve())
    })
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
    if (this.socket.writable) this.socket.write(Buffer.from(bytes, 'latin1'))
  }

  /** Ends the own side. */
  shut(): void {
    this.socket.end()
  }

  /** Closes once what was sent has left. */
  close(): void {
    this.isClosed = true
    if (this.socket.writable) this.socket.write('', () => this.socket.destroy())
    else this.socket.destroy()
  }

  reset(): void {
    this.isClosed = true
    this.socket.resetAndDestroy()
  }

  #ended(how: PeerEnd): void {
    if (this.hasEnded) return
    this.peerEnd = how
    this.endedAt = performance.now()
    this.#wake()
  }

  #when(condition: () => boolean, limit: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        clearTimeout(timer)
        this.#wake = () => undefined
        resolve(result)
      }
      const timer = setTimeout(() => finish(false), limit)
      this.#wake = () => {
        if (condition()) finish(true)
        else if (this.hasEnded) finish(false)
      }
      this.#wake()
    })
  }
}
