/** Sections `log-profile` in the model of a configuration. */
import type { LogFormat } from '../samples/log-format.js'
import type { Place } from '../syntax/place.js'

/** What is logged at a step. */
export interface LogProfileStep {
  /** nothing is logged */
  readonly drop: boolean
  /** undefined: that of the proxy */
  readonly format: LogFormat | undefined
  /** structured data */
  readonly sd: LogFormat | undefined
  /** of the last line for this step */
  readonly place: Place
}

/** A section `log-profile`. */
export interface LogProfileConfig {
  readonly name: string
  readonly place: Place
  /** undefined: that of the proxy */
  readonly logTag: string | undefined
  /** by the name of the step */
  readonly steps: ReadonlyMap<string, LogProfileStep>
}
