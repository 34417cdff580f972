/**
 * The TCP handshake of a client. The remote host accepts or refuses the SYN, or does not answer; unanswered SYNs are
 * retransmitted after 1, 2, 4 … seconds and time out after 127 s, as on Linux (`tcp_syn_retries` 6).
 */
import { SECOND, Timer } from '../../engine/index.js'
import type { Endpoint } from './endpoint.js'

/** The answer to a SYN: the accepting endpoint, a refusal (RST), or none. */
export type SynResponse = Endpoint | 'refuse' | 'silence'

const ATTEMPTS = 7

/** A connection attempt. */
export class Handshake {
  readonly #retransmit = new Timer(() => this.#sendSyn())
  readonly #arrival = new Timer(() => this.#synArrived())
  #attempts = 0

  /** @param onSyn called when a SYN arrives at the remote host */
  constructor(
    readonly client: Endpoint,
    readonly onSyn: () => SynResponse,
  ) {
    client.cancelConnect = () => this.#stop()
    this.#sendSyn()
  }

  #sendSyn(): void {
    const { scheduler, link } = this.client.path
    if (this.#attempts === ATTEMPTS) return this.client.fail('ETIMEDOUT')
    const now = scheduler.clock.now
    scheduler.timers.set(this.#retransmit, now + SECOND * 2 ** this.#attempts++)
    if (!this.#arrival.pending) scheduler.timers.set(this.#arrival, now + link.delay())
  }

  #synArrived(): void {
    const response = this.client.path.link.isCut ? 'silence' : this.onSyn()
    if (response === 'silence') return
    this.#stop()
    this.client.resolveConnect(response === 'refuse' ? undefined : response)
  }

  #stop(): void {
    const { timers } = this.client.path.scheduler
    timers.remove(this.#retransmit)
    timers.remove(this.#arrival)
  }
}
