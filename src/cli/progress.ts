/** How far a search is, while somebody watches. */
import { SingleBar } from 'cli-progress'
import type { Progress } from '../explore/index.js'
import { plural } from '../report/plural.js'

export class SearchBar {
  readonly #bar: SingleBar | undefined

  /** @param visible whether anybody sees it */
  constructor(visible: boolean, total: number) {
    if (!visible) return
    this.#bar = new SingleBar({
      format: '{bar} {value}/{total} schedules  {found}',
      // the line has room on a terminal of 80 columns
      barsize: 16,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    })
    this.#bar.start(total, 0, { found: '' })
  }

  show({ schedules, failures, outcomes, level }: Progress): void {
    const deviations = level === undefined || !Number.isFinite(level) ? '' : `${plural(level, 'deviation')}, `
    this.#bar?.update(schedules, {
      found: `${deviations}${plural(outcomes, 'outcome')}, ${plural(failures, 'failure')}`,
    })
  }

  stop(): void {
    this.#bar?.stop()
  }
}
