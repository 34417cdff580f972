/** All cases, by subject. */
import type { TrafficCase } from '../harness/case.js'
import { TERMINATION } from './termination.js'

export const SUBJECTS: Readonly<Record<string, readonly TrafficCase[]>> = {
  termination: TERMINATION,
}
