/** Writes programs: instructions, jumps to places that come later, and the tables that operands are indexes of. */
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

  /** An instruction whose first operand is a target that is not yet known; returns what {@link land} needs. */
  emitJump(op: RegexOp, ...operands: number[]): number {
    this.code.push(op, 0, ...operands)
    return this.code.length - 1 - operands.length
  }

  /** Makes the operand at `place` a jump to here. */
  land(place: number): void {
    this.code[place] = this.code.length
  }

  /** The first of some new registers. */
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
