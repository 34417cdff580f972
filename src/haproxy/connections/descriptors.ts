/** Numbers that stand for the file descriptors of connections, as `show sess` shows them. */

/** Those of standard streams, listeners and the poller come before. */
const FIRST = 10

export class Descriptors {
  /** closed ones, which are used again first */
  readonly #free: number[] = []
  #next = FIRST

  open(): number {
    return this.#free.pop() ?? this.#next++
  }

  close(descriptor: number): void {
    this.#free.push(descriptor)
  }
}
