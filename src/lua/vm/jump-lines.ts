/**
 * The lines of jumps that close variables. 5.4 closes them at the target of a `goto` or `break` (`createlabel` in lparser.c), Fengari's code at
 * the jump itself.
 */
import type { Goto, LexState } from 'fengari/src/llex.js'
import type { FengariProto } from './fengari-proto.js'

/** Observes one parser, token by token. */
export class JumpLines {
  /** the functions that contain the jumps */
  readonly #functions = new Map<Goto, FengariProto>()

  /** Called when a token has been read. */
  read(ls: LexState): void {
    const { arr, n } = ls.dyd.gt
    // the target of an unresolved jump is not above the line of the last token
    for (let i = 0; i < n; i++) this.#set(ls, arr[i]!, ls.lastline)
    // a jump backwards, which was resolved immediately
    const last = arr[n]
    if (last && !this.#functions.has(last)) this.#set(ls, last, last.line)
  }

  #set({ fs }: LexState, jump: Goto, line: number): void {
    const f = this.#functions.get(jump) ?? fs.f
    this.#functions.set(jump, f)
    f.jumpLines ??= new Map()
    f.jumpLines.set(jump.pc, line)
  }
}
