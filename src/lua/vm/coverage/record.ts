/**
 * Records the activity of Fengari's parser by token. The parser counts its nesting depth in a field of its state: it is incremented at the
 * start of every statement and every operand and decremented at their ends, when the code of everything before has been emitted. An
 * accessor in place of the field therefore sees the first instruction of each, without guessing from lines.
 */
import type { LexState } from 'fengari/src/llex.js'
import { Op } from '../opcodes.js'
import type { FengariProto } from '../fengari-proto.js'

/** The code of a statement or an operand. */
export interface Span {
  readonly proto: FengariProto
  readonly start: number
  /** for a statement, the first instruction after it; the end of an operand may be emitted later */
  end: number
  /** jumps to its start: if there is a jump, the parser redirects them to its target */
  readonly pending: readonly number[]
}

const NO_JUMP = -1

export class ParseRecord {
  /** by the number of the first token */
  readonly spans = new Map<number, Span>()
  readonly #open: Span[] = []
  #lexer: LexState | undefined
  #token = -1

  /** Called when the parser reads the next token. */
  next(lexer: LexState): void {
    this.#lexer = lexer
    this.#token++
  }

  /** Attaches to the parser that uses this state. */
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

/** Returns the list of jumps to the next instruction; each contains the offset of the previous one. */
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
