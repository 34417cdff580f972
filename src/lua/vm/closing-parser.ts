/**
 * What Fengari's parser is made to write for variables to be closed: an instruction TBC where one begins to live, and its block as one
 * that has variables of closures, so that any exit from it is a jump that says from which register on (5.3's parser closes those
 * in this way). For a generic loop, the fourth value is wanted of the last call, and TBC precedes the loop if there is one.
 */
import type { FuncState, LexState } from 'fengari/src/llex.js'
import { lcode, llex, lopcodes } from './fengari-modules.js'
import { Op } from './opcodes.js'

const { TK_AND, TK_DO, TK_IN, TK_OR } = llex.RESERVED
const [COMMA, OPEN, CLOSE, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [...',()[]{}'].map((each) =>
  each.charCodeAt(0),
)

/** The values of a generic loop whose `do` has not come yet. */
interface ValueList {
  readonly fs: FuncState
  readonly depth: number
  count: number
  /** whether the last one has `and` or `or`, and so one value */
  single: boolean
}

/** Watches one parser, token by token. */
export class ClosingParser {
  /** open brackets, by whether they are parentheses around an expression that follows a comma */
  readonly #brackets: boolean[] = []
  readonly #lists: ValueList[] = []
  /** whether the last bracket that closed was such a parenthesis */
  #grouped = false
  #before = 0

  /** A token has been taken; what is to come has not been written yet. */
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

  /** The variable `index` of the function is to be closed, once it has got its value. */
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

/** @param below the value of a loop is where its first variable will be: it is as if it were in a register before */
const write = (fs: FuncState, register: number, below: number): void => {
  fs.bl.upval = 1
  lcode.luaK_code(fs, lopcodes.CREATE_ABC(Op.TBC, register, below, 0))
}

/**
 * Whether the values of a generic loop have a fourth. A call or `...` at the end is made to give one more, so that it is in the
 * register after the first three; an explicit value is there anyway.
 *
 * @param open whether the last one may stand for several: not in parentheses, nor with `and` or `or`
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
