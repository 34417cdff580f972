/**
 * Makes Fengari's parser emit code for variables to be closed: an instruction TBC where such a variable becomes active, and a block that is
 * marked as having captured variables, so that every exit from it is a jump with the register from which to close (5.3's parser closes
 * captured variables in this way). For a generic loop, four values are requested from the last call, and TBC precedes the loop if there is
 * a fourth value.
 */
import type { FuncState, LexState } from 'fengari/src/llex.js'
import { lcode, llex, lopcodes } from './fengari-modules.js'
import { Op } from './opcodes.js'

const { TK_AND, TK_DO, TK_IN, TK_OR } = llex.RESERVED
const [COMMA, OPEN, CLOSE, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [...',()[]{}'].map((each) =>
  each.charCodeAt(0),
)

/** The values of a generic loop whose `do` has not been read yet. */
interface ValueList {
  readonly fs: FuncState
  readonly depth: number
  count: number
  /** whether the last value contains `and` or `or`, and so is a single value */
  single: boolean
}

/** Observes a parser, token by token. */
export class ClosingParser {
  /** open brackets: true for parentheses around an expression that follows a comma */
  readonly #brackets: boolean[] = []
  readonly #lists: ValueList[] = []
  /** whether the last closing bracket was such a parenthesis */
  #grouped = false
  #before = 0

  /** Called for each token that was read; code that depends on it has not been emitted yet. */
  taken(ls: LexState, token: number): void {
    const list = this.#lists.at(-1)
    if (token === OPEN || token === OPEN_BRACKET || token === OPEN_BRACE)
      this.#brackets.push(token === OPEN && this.#before === COMMA)
    else if (token === CLOSE || token === CLOSE_BRACKET || token === CLOSE_BRACE)
      this.#grouped = this.#brackets.pop() === true
    else if (token === TK_IN) this.#lists.push({ fs: ls.fs, depth: this.#brackets.length, count: 1, single: false })
    else if (list?.fs === ls.fs && list.depth === this.#brackets.length) {
      if (token === COMMA) {
        list.count++
        list.single = false
      } else if (token === TK_AND || token === TK_OR) list.single = true
      else if (token === TK_DO) {
        this.#lists.pop()
        const grouped = this.#before === CLOSE && this.#grouped
        if (hasFourth(ls.fs, list.count, !list.single && !grouped)) write(ls.fs, ls.fs.freereg, 1)
      }
    }
    this.#before = token
  }

  /** Marks variable `index` of the function as to be closed, once its value has been assigned. */
  variable({ fs, dyd }: LexState, index: number): void {
    fs.bl.upval = 1
    let startpc = 0
    Object.defineProperty(fs.f.locvars[index]!, 'startpc', {
      get: () => startpc,
      set: (pc: number) => {
        startpc = pc
        for (let i = fs.nactvar - 1; i >= 0; i--)
          if (dyd.actvar.arr[fs.firstlocal + i]!.idx === index) return write(fs, i, 0)
      },
    })
  }
}

/** @param below the register of the value of a loop is the one before its first variable */
const write = (fs: FuncState, register: number, below: number): void => {
  fs.bl.upval = 1
  lcode.luaK_code(fs, lopcodes.CREATE_ABC(Op.TBC, register, below, 0))
}

/**
 * Whether a generic loop has a fourth value. A call or `...` at the end is changed to return one more value, so that it is in the register
 * after the first three; an explicit value is there anyway.
 *
 * @param open whether the last expression may have several values: not in parentheses, without `and` and `or`
 */
const hasFourth = (fs: FuncState, count: number, open: boolean): boolean => {
  const last = fs.f.code[fs.pc - 1]
  const base = fs.freereg - 3
  const fills = open && count <= 4 && last?.A === base + count - 1
  if (fills && last.opcode === Op.CALL && last.C === 5 - count) {
    lopcodes.SETARG_C(last, last.C + 1)
    return true
  }
  if (fills && last.opcode === Op.VARARG && last.B === 5 - count) {
    lopcodes.SETARG_B(last, last.B + 1)
    return true
  }
  return count >= 4
}
