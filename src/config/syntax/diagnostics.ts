/** Diagnostics of a configuration, with HAProxy's texts and their places. */
import { cutAtNul } from './bytes.js'
import type { Gap, GapArea } from './gaps.js'
import type { Place } from './place.js'

/** HAProxy's levels of messages to the operator (ha_alert, ha_warning, ha_notice, ha_diag_warning). */
export type Severity = 'alert' | 'warning' | 'notice' | 'diag'

/** A message about a configuration. */
export interface Diagnostic {
  readonly severity: Severity
  /** undefined if it is about the configuration as a whole */
  readonly place: Place | undefined
  /**
   * HAProxy's message after the tag and the process id, without the line feed:
   * `config : parsing [haproxy.cfg:3] : unknown keyword 'foo' in 'global' section`.
   * It may have several lines.
   */
  readonly text: string
  /** set for hapsim's own messages, which HAProxy does not emit */
  readonly fromHapsim?: true
  /** the unsupported feature it reports */
  readonly gap?: Gap
}

/** A list of diagnostics. Parsing continues after alerts, so that all errors of a file are reported at once. */
export class Diagnostics {
  readonly all: Diagnostic[] = []

  #isFatal = false

  /** Makes a warning prevent startup, too. */
  fail(): void {
    this.#isFatal = true
  }

  /** Something that prevents startup was reported. */
  get failed(): boolean {
    return this.#isFatal
  }

  /** `config : parsing [file:line] : message` */
  parsing(severity: Severity, place: Place, message: string): void {
    this.add(severity, `config : parsing [${place.file}:${place.line}] : ${message}`, place)
  }

  /** Adds a complete message. */
  add(severity: Severity, text: string, place?: Place): void {
    if (severity === 'alert') this.#isFatal = true
    this.all.push({ severity, place, text: cutAtNul(text) })
  }

  /** Adds an alert that does not prevent startup. */
  addNonFatalAlert(text: string): void {
    this.all.push({ severity: 'alert', place: undefined, text })
  }

  /** Adds a warning that only hapsim emits. `gap` is the unsupported feature, if it is about one. */
  hapsimWarning(place: Place, message: string, gap?: Gap): void {
    const text = `config : parsing [${place.file}:${place.line}] : ${message}`
    this.all.push({ severity: 'warning', place, text, fromHapsim: true, ...(gap && { gap }) })
  }

  /** Adds a warning about a feature that is not emulated. */
  notEmulated(place: Place, what: string, area: GapArea): void {
    const message = `${what} is known to HAProxy but not emulated by hapsim yet: ignored.`
    this.hapsimWarning(place, message, { place, what, area })
  }
}
