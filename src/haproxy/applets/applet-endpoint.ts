/**
 * An applet at the back of a stream: a part of this process that answers in place of a server (`struct appctx`, src/applet.c). It has a
 * task, in whose steps it reads what is scheduled for sending in the channel of the request, and writes to that of the response.
 */
import { Wake, type Task } from '../../engine/task.js'
import type { MessageBuffer } from '../streams/buffer.js'
import { ANY_SHUT, SideFlag } from '../streams/connector.js'
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

  /** @param name of its task */
  constructor(
    readonly stream: Stream,
    name: string,
    thread: number,
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
    const { stream } = this
    const { back, request, response } = stream
    const before = request.buffer.outputData
    const { total } = response
    this.hasInput = false
    this.run()
    if (back.has(SideFlag.NEED_ROOM | SideFlag.WONT_READ)) this.hasInput = true
    back.appletRan(this, request.buffer.outputData !== before, response.total !== total)
  }

  /** Whether it has ended, failed, or been shut down: it is not run any more. */
  protected get isOver(): boolean {
    return this.endOfStream || this.hasFailed || this.#isReadShut || this.#isWriteShut
  }

  /** What it can read. */
  protected get request(): MessageBuffer {
    return this.stream.request.buffer
  }

  /** No more of the request will come (`co_data` is 0, and the connector is being shut down). */
  get inputEnded(): boolean {
    return this.stream.back.has(ANY_SHUT)
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
