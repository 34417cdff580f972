/** Writes the occurrences of a run as text or JSON, filtered by `--quiet`, `--verbose` and `--only`. */
import type { TraceRecord } from '../engine/trace.js'
import { ConsoleView } from '../report/console.js'
import { detailOf } from '../report/detail.js'
import { detailToJson, occurrenceToJson } from '../report/json.js'
import type { Occurrence } from '../report/occurrence.js'
import { isSelected, type Selection } from '../report/selection.js'
import type { ScriptFailures } from './script-failures.js'
import type { Terminal } from './terminal.js'

export interface OutputOptions {
  readonly json: boolean
  readonly selection?: Selection | undefined
  readonly failures?: ScriptFailures | undefined
}

export class OccurrenceOutput {
  readonly view: ConsoleView
  readonly #selection: Selection
  /** messages filtered out so far, shown if HAProxy does not start */
  readonly #held: Occurrence[] = []

  constructor(
    readonly terminal: Terminal,
    readonly options: OutputOptions,
  ) {
    this.view = new ConsoleView(terminal.colours, terminal.columns)
    this.#selection = options.selection ?? {}
  }

  show(occurrence: Occurrence): void {
    if (isSelected(occurrence, this.#selection)) this.#write(occurrence)
    else if (occurrence.type === 'message') this.#held.push(occurrence)
  }

  /** Shows a record that is not an occurrence if `--verbose` is given. */
  showDetail(record: TraceRecord): void {
    const detail = this.#selection.verbose && detailOf(record)
    if (detail) this.terminal.write(this.options.json ? detailToJson(detail) : this.view.detail(detail))
  }

  /** Shows the messages filtered out so far, because HAProxy does not start. */
  flushHeld(): void {
    for (const occurrence of this.#held.splice(0)) this.#write(occurrence)
  }

  #write(occurrence: Occurrence): void {
    this.terminal.write(this.options.json ? occurrenceToJson(occurrence) : this.view.render(occurrence))
    this.options.failures?.after(occurrence)
  }
}
