/** The last things that happened in a test's simulations, for whoever looks at its failure. */
import type { TraceRecord } from '../engine/trace.js'
import { ConsoleView } from '../report/console.js'
import { Occurrences } from '../report/occurrence.js'
import type { Simulation } from '../sim/index.js'

/** Records that are kept, and lines that are shown. */
const KEPT = 60
const SHOWN = 12

export class TraceTail {
  #records: TraceRecord[] = []

  watch(simulation: Simulation): void {
    simulation.trace.listen((record) => {
      this.#records.push(record)
      if (this.#records.length > 2 * KEPT) this.#records = this.#records.slice(-KEPT)
    })
  }

  clear(): void {
    this.#records = []
  }

  lines(): string[] {
    const lines: string[] = []
    const view = new ConsoleView(false)
    const occurrences = new Occurrences((occurrence) => void lines.push(view.render(occurrence)))
    for (const record of this.#records.slice(-KEPT)) occurrences.take(record)
    occurrences.end()
    return lines.slice(-SHOWN)
  }
}
