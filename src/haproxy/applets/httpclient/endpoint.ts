/** The HTTP client at the front of a stream (`httpclient_applet_io_handler` in src/http_client.c). */
import type { ResponseHead } from '../../../http/message.js'
import type { Stream } from '../../streams/stream.js'
import { AppletEndpoint } from '../applet-endpoint.js'

/** The request and the response of a client, as its endpoint moves them. Data are byte strings. */
export interface ClientMessages {
  /** Called before the endpoint looks for more of the body of the request. */
  readonly onRoom: (() => void) | undefined
  /** all of the body of the request was given, and has been taken */
  readonly isSent: boolean
  /** some of the body of the request can be taken */
  readonly hasPending: boolean
  /** Takes at most `room` bytes of the body of the request. */
  takePending(room: number): string
  /** bytes of the body of the response for which there is room */
  readonly room: number
  receiveHead(head: ResponseHead): void
  receiveData(bytes: string): void
  /** The stream has left the endpoint. */
  end(): void
}

/** The next thing that it does (`HTTPCLIENT_S_…`). */
type Step = 'request body' | 'response head' | 'response body' | 'end'

export class ClientEndpoint extends AppletEndpoint {
  #next: Step
  #isStopped = false

  constructor(
    readonly client: ClientMessages,
    stream: Stream,
  ) {
    super(stream, '<HTTPCLIENT>', stream.task.thread, stream.front)
    stream.front.endpoint = this
    this.owner = stream
    this.#next = client.isSent ? 'response head' : 'request body'
    this.resume()
  }

  /** Ends the stream, as the response is not needed any more. */
  abort(): void {
    this.#isStopped = true
    this.resume()
  }

  protected run(): void {
    if (this.isOver) return this.#drop()
    if (this.#isStopped) {
      this.hasFailed = true
      return
    }
    if (this.#next === 'request body') this.#sendBody()
    else {
      if (this.#next === 'response head') this.#receiveHead()
      if (this.#next === 'response body') this.#receiveBody()
    }
    if (this.#next === 'end') this.endOfStream = true
  }

  /** Drops what is left of the response. */
  #drop(): void {
    const { buffer } = this.connector.output
    while (buffer.hasOutput) buffer.shift()
  }

  #sendBody(): void {
    const { client, connector } = this
    client.onRoom?.()
    const { input } = connector
    const bytes = client.takePending(input.buffer.dataRoom)
    if (bytes !== '') input.receive({ kind: 'data', bytes, announced: undefined })
    if (client.isSent) {
      input.buffer.isComplete = true
      this.#next = 'response head'
      this.endOfInput = true
      this.resume()
    } else if (client.hasPending) connector.needMoreRoom()
  }

  /** Takes the head of the final response. */
  #receiveHead(): void {
    this.endOfInput = true
    const { buffer } = this.connector.output
    for (let block = buffer.next; block !== undefined; block = buffer.next) {
      if (block.kind !== 'head') return
      buffer.shift()
      const { head } = block
      if (!('status' in head) || head.isInterim) continue
      this.client.receiveHead(head)
      this.#next = buffer.isEmpty && buffer.isComplete ? 'end' : 'response body'
      return
    }
  }

  /** Takes as much of the body as the client has room for; what is not data is dropped. */
  #receiveBody(): void {
    const { client, connector } = this
    const { buffer } = connector.output
    if (!buffer.hasOutput) return
    for (let block = buffer.next; block !== undefined; block = buffer.next) {
      if (block.kind !== 'data') {
        buffer.shift()
        continue
      }
      const { room } = client
      if (room === 0) return
      const bytes = block.bytes.slice(0, room)
      buffer.consume(bytes.length)
      client.receiveData(bytes)
    }
    if (buffer.isEmpty && buffer.isComplete) this.#next = 'end'
  }

  protected release(): void {
    this.stream.context.process.counters.sessionEnds()
    this.client.end()
  }
}
