/** What writes instructions as JavaScript uses of the function that is being written (emitter.ts). */
import type { Counting } from '../coverage/counters.js'
import type { Proto } from '../proto.js'
import type { GenericLoops } from './flow.js'

/** What a function has that is to be closed: variables of a block, at most the values of loops, or nothing. */
export type Closing = 'block' | 'loop' | undefined

/** What distinguishes an emitter from the default one: see inspected.ts. */
export interface Inspection {
  /** whether a line may begin at an instruction */
  beginsLine(pc: number): boolean
}

export interface Code {
  readonly proto: Proto
  readonly inspection?: Inspection | undefined
  readonly loops: GenericLoops
  /** registers that closures share */
  readonly captured: ReadonlySet<number>
  /** what coverage counts */
  readonly counting: Counting
  /** what of the function is to be closed */
  readonly closing: Closing
  /** whether the code has loops and blocks of JavaScript, rather than a switch over its instructions */
  readonly structured: boolean
  /** whether an instruction is reached only with operands that shortcuts do not apply to */
  readonly rare: boolean

  line(text: string): void

  /** Where a register is kept: its value, or what closures share of it. */
  slot(i: number): string

  /** The JavaScript expression for a register. */
  reg(i: number): string

  /** A register or constant. */
  rk(operand: number): string

  constant(i: number): string

  /** Whether an operand is known to be a small integer. */
  isNumber(operand: number): boolean

  stringConstant(operand: number): string | undefined

  /** A new variable that remembers where a key was found. */
  hint(): string

  /** After `v = …` of a call: suspends the function if the call was suspended, and marks where to continue. */
  settle(pc: number): string

  /** The same after an operator, which may have called a metamethod: tail calls of that have been done. */
  suspend(pc: number, step?: number): string

  /** A new variable for what is between the operators of an expression. */
  temporary(i: number): string

  /** Goes to an instruction. */
  goto(target: number, from: number): string

  /** Counts the instructions of a loop that ends at `from`. */
  tick(target: number, from: number): string

  /** Gives the closures made in a block separate variables. */
  close(level: number): string

  /** How many local variables there are at an instruction. */
  variablesAt(pc: number): number

  /** Notifies the observer that a line may begin here. */
  noteLine(pc: number): void

  /** The target of a test that fails. */
  testTarget(pc: number): { readonly target: number; readonly close: string }

  /** The register where the open results begin that the instruction at `pc` takes: those of the one before. */
  openResultsAt(pc: number): number

  /** The step of a numeric loop, if it is known: a constant set right before the loop is prepared. */
  constantStep(forprep: number): number | undefined
}
