/** What a case is played on: a network and a clock, real (`node-world.ts`) or simulated (`simulated-world.ts`). */

/** What happens on a connection. */
export interface PipeEvents {
  established(): void
  received(bytes: string): void
  /** the peer has ended its side, or the connection has failed */
  ended(how: PeerEnd): void
}

/** How the peer ended its side. */
export type PeerEnd = 'FIN' | 'RST' | 'refused'

/** One end of a TCP connection. Bytes are byte strings. */
export interface Pipe {
  /** 0 before it is established */
  readonly localPort: number
  send(bytes: string): void
  /** Ends the own side. */
  shut(): void
  /** Closes once what was sent has left. */
  close(): void
  reset(): void
  /** Stops reading. */
  pause(): void
  resume(): void
  /** Closes without waiting for anything. */
  destroy(): void
}

export interface ListeningServer {
  /** `127.0.0.1:PORT` */
  readonly address: string
  close(): void
}

export interface World {
  /** milliseconds since any start */
  readonly now: number
  sleep(ms: number): Promise<void>
  /** Calls `action` after `ms`, unless the returned function is called before. */
  after(ms: number, action: () => void): () => void
  connect(address: string, events: PipeEvents): Pipe
  /** @param accept is called with each connection, and returns what its events are reported to */
  listen(accept: (pipe: Pipe) => PipeEvents): Promise<ListeningServer>
}
