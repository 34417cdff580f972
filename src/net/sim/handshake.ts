/**
 * Asking for a connection. The question (SYN) travels to the other host, which accepts, refuses, or says nothing; then it
 * is asked again after 1, 2, 4 … seconds, and given up after 127, as Linux does (`tcp_syn_retries` 6).
 */
import { SECOND, Timer } from '../../engine/index.js'
import type { Endpoint } from './endpoint.js'

/** What comes of a question that has arrived: the accepting side, a refusal, or silence. */
export type Verdict = Endpoint | 'refuse' | 'silence'

const ATTEMPTS = 7

export class Handshake {
  readonly #again = new Timer(() => this.#ask())
  readonly #arrival = new Timer(() => this.#arrive())
  #attempts = 0

  /** @param ask whom the question reaches: called when it arrives */
  constructor(
    readonly asking: Endpoint,
    readonly ask: () => Verdict,
  ) {
    asking.abandon = () => this.#stop()
    this.#ask()
  }

  #ask(): void {
    const { scheduler, link } = this.asking.wire
    if (this.#attempts === ATTEMPTS) return this.asking.fail('ETIMEDOUT')
    const now = scheduler.clock.now
    scheduler.timers.set(this.#again, now + SECOND * 2 ** this.#attempts++)
    if (!this.#arrival.pending) scheduler.timers.set(this.#arrival, now + link.delay())
  }

  #arrive(): void {
    const verdict = this.asking.wire.link.isCut ? 'silence' : this.ask()
    if (verdict === 'silence') return
    this.#stop()
    this.asking.answer(verdict === 'refuse' ? undefined : verdict)
  }

  #stop(): void {
    const { timers } = this.asking.wire.scheduler
    timers.remove(this.#again)
    timers.remove(this.#arrival)
  }
}
