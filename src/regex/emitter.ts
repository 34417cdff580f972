/** Emits programs: instructions, forward jumps, and the tables that operands are indexes of. */
import type { ByteSet } from './byte-set.js'
import type { RegexOp } from './program.js'

export class ProgramBuilder {
  readonly code: number[] = []
  readonly sets: ByteSet[] = []
  readonly literals: string[] = []
  readonly groupLists: (readonly number[])[] = []
  registers = 0

  emit(op: RegexOp, ...operands: number[]): void {
    this.code.push(op, ...operands)
  }

  /** Emits an instruction whose first operand is a target that is not known yet; returns the argument for {@link land}. */
  emitJump(op: RegexOp, ...operands: number[]): number {
    this.code.push(op, 0, ...operands)
    return this.code.length - 1 - operands.length
  }

  /** Sets the target at `place` to the current position. */
  land(place: number): void {
    this.code[place] = this.code.length
  }

  /** Allocates registers; returns the first one. */
  register(count = 1): number {
    this.registers += count
    return this.registers - count
  }

  set(set: ByteSet): number {
    const known = this.sets.findIndex((each) => each.every((member, byte) => member === set[byte]))
    return known >= 0 ? known : this.sets.push(set) - 1
  }

  literal(text: string): number {
    const known = this.literals.indexOf(text)
    return known >= 0 ? known : this.literals.push(text) - 1
  }

  groups(list: readonly number[]): number {
    return this.groupLists.push(list) - 1
  }
}
