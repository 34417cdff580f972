/**
 * The state of a match: registers, the backtrack stack, and active recursions. The stack is an array of integers, four per entry, so that
 * matching never uses JavaScript's stack.
 */
import type { RegexProgram } from './program.js'

/** Kinds of entries; the first integer of an entry is its kind plus {@link PER_KIND} times a position in the program. */
export const enum Entry {
  /** position, -, words: continue at that position */
  ALTERNATIVE,
  /** minimum position, position: give back a byte, at GREEDY */
  GREEDY,
  /** position, remaining count (-1: unlimited): take another byte, at LAZY */
  LAZY,
  /** position, old count, old position: leave the loop at LOOP */
  LOOP,
  /** position: another iteration, at LOOP */
  LAZY_LOOP,
  /** position, last position: step back less far, then continue */
  BACK,
  COMMIT,
  PRUNE,
  /** position */
  SKIP,
  /** name */
  SKIP_TO,
  /** height */
  THEN,
  BARRIER,
  /** -, -, words: no alternative */
  WORDS,
  /** name, position */
  MARK,
  /** The following kinds undo changes, and are kept when alternatives are discarded. Register, old value */
  SET,
  /** register, old values of it and of the next one */
  SET_TWO,
  /** index of a copy of all registers */
  RETURNED,
  /** index of the frame, words */
  CALLED,
  /** the old end of the subject */
  NARROWED,
}

export const PER_KIND = 32
export const ENTRY_SIZE = 4

/**
 * The size of the JIT compiler's stack (MACHINE_STACK_SIZE) in machine words: matching fails when it is exhausted. One word is in use at
 * the start.
 */
export const STACK_WORDS = 32768 / 8 - 1

/** A recursion or subroutine call. */
export interface CallFrame {
  readonly group: number
  readonly returnTo: number
  readonly keeps: readonly number[]
  readonly parent: CallFrame | undefined
  /** the registers at the time of the call */
  readonly saved: Int32Array
}

export class MatchMachine {
  registers: Int32Array
  stack = new Int32Array(64 * ENTRY_SIZE)
  /** the position after the latest entry */
  top = 0
  frame: CallFrame | undefined
  /** the frames of CALLED entries, and the copies of registers of RETURNED ones */
  readonly frames: (CallFrame | undefined)[] = []
  readonly copies: { readonly registers: Int32Array; readonly frame: CallFrame | undefined }[] = []
  /** words on the stack of PCRE2's JIT compiler */
  words = 0
  end = 0
  /** the subject does not start a line (PCRE2_NOTBOL) */
  notBol = false

  constructor(readonly program: RegexProgram) {
    this.registers = new Int32Array(program.registers)
  }

  /** Prepares for a match that starts at `start`. */
  reset(start: number, end: number): void {
    this.registers.fill(-1)
    this.registers[0] = start
    this.top = 0
    this.frame = undefined
    this.frames.length = 0
    this.copies.length = 0
    this.words = 0
    this.end = end
  }

  grow(): void {
    const larger = new Int32Array(this.stack.length * 2)
    larger.set(this.stack)
    this.stack = larger
  }

  push(kind: number, a: number, b: number, c: number): void {
    if (this.top + ENTRY_SIZE > this.stack.length) this.grow()
    const { stack, top } = this
    stack[top] = kind
    stack[top + 1] = a
    stack[top + 2] = b
    stack[top + 3] = c
    this.top = top + ENTRY_SIZE
  }

  /** The number of words that an entry represents. */
  wordsOf(at: number): number {
    const kind = this.stack[at]! % PER_KIND
    const { code } = this.program
    const place = (this.stack[at]! / PER_KIND) | 0
    switch (kind) {
      case Entry.ALTERNATIVE:
      case Entry.WORDS:
        return this.stack[at + 3]!
      case Entry.GREEDY:
        return code[place + 5]!
      case Entry.LAZY:
        return code[place + 4]!
      case Entry.LOOP:
      case Entry.LAZY_LOOP:
        return code[place + 7]!
      case Entry.CALLED:
        return this.stack[at + 2]!
    }
    return 0
  }

  /** Undoes the change recorded in an entry. */
  undo(at: number): void {
    const { stack, registers } = this
    switch (stack[at]! % PER_KIND) {
      case Entry.SET:
        registers[stack[at + 1]!] = stack[at + 2]!
        break
      case Entry.SET_TWO:
        registers[stack[at + 1]!] = stack[at + 2]!
        registers[stack[at + 1]! + 1] = stack[at + 3]!
        break
      case Entry.LOOP: {
        const register = this.program.code[((stack[at]! / PER_KIND) | 0) + 1]!
        registers[register] = stack[at + 2]!
        registers[register + 1] = stack[at + 3]!
        break
      }
      case Entry.RETURNED: {
        const copy = this.copies[stack[at + 1]!]!
        registers.set(copy.registers)
        this.frame = copy.frame
        this.copies.length = stack[at + 1]!
        break
      }
      case Entry.CALLED: {
        const frame = this.frames[stack[at + 1]!]!
        registers.set(frame.saved)
        this.frame = frame.parent
        this.frames.length = stack[at + 1]!
        break
      }
      case Entry.NARROWED:
        this.end = stack[at + 1]!
    }
  }

  /** Undoes all changes down to a height. */
  unwind(height: number): void {
    while (this.top > height) {
      this.top -= ENTRY_SIZE
      this.words -= this.wordsOf(this.top)
      this.undo(this.top)
    }
  }

  /** Discards the alternatives above a height, but keeps the entries that undo captures. */
  cut(height: number): void {
    const { stack } = this
    let kept = height
    for (let at = height; at < this.top; at += ENTRY_SIZE) {
      if (stack[at]! % PER_KIND < Entry.SET) {
        this.words -= this.wordsOf(at)
        continue
      }
      if (kept < at) stack.copyWithin(kept, at, at + ENTRY_SIZE)
      kept += ENTRY_SIZE
    }
    this.top = kept
  }

  /** The height at the start of the innermost active assertion or call; -1 if there is none. */
  barrier(): number {
    const { stack } = this
    let over = 0
    for (let at = this.top - ENTRY_SIZE; at >= 0; at -= ENTRY_SIZE) {
      const kind = stack[at]! % PER_KIND
      if (kind === Entry.RETURNED) over++
      else if (kind === Entry.CALLED && over-- === 0) return at
      else if (kind === Entry.BARRIER && over === 0) return at
    }
    return -1
  }

  /** The position at which the latest `(*MARK)` with that name was passed; -1 if none was. */
  findMark(name: number): number {
    const { stack } = this
    for (let at = this.top - ENTRY_SIZE; at >= 0; at -= ENTRY_SIZE)
      if (stack[at]! % PER_KIND === Entry.MARK && stack[at + 1] === name) return stack[at + 2]!
    return -1
  }

  /** Starts a call. */
  call(group: number, returnTo: number, keeps: readonly number[], words: number): void {
    const frame: CallFrame = { group, returnTo, keeps, parent: this.frame, saved: this.registers.slice() }
    this.push(Entry.CALLED, this.frames.push(frame) - 1, words, 0)
    this.words += words
    this.frame = frame
  }

  /** Ends the active call: captures are restored, except those that the call keeps. Returns where to continue. */
  return(): number {
    const { frame, registers } = this
    const copy = registers.slice()
    this.push(Entry.RETURNED, this.copies.push({ registers: copy, frame }) - 1, 0, 0)
    const start = registers[0]!
    registers.set(frame!.saved)
    registers[0] = start
    for (const group of frame!.keeps) {
      registers[2 * group] = copy[2 * group]!
      registers[2 * group + 1] = copy[2 * group + 1]!
    }
    this.frame = frame!.parent
    return frame!.returnTo
  }
}
