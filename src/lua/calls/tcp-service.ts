/** A call of a service for TCP: its function gets an AppletTCP (`hlua_applet_tcp_init`, `hlua_applet_tcp_fct` in src/hlua.c). */
import type { Stream } from '../../haproxy/streams/stream.js'
import type { ScriptHost } from '../host/script-state.js'
import { Applet, type AppletStream } from './applet.js'
import type { Registration } from './registrations.js'
import { ServiceCall } from './service.js'

export class TcpServiceCall extends ServiceCall implements AppletStream {
  readonly isResumedAtEnd = false
  readonly isWritten = true

  constructor(host: ScriptHost, registration: Registration, stream: Stream) {
    super(host, registration, stream)
    this.prepare(new Applet(this))
  }

  protected run(): void {
    if (!this.isOver && !this.isDone) {
      const result = this.step()
      if (result === 'again') return
      if (result === 'failed') this.hasFailed = true
      else this.endOfInput = this.endOfStream = true
    }
    this.dropRequest()
  }

  get waiting(): number {
    return this.request.outputData
  }

  readLine(): string {
    const { output } = this.request
    const end = output.indexOf('\n') + 1
    if (end === 0 && !this.inputEnded) return ''
    return this.#take(output, end === 0 ? output.length : end)
  }

  read(limit: number): string {
    const { output } = this.request
    return this.#take(output, Math.min(output.length, limit))
  }

  #take(output: string, count: number): string {
    for (let left = count; left > 0;) {
      const block = this.request.next
      if (block?.kind !== 'data') break
      const taken = Math.min(left, block.bytes.length)
      this.request.consume(taken)
      left -= taken
    }
    return output.slice(0, count)
  }

  write(text: string, from: number): number {
    const { response, back } = this.stream
    const part = text.slice(from, from + response.room)
    if (part !== '') response.receive({ kind: 'data', bytes: part, announced: undefined })
    const end = from + part.length
    if (end < text.length) back.needMoreRoom()
    return end
  }
}
