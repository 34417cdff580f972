/**
 * An applet at one side of a stream: a part of this process that answers in place of a server, or one that is the client (`struct appctx`,
 * src/applet.c). It has a task, in whose steps it reads what is scheduled for sending in one channel, and writes to the other one.
 */
import { Wake, type Task } from '../../engine/task.js'
import type { MessageBuffer } from '../streams/buffer.js'
import { ANY_SHUT, SideFlag, type Connector } from '../streams/connector.js'
import { Endpoint } from '../streams/endpoint.js'
import type { Stream } from '../streams/stream.js'

export abstract class AppletEndpoint extends Endpoint {
  readonly kind = 'applet'
  readonly isReady = true
  readonly local = undefined
  readonly remote = undefined
  /** it continues to write once the channel allows that (not `SE_FL_HAVE_NO_DATA`) */
  hasInput = true
  readonly task: Task
  #isReadShut = false
  #isWriteShut = false
  #isReleased = false

  /**
   * @param name of its task
   * @param connector its side of the stream
   */
  constructor(
    readonly stream: Stream,
    name: string,
    thread: number,
    readonly connector: Connector = stream.back,
  ) {
    super()
    this.task = stream.context.process.threads.spawn({
      name,
      thread,
      nice: stream.task.nice,
      run: () => this.#step(),
    })
  }

  /** A step: reads, writes, or does nothing (`fct` of `struct applet`). */
  protected abstract run(): void
  /** It is over: called once (`release`). */
  protected abstract release(): void

  override resume(): void {
    this.task.wake(Wake.IO)
  }

  #step(): void {
    const { connector } = this
    const { input, output } = connector
    const before = output.buffer.outputData
    const { total } = input
    this.hasInput = false
    this.run()
    if (connector.has(SideFlag.NEED_ROOM | SideFlag.WONT_READ)) this.hasInput = true
    connector.appletRan(this, output.buffer.outputData !== before, input.total !== total)
  }

  /** Whether it has ended, failed, or been shut down: it is not run any more. */
  protected get isOver(): boolean {
    return this.endOfStream || this.hasFailed || this.#isReadShut || this.#isWriteShut
  }

  /** What it can read: the request, unless it is the client. */
  protected get request(): MessageBuffer {
    return this.connector.output.buffer
  }

  /** Nothing more will come to be read (`co_data` is 0, and the connector is being shut down). */
  get inputEnded(): boolean {
    return this.connector.has(ANY_SHUT)
  }

  /** Applets read and write the channels themselves, in steps of their task. */
  receive(): boolean {
    return false
  }

  send(): boolean {
    return false
  }

  shut(mode: 'normal' | 'silent'): void {
    this.#isWriteShut = true
    if (mode === 'silent') this.#isReadShut = true
    if (this.#isReadShut) this.#release()
    this.resume()
  }

  detach(): void {
    this.owner = undefined
    this.#release()
    this.task.kill()
  }

  #release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.release()
  }
}
