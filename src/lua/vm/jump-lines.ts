/**
 * The lines of jumps that close variables. 5.4 closes them at the target of a `break` or of a `goto` forwards (`createlabel` in lparser.c),
 * Fengari's code at the jump itself.
 */
import type { Goto, LexState } from 'fengari/src/llex.js'
import { binary } from './bytes.js'
import type { FengariProto } from './fengari-proto.js'
import { labelsOf } from './labels.js'

/** What Fengari has in place of the instruction of a jump whose condition is never true, and at the end of a list of jumps. */
const NO_JUMP = -1

interface Jump {
  /** the function that contains it */
  readonly f: FengariProto
  /** whether its target precedes it: 5.4 closes the variables at the jump then */
  readonly backwards: boolean
}

/** Observes one parser, token by token. */
export class JumpLines {
  readonly #jumps = new Map<Goto, Jump>()

  /** Called when a token has been read. */
  read(ls: LexState): void {
    const { arr, n } = ls.dyd.gt
    for (let i = 0; i < n; i++) {
      const { pc, line } = arr[i]!
      const { f, backwards } = this.#jump(ls, arr[i]!)
      // the target of an unresolved jump forwards is not above the line of the last token
      for (let each = pc; each !== NO_JUMP; each = nextInList(f, each)) setLine(f, each, backwards ? line : ls.lastline)
    }
    // a jump backwards within a block, which was resolved immediately
    const last = arr[n]
    if (last && !this.#jumps.has(last)) {
      const { f } = this.#jump(ls, last)
      if (last.pc !== NO_JUMP) setLine(f, last.pc, last.line)
    }
  }

  #jump(ls: LexState, jump: Goto): Jump {
    const known = this.#jumps.get(jump)
    if (known) return known
    const name = binary(jump.name.getstr())
    const made = { f: ls.fs.f, backwards: labelsOf(ls).some((label) => label.name === name) }
    this.#jumps.set(jump, made)
    return made
  }
}

/** The next of the jumps that a condition with several operands makes to one target (`getjump` in lcode.c). */
const nextInList = ({ code }: FengariProto, pc: number): number => {
  const offset = code[pc]!.sBx
  return offset === NO_JUMP ? NO_JUMP : pc + 1 + offset
}

const setLine = (f: FengariProto, pc: number, line: number): void => {
  f.jumpLines ??= new Map()
  f.jumpLines.set(pc, line)
}
