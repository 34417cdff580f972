/** Keeps the last occurrences of a test's simulations, shown with its failure. */
import type { TraceRecord } from '../engine/trace.js'
import { ConsoleView } from '../report/console.js'
import { OccurrenceFilter } from '../report/occurrence.js'
import type { Simulation } from '../sim/index.js'

/** Number of records kept and of lines shown. */
const RECORDS_KEPT = 60
const LINES_SHOWN = 12

export class TraceTail {
  #records: TraceRecord[] = []

  watch(simulation: Simulation): void {
    simulation.trace.listen((record) => {
      this.#records.push(record)
      if (this.#records.length > 2 * RECORDS_KEPT) this.#records = this.#records.slice(-RECORDS_KEPT)
    })
  }

  clear(): void {
    this.#records = []
  }

  lines(): string[] {
    const lines: string[] = []
    const view = new ConsoleView(false)
    const occurrences = new OccurrenceFilter((occurrence) => void lines.push(view.render(occurrence)))
    for (const record of this.#records.slice(-RECORDS_KEPT)) occurrences.observe(record)
    occurrences.end()
    return lines.slice(-LINES_SHOWN)
  }
}
