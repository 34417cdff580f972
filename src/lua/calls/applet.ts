/** The connection between a call and the AppletTCP object that its function gets. */
import type { Micros } from '../../engine/clock.js'
import type { Variables } from '../../haproxy/samples/variables.js'
import type { WaitList } from '../host/wait-list.js'

/** The peer of an applet: where it reads from and writes to. */
export interface AppletStream {
  /** Sends all of it; {@link hasRoom} is false while the peer has not taken it. */
  send(bytes: Uint8Array): void
  readonly hasRoom: boolean
  /** Takes a line with its line feed, or the rest of the input once it has ended; empty if neither is available. */
  readLine(): Uint8Array
  /** Takes up to `limit` bytes. */
  read(limit: number): Uint8Array
  /** The number of bytes of input that can be taken. */
  readonly waiting: number
  readonly inputEnded: boolean
  readonly variables: Variables
  /** coroutines that wait for input */
  readonly readers: WaitList
  /** coroutines that wait for room to write */
  readonly writers: WaitList
}

/** What an AppletTCP object represents. */
export class Applet {
  /** what the current `receive` has read so far */
  received: Uint8Array[] = []
  /** when it returns at the latest */
  deadline: Micros | undefined

  constructor(readonly stream: AppletStream) {}
}
