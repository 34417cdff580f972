/** The structure of a Lua source text for coverage: functions, statements and branches, identified by token numbers. */

/** First and last token. */
export interface Extent {
  readonly first: number
  readonly last: number
}

export interface Statement extends Extent {
  readonly kind: string
  /** for `goto`: the label */
  readonly label?: string
  /** for `break` and `goto` as the first statement in an `if`: its condition, whose code contains the jump */
  readonly condition?: Condition
}

/** A condition. */
export interface Condition extends Extent {
  /** first token of the block that follows; for `until`, of the code after the loop */
  readonly block: number
  /** whether that block is empty */
  readonly empty: boolean
}

/** An arm of `if` or `elseif`. */
export interface IfBranch {
  readonly kind: 'if'
  readonly extent: Extent
  readonly condition: Condition
  readonly then: Extent
  /** undefined without `else` */
  readonly otherwise: Extent | undefined
  /** the next `elseif`, `else` or `end` */
  readonly next: number
  /** the statement that contains all arms */
  readonly whole: number
  /** whether its first statement is `break` or `goto` */
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

/** A chain of `and` and `or`. */
export interface OperandsBranch {
  readonly kind: 'binary-expr'
  readonly extent: Extent
  readonly operands: readonly Extent[]
  /** for each operand but the first, whether the operator before it is `or`, or `and` within `not (…)` */
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
  /** ordered by position */
  readonly functions: FunctionText[]
}
