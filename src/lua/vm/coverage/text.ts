/** The structure of a Lua text, for coverage: functions, statements and branches, by the numbers of their tokens. */

/** Numbers of the first and the last token. */
export interface Extent {
  readonly first: number
  readonly last: number
}

export interface Statement extends Extent {
  readonly kind: string
  /** of `goto`: the label */
  readonly label?: string
  /** of `break` and `goto` that are the first thing in an `if`: its condition, which jumps itself */
  readonly condition?: Condition
}

/** An expression that decides a branch. */
export interface Condition extends Extent {
  /** first token of the block that follows; of `until` of what stands after the loop */
  readonly block: number
  /** whether that block is empty */
  readonly empty: boolean
}

/** Of `if` and of each `elseif`. */
export interface IfBranch {
  readonly kind: 'if'
  readonly extent: Extent
  readonly condition: Condition
  readonly then: Extent
  /** undefined when there is no `else` */
  readonly otherwise: Extent | undefined
  /** the next `elseif`, `else` or `end` */
  readonly next: number
  /** the statement that all arms are of */
  readonly whole: number
  /** whether `break` or `goto` is the first thing in it */
  readonly jumps: boolean
}

export interface WhileBranch {
  readonly kind: 'while'
  readonly extent: Extent
  readonly condition: Condition
  readonly body: Extent
}

export interface RepeatBranch {
  readonly kind: 'repeat'
  readonly extent: Extent
  readonly condition: Condition
  readonly body: Extent
}

export interface ForBranch {
  readonly kind: 'for'
  readonly extent: Extent
  readonly header: Extent
  readonly body: Extent
}

/** Of `and` and `or`. */
export interface OperandsBranch {
  readonly kind: 'binary-expr'
  readonly extent: Extent
  readonly operands: readonly Extent[]
  /** the operator before each operand but the first: whether it is `or`, or `and` within `not (…)` */
  readonly alternatives: readonly boolean[]
}

export type Branch = IfBranch | WhileBranch | RepeatBranch | ForBranch | OperandsBranch

export interface FunctionText {
  readonly name: string | undefined
  readonly declaration: Extent
  readonly body: Extent
  readonly statements: Statement[]
  readonly branches: Branch[]
  readonly labels: { readonly name: string; readonly token: number }[]
  /** in the order in which they begin */
  readonly functions: FunctionText[]
}
