/** The function being generated, as seen by generators of single instructions (emitter.ts). */
import type { Counting } from '../coverage/counters.js'
import type { Proto } from '../proto.js'
import type { GenericLoops } from './flow.js'

/** What a function has to close: variables of a block, only values of loops, or nothing. */
export type Closing = 'block' | 'loop' | undefined

/** Differences from the default emitter: see inspected.ts. */
export interface Inspection {
  /** whether a line may begin at an instruction */
  beginsLine(pc: number): boolean
}

export interface Code {
  readonly proto: Proto
  readonly inspection?: Inspection | undefined
  readonly loops: GenericLoops
  /** registers shared with closures */
  readonly captured: ReadonlySet<number>
  /** counters of coverage */
  readonly counting: Counting
  /** what the function has to close */
  readonly closing: Closing
  /** whether the code has JavaScript loops and blocks, rather than a switch over its instructions */
  readonly structured: boolean
  /** whether an instruction is reached only with operands that fast paths do not cover */
  readonly rare: boolean

  line(text: string): void

  /** The JavaScript expression in which a register is kept: its value, or the UpValue shared with closures. */
  slot(i: number): string

  /** The JavaScript expression for a register. */
  reg(i: number): string

  /** A register or constant. */
  rk(operand: number): string

  constant(i: number): string

  /** Whether an operand is known to be a small integer. */
  isNumber(operand: number): boolean

  stringConstant(operand: number): string | undefined

  /** Declares a variable for the place at which a key was found. */
  hint(): string

  /** After `v = …` of a call: suspends the function if the call was suspended, and marks where to continue. */
  settle(pc: number): string

  /** The same after an operator, which may have called a metamethod, whose tail calls were performed. */
  suspend(pc: number, step?: number): string

  /** Declares a variable for an intermediate result of an expression. */
  temporary(i: number): string

  /** Jumps to an instruction. */
  goto(target: number, from: number): string

  /** Counts the instructions of a loop that ends at `from`. */
  tick(target: number, from: number): string

  /** Gives the closures made in a block separate variables. */
  close(level: number): string

  /** The number of local variables at an instruction. */
  variablesAt(pc: number): number

  /** Notifies the observer that a line may begin here. */
  noteLine(pc: number): void

  /** The target of a test that fails. */
  testTarget(pc: number): { readonly target: number; readonly close: string }

  /** The first register of the open results that the instruction at `pc` uses: those of the previous instruction. */
  openResultsAt(pc: number): number

  /** The step of a numeric loop, if it is a constant set directly before the loop is prepared. */
  constantStep(forprep: number): number | undefined
}
