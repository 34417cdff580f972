/**
 * The receiving side of an HTTP check: what has been parsed of the response, in a buffer of HAProxy's size (`tcpcheck_eval_recv` in
 * src/tcpcheck.c, `h1_process_demux` in src/mux_h1.c). All strings are byte strings.
 */
import { ResponseReader, type ResponseHead } from '../../http/index.js'
import { BLOCK_SIZE, DEFAULT_LIMITS, HTX_SIZE, sizeOfHead } from '../../http/h1/limits.js'

/** Space for messages in a buffer. */
const SPACE = DEFAULT_LIMITS.buffer - HTX_SIZE

/** The response so far. */
export interface HttpAnswer {
  /** the first head, which can be that of an interim response */
  readonly head: ResponseHead
  /** what has been received of the body, without chunk framing */
  readonly body: string
  /** no more of it will be received, or there is no space for it */
  readonly isComplete: boolean
  /** an error followed the head */
  readonly isInvalid: boolean
  /** bytes of the body, or of its current chunk, that are announced and not received yet */
  readonly missing: number
  /** bytes that it takes in the buffer, without the overhead of blocks */
  readonly size: number
}

export class HttpInput {
  readonly #reader: ResponseReader
  #head: ResponseHead | undefined
  #body = ''
  #missing = 0
  #space = SPACE
  #size = 0
  #isComplete = false
  #isInvalid = false
  #hasError = false
  #isEmpty = true

  /** @param method the method of the request */
  constructor(method: string) {
    this.#reader = new ResponseReader({ headLimit: SPACE, method })
  }

  /** How many bytes may be received. */
  get room(): number {
    return this.#reader.room
  }

  /** The response is invalid, or ended too early. */
  get hasError(): boolean {
    return this.#hasError
  }

  /** No head has been received. */
  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** Undefined until a valid head has been received. */
  get answer(): HttpAnswer | undefined {
    if (this.#head === undefined) return undefined
    const isComplete = this.#isComplete || this.#space <= BLOCK_SIZE
    return {
      head: this.#head,
      body: this.#body,
      missing: this.#missing,
      isComplete,
      isInvalid: this.#isInvalid,
      size: this.#size,
    }
  }

  /** Parses received bytes. @param ended the server has closed its side */
  receive(bytes: string, ended: boolean): void {
    if (bytes !== '') this.#reader.push(bytes)
    if (ended) this.#reader.end()
    for (let event = this.#reader.next(this.#space); event !== undefined; event = this.#reader.next(this.#space)) {
      switch (event.type) {
        case 'head': {
          const { head } = event
          this.#head ??= head
          this.#isEmpty = false
          this.#missing = head.body === 'length' ? (head.length ?? 0) : 0
          const size = sizeOfHead([head.version, head.statusText, head.reason], head.fields)
          this.#space -= size
          this.#size += size - (head.fields.length + 2) * BLOCK_SIZE
          break
        }
        case 'data':
          this.#space -= event.data.length + (this.#body === '' ? BLOCK_SIZE : 0)
          this.#size += event.data.length
          this.#body += event.data
          this.#missing = event.left ?? 0
          break
        case 'end':
          this.#isComplete = true
          break
        case 'error':
          this.#hasError = true
          if (event.error.hasHead) this.#isEmpty = false
          // a body that is cut short is still a response, a second head is not
          this.#isInvalid = event.error.reason === 'invalid' || (!event.error.hasHead && this.#reader.pending > 0)
      }
    }
  }
}
