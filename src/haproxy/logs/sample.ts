/** `sample` of `log` lines: which lines of each range are sent (`process_send_log` in src/log.c). */
import type { LogTarget } from '../../config/model/log.js'

/** Counts the lines of each target. */
export class LogSampling {
  readonly #targets = new Map<LogTarget, { readonly takes: readonly boolean[]; next: number }>()

  /** Whether `target` gets this line. */
  takes(target: LogTarget): boolean {
    if (target.sample === undefined) return true
    let state = this.#targets.get(target)
    if (!state) this.#targets.set(target, (state = { takes: takesOf(target.sample), next: 0 }))
    const taken = state.takes[state.next]!
    state.next = (state.next + 1) % state.takes.length
    return taken
  }
}

/** `1,3-5:6`: which of six lines are taken. */
const takesOf = (sample: string): readonly boolean[] => {
  const [ranges = '', size] = sample.split(':')
  const takes = Array.from({ length: Number(size) }, () => false)
  for (const range of ranges.split(',')) {
    const [low = '', high = low] = range.split('-')
    takes.fill(true, Number(low) - 1, Number(high))
  }
  return takes
}
