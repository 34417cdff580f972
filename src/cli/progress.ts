/** The progress bar of a search. */
import { SingleBar } from 'cli-progress'
import type { SearchProgress } from '../explore/index.js'
import { plural } from '../report/plural.js'

export class SearchBar {
  readonly #bar: SingleBar | undefined

  /** @param visible false: nothing is drawn */
  constructor(visible: boolean, total: number) {
    if (!visible) return
    this.#bar = new SingleBar({
      format: '{bar} {value}/{total} schedules  {found}',
      // keeps the line within 80 columns
      barsize: 16,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    })
    this.#bar.start(total, 0, { found: '' })
  }

  show({ schedules, failures, outcomes, level }: SearchProgress): void {
    const deviations = level === undefined || !Number.isFinite(level) ? '' : `${plural(level, 'deviation')}, `
    this.#bar?.update(schedules, {
      found: `${deviations}${plural(outcomes, 'outcome')}, ${plural(failures, 'failure')}`,
    })
  }

  stop(): void {
    this.#bar?.stop()
  }
}
