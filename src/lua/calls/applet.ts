/** The connection between a call and the AppletTCP object that its function gets. */
import type { Micros } from '../../engine/clock.js'
import type { Variables } from '../../haproxy/samples/variables.js'
import type { Coroutine } from '../host/coroutine.js'
import type { WaitList } from '../host/wait-list.js'
import type { SampleCaller } from './txn.js'

/** What objects of both classes of applets are bound to. */
export interface AppletScope {
  /** the variables of the stream */
  readonly variables: Variables
  /** what fetches and converters are evaluated for */
  readonly caller: SampleCaller
  /** the coroutine of the stream, which holds its private data; undefined: nothing else of the script has run for the stream */
  readonly privateOwner: Coroutine | undefined
}

/** The peer of an applet: where it reads from and writes to. Text is byte strings. */
export interface AppletStream extends AppletScope {
  /** Writes as much of the text as there is room for, from an index on. Returns the index of the rest. */
  write(text: string, from: number): number
  /** Whether everything that was written has been taken. */
  readonly isWritten: boolean
  /** Takes a line with its line feed, or the rest of the input once it has ended; empty if neither is available. */
  readLine(): string
  /** Takes up to `limit` bytes. */
  read(limit: number): string
  /** The number of bytes of input that can be taken. */
  readonly waiting: number
  readonly inputEnded: boolean
  /** whether a read that has met the end of the input is resumed; streams shut their applets down instead */
  readonly isResumedAtEnd: boolean
  /** coroutines that wait for input */
  readonly readers: WaitList
  /** coroutines that wait for room to write */
  readonly writers: WaitList
}

/** What an AppletTCP object represents. */
export class Applet {
  /** what the current `receive` has read so far */
  received = ''
  /** when it returns at the latest */
  deadline: Micros | undefined

  constructor(readonly stream: AppletStream) {}
}
