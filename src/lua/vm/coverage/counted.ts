/** Items of a script whose executions coverage counts. */
import type { Extent } from './text.js'

/** A statement or an arm of a branch. */
export interface Counted extends Extent {
  /** index of its counter */
  readonly index: number
}

/** A branch with a counter for each arm. */
export interface CountedBranch {
  readonly type: string
  readonly extent: Extent
  readonly arms: readonly Counted[]
}

/** A function. */
export interface CountedFunction {
  /** index of its counter */
  readonly index: number
  readonly name: string | undefined
  readonly declaration: Extent
  readonly body: Extent
}

/** The items of a script, with token positions, and the number of counters. */
export interface Plan {
  readonly statements: Counted[]
  readonly branches: CountedBranch[]
  readonly functions: CountedFunction[]
  size: number
}
