/** What coverage counts in a script. */
import type { Extent } from './text.js'

/** A statement or an arm of a branch. */
export interface Counted extends Extent {
  /** of its counter */
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
  /** of its counter */
  readonly index: number
  readonly name: string | undefined
  readonly declaration: Extent
  readonly body: Extent
}

/** What is counted in a script, in positions of tokens, and the number of counters. */
export interface Plan {
  readonly statements: Counted[]
  readonly branches: CountedBranch[]
  readonly functions: CountedFunction[]
  size: number
}
