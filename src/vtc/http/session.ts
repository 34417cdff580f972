/** The HTTP session of a client or a server: its connection, and the messages it has received (`struct http` in VTest's src/vtc_http.h). */
import type { Micros } from '../../engine/clock.js'
import { Failure } from '../failure.js'
import { waitFor, type Script } from '../script.js'
import type { Listener, Pipe } from '../world.js'
import type { Actor } from '../test.js'

/** The head of a message. The start line has three parts, of which the last may be missing. */
export interface Head {
  readonly start: readonly [string | undefined, string | undefined, string | undefined]
  /** fields as they were received: `Host: localhost` */
  readonly fields: readonly string[]
}

export const NO_HEAD: Head = { start: [undefined, undefined, undefined], fields: [] }

/** The value of the first field with a name, if any. */
export const fieldOf = ({ fields }: Head, name: string): string | undefined => {
  const prefix = `${name.toLowerCase()}:`
  const field = fields.find((each) => each.slice(0, prefix.length).toLowerCase() === prefix)
  return field?.slice(prefix.length).replace(/^[ \t]+/, '')
}

export const UNDEFINED = '<undef>'

export class HttpSession {
  /** how long it waits for bytes */
  timeout: Micros
  /** whether a failure of the connection ends the test (`fatal`, `non_fatal`) */
  isFatal = true
  request = NO_HEAD
  response = NO_HEAD
  /** undefined: no message was received */
  body: string | undefined
  bodyLength = UNDEFINED
  chunkLength = UNDEFINED
  /** the last request of a client was HEAD */
  isHead = false
  pipe: Pipe | undefined

  /** @param listener where a server accepts further connections; undefined: a client */
  constructor(
    readonly actor: Actor,
    /** the value of the fields Server and User-Agent */
    readonly name: string,
    pipe: Pipe,
    readonly listener: Listener | undefined,
  ) {
    this.pipe = pipe
    this.timeout = actor.test.duration / 2
  }

  get isClient(): boolean {
    return this.listener === undefined
  }

  /** A failure of the connection: ends the test unless that is switched off. */
  failed(message: string): void {
    if (this.isFatal) throw new Failure(message)
  }

  /** The connection. Throws a {@link Failure} if it is closed. */
  get open(): Pipe {
    if (this.pipe) return this.pipe
    throw new Failure('the connection is closed')
  }

  /** Sends bytes; waits until there is room for all. */
  *send(bytes: string): Script {
    const { open } = this
    let sent = 0
    while (sent < bytes.length) {
      const count = open.send(sent === 0 ? bytes : bytes.slice(sent))
      if (typeof count !== 'number') return this.failed(`Write failed: ${count.error}`)
      sent += count
      if (sent === bytes.length) return
      const { changed } = open
      let isFirst = true
      yield {
        what: `room to send to ${peerOf(open)}`,
        on: changed,
        ready: () => !isFirst || ((isFirst = false), open.failure !== undefined),
      }
    }
  }

  /**
   * Waits until there is something to read, or the peer has finished.
   * @returns false: nothing more will be received
   */
  *readable(): Script<boolean> {
    const { open } = this
    const ready = (): boolean => open.received.length > 0 || open.ended
    for (;;) {
      const until = this.actor.test.world.now + this.timeout
      if (yield* waitFor({ what: `bytes from ${peerOf(open)}`, on: open.changed, ready, until }))
        return open.received.length > 0
      this.failed(`HTTP rx timeout (${(this.timeout / 1e6).toFixed(3)}s)`)
    }
  }

  /**
   * Receives exactly `count` bytes.
   * @returns undefined: the connection has ended before that, and that does not end the test
   */
  *receive(count: number): Script<string | undefined> {
    let read = ''
    while (read.length < count) {
      if (!(yield* this.readable())) {
        const { failure } = this.open
        const missing = count - read.length
        this.failed(failure === undefined ? `HTTP rx EOF (${missing} bytes missing)` : `HTTP rx failed (${failure})`)
        return undefined
      }
      read += this.open.received.take(count - read.length)
    }
    return read
  }
}

/** The address of the other end, for people. */
export const peerOf = ({ remote: { ip, port, path } }: Pipe): string => path ?? `${ip}:${port}`

/** Waits for a connection. @param until when it gives up */
export function* acceptFrom(listener: Listener): Script<Pipe> {
  const { name, changed } = listener
  for (;;) {
    const pipe = listener.accept()
    if (pipe) return pipe
    yield {
      what: `a connection to ${name.path ?? `${name.ip}:${name.port}`}`,
      on: changed,
      ready: () => listener.waiting > 0,
    }
  }
}
