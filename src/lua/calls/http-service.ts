/** A call of a service for HTTP: its function gets an AppletHTTP (`hlua_applet_http_init`, `hlua_applet_http_fct` in src/hlua.c). */
import { Fields, type ResponseHead } from '../../http/index.js'
import { builtInReply } from '../../haproxy/streams/http/replies.js'
import { SideFlag } from '../../haproxy/streams/connector.js'
import { BLOCK_SIZE } from '../../http/h1/limits.js'
import type { Stream } from '../../haproxy/streams/stream.js'
import type { ScriptHost } from '../host/script-state.js'
import type { Registration } from './registrations.js'
import { ServiceCall } from './service.js'

export class HttpServiceCall extends ServiceCall {
  /** of the response */
  status = 200
  /** undefined: that of the status */
  reason: string | undefined
  /** the head of the response is written */
  isStarted = false
  /** what the current read has taken so far */
  taken = ''
  #isChunked = false

  constructor(host: ScriptHost, registration: Registration, stream: Stream) {
    super(host, registration, stream)
    this.prepare(this)
  }

  protected run(): void {
    if (!this.isOver && !this.isDone) {
      if (!this.coroutine.running && !this.request.hasOutput) return
      const result = this.step()
      if (result === 'again') return
      if (result === 'failed' || !this.isStarted) this.#fail()
      else this.#end()
    }
    this.dropRequest()
  }

  /** The response is complete. */
  #end(): void {
    const { response, transaction } = this.stream
    // something has to be sent for the end of the message to be noticed
    if (response.buffer.isEmpty) {
      const block = { kind: 'trailers', fields: new Fields() } as const
      if (this.#isChunked) response.receive(block)
      else response.buffer.push(block)
    }
    response.buffer.isComplete = true
    this.endOfInput = this.endOfStream = true
    transaction!.status = this.status
  }

  /** Answers with HAProxy's page of 500, or aborts a response that has begun. */
  #fail(): void {
    const { stream } = this
    const { response } = stream
    if (this.isStarted) this.hasFailed = true
    else {
      response.erase()
      const { head, body } = builtInReply(stream, 500)
      response.receive({ kind: 'head', head })
      response.receive({ kind: 'data', bytes: body, announced: undefined })
      response.buffer.isComplete = true
      this.endOfInput = this.endOfStream = true
    }
    stream.endBy('R')
  }

  /** Whether the request was received as HTTP/1.1 or later. */
  get isVersion11(): boolean {
    return this.stream.transaction!.request.isVersion11 === true
  }

  /** Whether the head of the response can be written: what was written before has been sent. */
  get canStart(): boolean {
    const { response, back } = this.stream
    if (!response.buffer.hasOutput) return true
    back.needMoreRoom(true)
    return false
  }

  /** Writes the head of the response. Returns false if it is too large. */
  start(head: ResponseHead): boolean {
    const { response } = this.stream
    const { buffer } = response
    buffer.push({ kind: 'head', head })
    if (buffer.room(response.reserve) === 0) {
      response.erase()
      return false
    }
    // a head before it that was not forwarded yet is counted once more
    response.total += buffer.data
    this.isStarted = true
    this.#isChunked = head.body === 'chunked'
    return true
  }

  /** Writes as much of a byte string as there is room for, from an index on. Returns the index of the rest. */
  write(text: string, from: number): number {
    const { response, back } = this.stream
    const room = Math.max(0, response.room - BLOCK_SIZE)
    const part = text.slice(from, from + room)
    if (part !== '') response.receive({ kind: 'data', bytes: part, announced: undefined })
    const end = from + part.length
    if (end < text.length || room === 0) back.needMoreRoom()
    return room === 0 ? -1 : end
  }

  /**
   * Takes data of the request, at most so many bytes, and not more than a line if asked for. Returns whether that is all: nothing more
   * will come, or the line has ended.
   */
  take(limit: number, isLine: boolean): boolean {
    const { request } = this
    let left = limit
    for (let block = request.next; block !== undefined && left > 0; block = request.next) {
      if (block.kind === 'data') {
        const end = isLine ? block.bytes.indexOf('\n') + 1 : 0
        const count = Math.min(left, end > 0 ? end : block.bytes.length)
        this.taken += block.bytes.slice(0, count)
        left -= count
        request.consume(count)
        if (end > 0) return true
      } else {
        request.shift()
        if (block.kind === 'trailers') return true
      }
    }
    return left === 0 || (request.isEmpty && this.stream.front.has(SideFlag.EOI))
  }
}
