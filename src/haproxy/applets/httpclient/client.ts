/**
 * A request of the HTTP client and its response (`struct httpclient`, src/http_client.c). Who asks is called back when there is something new;
 * the body passes in both directions through buffers of `tune.bufsize`.
 */
import { BLOCK_SIZE, HTX_SIZE } from '../../../http/h1/limits.js'
import type { ResponseHead } from '../../../http/message.js'
import type { Micros } from '../../../engine/clock.js'
import { parseAddress, type Address } from '../../../net/address.js'
import { ClientEndpoint, type ClientMessages } from './endpoint.js'
import { makeHead, type ClientField, type ClientRequest } from './request.js'
import type { ClientProxy } from './proxy.js'
import { addressOfHost, splitUrl } from './url.js'

/** Which of the steps of a response have been reached; each is reported once. */
export type ClientProgress = 'status' | 'headers' | 'body' | 'end'

/** Why a request has not been started. */
export type StartProblem = 'invalid request' | 'not started'

export class HttpClient implements ClientMessages {
  /** of the response; 0 before it is received */
  status = 0
  version = ''
  reason = ''
  fields: readonly ClientField[] = []
  hasStarted = false
  hasEnded = false
  /** Called when there is something new. */
  onProgress: ((progress: ClientProgress) => void) | undefined
  /** Called when more of the body of the request can be given. */
  onRoom: (() => void) | undefined
  /** undefined: the host of the URL */
  destination: Address | undefined
  /** how long the server may take between two pieces; 0: forever */
  timeout: Micros = 0
  #endpoint: ClientEndpoint | undefined
  #received: string[] = []
  #receivedLength = 0
  #pending = ''
  #isBodyComplete = true

  constructor(readonly proxy: ClientProxy) {}

  /** Sets the address to connect to (`httpclient_set_dst`). Returns false if it is invalid, which has been reported. */
  setDestination(text: string): boolean {
    const parsed = parseAddress(text, { portOk: true })
    if ('error' in parsed) {
      this.proxy.alert(`httpclient: Failed to parse destination address in ${parsed.error}`)
      return false
    }
    this.destination = parsed.address
    return true
  }

  /** Starts the request (`httpclient_req_gen`, `httpclient_start`). An error is returned, and may have been reported. */
  start(request: ClientRequest): StartProblem | undefined {
    const { proxy } = this
    const head = makeHead(request, proxy.limits)
    if (!head) return 'invalid request'
    if (this.hasStarted && !this.hasEnded) return 'not started'
    const { hasBody, body } = request
    this.#isBodyComplete = !hasBody || body !== undefined
    const url = splitUrl(request.url)
    const stream = url && proxy.open(url, this.destination ?? addressOfHost(url), this.timeout, head)
    if (!stream) {
      proxy.alert('httpclient: Failed to initialize appctx httpclient_start:559.')
      return 'not started'
    }
    if (body !== undefined && body !== '') stream.request.receive({ kind: 'data', bytes: body, announced: undefined })
    stream.request.buffer.isComplete = this.#isBodyComplete
    this.#endpoint = new ClientEndpoint(this, stream)
    this.hasStarted = true
    return undefined
  }

  /**
   * Gives a part of the body of the request (`httpclient_req_xfer`).
   * @param isLast the body ends with it, if all of it is taken
   * @returns how much was taken
   */
  send(bytes: string, isLast: boolean): number {
    const room = Math.max(0, this.proxy.limits.buffer - HTX_SIZE - BLOCK_SIZE - this.#pending.length)
    const taken = bytes.slice(0, room)
    this.#pending += taken
    if (taken.length === bytes.length && isLast) this.#isBodyComplete = true
    this.#endpoint?.resume()
    return taken.length
  }

  /** Takes what there is of the body of the response (`httpclient_res_xfer`). */
  take(): string {
    const taken = this.#received.join('')
    this.#received = []
    this.#receivedLength = 0
    this.#endpoint?.resume()
    return taken
  }

  /** Whether there is something to take. */
  get hasData(): boolean {
    return this.#receivedLength > 0
  }

  /** Ends the request without waiting for the response; nothing is called back any more (`httpclient_stop_and_destroy`). */
  stop(): void {
    this.onProgress = this.onRoom = undefined
    this.#endpoint?.abort()
  }

  /** @internal */
  takePending(room: number): string {
    const part = this.#pending.slice(0, room)
    this.#pending = this.#pending.slice(part.length)
    return part
  }

  /** @internal */
  get isSent(): boolean {
    return this.#isBodyComplete && this.#pending === ''
  }

  /** @internal */
  get hasPending(): boolean {
    return this.#pending !== ''
  }

  /** @internal */
  get room(): number {
    return this.proxy.limits.buffer - this.#receivedLength
  }

  /** @internal */
  receiveHead({ status, version, reason, fields }: ResponseHead): void {
    this.status = status
    this.version = version
    this.reason = reason
    this.onProgress?.('status')
    this.fields = [...fields].map(({ name, value }) => [name, value] as const)
    if (this.fields.length > 0) this.onProgress?.('headers')
  }

  /** @internal */
  receiveData(bytes: string): void {
    this.#received.push(bytes)
    this.#receivedLength += bytes.length
    this.onProgress?.('body')
  }

  /** @internal the stream has left the endpoint (`httpclient_applet_release`) */
  end(): void {
    this.hasEnded = true
    this.#endpoint = undefined
    this.onProgress?.('end')
  }
}
