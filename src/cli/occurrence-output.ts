/** Writes what happens in a run as lines for people or objects for programs, as far as it was asked for. */
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
  /** messages that were not selected: they are shown where HAProxy does not start */
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

  /** Shows a record that is no occurrence, with `--verbose`. */
  showDetail(record: TraceRecord): void {
    const detail = this.#selection.verbose && detailOf(record)
    if (detail) this.terminal.write(this.options.json ? detailToJson(detail) : this.view.detail(detail))
  }

  /** HAProxy does not start: all that it said is shown. */
  showHeld(): void {
    for (const occurrence of this.#held.splice(0)) this.#write(occurrence)
  }

  #write(occurrence: Occurrence): void {
    this.terminal.write(this.options.json ? occurrenceToJson(occurrence) : this.view.render(occurrence))
    this.options.failures?.after(occurrence)
  }
}
