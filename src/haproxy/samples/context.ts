/** Where an expression is evaluated: what fetches and converters may ask for. */
import type { ProcessContext } from '../context.js'
import type { Sample } from './sample.js'

/** What they use of the process. */
export type SampleProcess = Pick<ProcessContext, 'clock' | 'localTime' | 'environment' | 'machine' | 'checkRandom'>

export interface SampleContext {
  readonly process: SampleProcess
  /** bytes that a result can have at most (`tune.bufsize`) */
  readonly bufsize: number
  /** whether no more data will come, so that what is short is taken as it is (`SMP_OPT_FINAL`) */
  readonly isFinal: boolean
  /** the value of a variable, by its name with its scope; undefined where it is not set */
  readonly variable: (name: string) => Sample | undefined
  /** sets a variable; false where its scope is out of reach */
  readonly setVariable: (name: string, sample: Sample) => boolean
}
