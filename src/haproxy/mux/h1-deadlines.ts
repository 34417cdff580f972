/** When a connection of a client is closed while it has no stream (`h1_set_idle_expiration` and `h1_refresh_timeout`, src/mux_h1.c). */
import type { Clock, Micros } from '../../engine/clock.js'
import type { Task } from '../../engine/task.js'
import type { ProxyTimeouts } from '../../config/model/proxy.js'
import { NEVER } from '../streams/channel.js'

/** What the connection does. */
export type ClientPhase = 'streaming' | 'closing' | 'sending' | 'idle' | 'reading'

export class ClientDeadlines {
  /** when a request must have begun, or be complete */
  #request: Micros = NEVER
  #deadline: Micros = NEVER

  /** @param task woken when the time is over */
  constructor(
    readonly timeouts: ProxyTimeouts,
    readonly clock: Clock,
    readonly task: Task,
  ) {}

  get isExpired(): boolean {
    return this.#deadline <= this.clock.now
  }

  /** From now on the head of a request must be complete in time. @param waits it has not begun, and is not the first one */
  startRequest(waits: boolean): void {
    if (this.#request !== NEVER) return
    const { httpKeepAlive, httpRequest } = this.timeouts
    const time = (waits ? httpKeepAlive : undefined) ?? httpRequest
    if (time !== undefined) this.#request = this.clock.now + time
  }

  /** No request is expected. */
  endRequest(): void {
    this.#request = NEVER
  }

  refresh(phase: ClientPhase): void {
    this.#deadline = this.#deadlineOf(phase)
    if (this.#deadline === NEVER) this.task.cancelTimer()
    else this.task.wakeAt(this.#deadline)
  }

  #deadlineOf(phase: ClientPhase): Micros {
    const { client, clientFin } = this.timeouts
    switch (phase) {
      case 'streaming':
        return NEVER
      case 'closing':
        return this.#after(clientFin ?? client)
      case 'sending':
        return this.#after(client)
      case 'idle':
        return this.#request === NEVER ? this.#after(client) : this.#request
      case 'reading':
        return Math.min(this.#request, this.#after(client))
    }
  }

  #after(time: Micros | undefined): Micros {
    return time === undefined ? NEVER : this.clock.now + time
  }
}
