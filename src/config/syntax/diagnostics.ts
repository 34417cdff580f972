/** What the reader of a configuration has to say about it, in HAProxy's words and with the place. */
import { cutAtNul } from './bytes.js'
import type { Gap } from './gaps.js'
import type { Place } from './place.js'

/** HAProxy's levels of messages to the operator (ha_alert, ha_warning, ha_notice, ha_diag_warning). */
export type Severity = 'alert' | 'warning' | 'notice' | 'diag'

export interface Diagnostic {
  readonly severity: Severity
  /** where; undefined when it is about the configuration as a whole */
  readonly place: Place | undefined
  /**
   * The message as HAProxy words it after the tag and the process number, without the line feed:
   * `config : parsing [haproxy.cfg:3] : unknown keyword 'foo' in 'global' section`.
   * It has several lines where HAProxy's has.
   */
  readonly text: string
  /** set when it is hapsim's own: HAProxy says nothing of the kind */
  readonly fromHapsim?: true
  /** what of HAProxy it says that hapsim leaves out */
  readonly gap?: Gap
}

/** Collects diagnostics. Reading goes on after an alert, so that all errors of a file are reported at once. */
export class Diagnostics {
  readonly all: Diagnostic[] = []

  get failed(): boolean {
    return this.all.some((each) => each.severity === 'alert')
  }

  /** `config : parsing [file:line] : message` */
  parsing(severity: Severity, place: Place, message: string): void {
    this.add(severity, `config : parsing [${place.file}:${place.line}] : ${message}`, place)
  }

  /** A message in HAProxy's full words. */
  add(severity: Severity, text: string, place?: Place): void {
    this.all.push({ severity, place, text: cutAtNul(text) })
  }

  /** A warning of hapsim's own. `gap` is what hapsim leaves out, where it is about such a thing. */
  hapsimWarning(place: Place, message: string, gap?: Gap): void {
    const text = `config : parsing [${place.file}:${place.line}] : ${message}`
    this.all.push({ severity: 'warning', place, text, fromHapsim: true, ...(gap && { gap }) })
  }
}
