/** How far a search is, while somebody watches. */
import { SingleBar } from 'cli-progress'
import type { Progress } from '../explore/index.js'

export class SearchBar {
  readonly #bar: SingleBar | undefined

  /** @param visible whether anybody sees it */
  constructor(visible: boolean, total: number) {
    if (!visible) return
    this.#bar = new SingleBar({
      format: '{bar} {value}/{total} schedules  {found}',
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    })
    this.#bar.start(total, 0, { found: '' })
  }

  show({ schedules, failures, outcomes, level }: Progress): void {
    const deviations = level === undefined || !Number.isFinite(level) ? '' : `${level} deviations, `
    this.#bar?.update(schedules, { found: `${deviations}${outcomes} outcomes, ${failures} failures` })
  }

  stop(): void {
    this.#bar?.stop()
  }
}
