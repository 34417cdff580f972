/**
 * What Fengari's parser was doing at which token. It counts its own depth in a field of its state, up at the start of every statement
 * and of every operand and down at their ends, when the code of all that precedes has been written: so the field, made an
 * accessor, tells which instruction each begins with. Nothing of that is guessed from lines.
 */
import type { LexState } from 'fengari/src/llex.js'
import { Op } from '../opcodes.js'
import type { FengariProto } from '../fengari-proto.js'

/** Where the code of a statement or an operand begins and ends. */
export interface Span {
  readonly proto: FengariProto
  readonly start: number
  /** of a statement the first instruction after it; that of an operand may be written later */
  end: number
  /** jumps to its start: where a jump is there, the parser makes them lead to its target directly */
  readonly pending: readonly number[]
}

const NO_JUMP = -1

export class ParseRecord {
  /** by the number of the first token */
  readonly spans = new Map<number, Span>()
  readonly #open: Span[] = []
  #lexer: LexState | undefined
  #token = -1

  /** The parser advances to the next token. */
  next(lexer: LexState): void {
    this.#lexer = lexer
    this.#token++
  }

  /** Listens to the parser that works with this state. */
  watch(state: object): void {
    let depth = (state as { nCcalls: number }).nCcalls
    Object.defineProperty(state, 'nCcalls', {
      get: () => depth,
      set: (value: number) => {
        if (value > depth) this.#enter()
        else this.#leave()
        depth = value
      },
    })
  }

  #enter(): void {
    if (!this.#lexer) return
    const { fs } = this.#lexer
    const span = { proto: fs.f, start: fs.pc, end: fs.pc, pending: pendingJumps(fs) }
    this.#open.push(span)
    this.spans.set(this.#token, span)
  }

  #leave(): void {
    const span = this.#open.pop()
    if (span) span.end = this.#lexer!.fs.pc
  }
}

/** The list of jumps to the next instruction, each of which holds the way to the one before. */
const pendingJumps = ({ f, jpc }: LexState['fs']): number[] => {
  const jumps: number[] = []
  for (let pc = jpc; pc !== NO_JUMP;) {
    const before = f.code[pc - 1]?.opcode
    jumps.push(before !== undefined && before >= Op.EQ && before <= Op.TESTSET ? pc - 1 : pc)
    const { sBx } = f.code[pc]!
    pc = sBx === NO_JUMP ? NO_JUMP : pc + 1 + sBx
  }
  return jumps
}
