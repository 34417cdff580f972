/** Numbers of requests (`global.req_count`): each stream has one, and so has each line of a log-format for a session without a stream. */
export class RequestNumbers {
  #taken = 0

  /** @param others the requests that are counted elsewhere: those of the runtime API */
  constructor(readonly others: () => number) {}

  /** Requests so far. */
  get count(): number {
    return this.others() + this.#taken
  }

  /** The number of a new request, from 0. */
  take(): number {
    const number = this.count
    this.#taken++
    return number
  }
}
