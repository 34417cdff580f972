/**
 * The line of a call that spans several lines is that of the start of its arguments, as in Lua 5.4.6 and later (`funcargs` in lparser.c).
 * Fengari uses the line of the function before them, as earlier versions do.
 */
import type { FuncState, LexState } from 'fengari/src/llex.js'
import { binary, bytes } from './bytes.js'
import { llex } from './fengari-modules.js'
import { Op } from './opcodes.js'

const { TK_STRING } = llex.RESERVED
const [OPEN, CLOSE, OPEN_BRACE, CLOSE_BRACE] = [...'(){}'].map((each) => each.charCodeAt(0))

const TO_CLOSE = / \(to close '\(' at line \d+\)$/

/** Observes a parser, token by token. */
export class CallLines {
  /** lines of open parentheses and braces */
  readonly #open: number[] = []
  /** possible arguments of a call in function `fs` at or after `pc`; the call is not emitted before the next token is read */
  #pending: { readonly fs: FuncState; readonly pc: number; readonly line: number } | undefined

  /** Called for each token that was read; code that depends on it has not been emitted yet. */
  taken(ls: LexState, token: number): void {
    this.finish()
    if (token === OPEN || token === OPEN_BRACE) this.#open.push(ls.linenumber)
    else if (token === CLOSE || token === CLOSE_BRACE) this.#expectCall(ls, this.#open.pop()!)
    else if (token === TK_STRING) this.#expectCall(ls, ls.linenumber)
  }

  #expectCall({ fs }: LexState, line: number): void {
    this.#pending = { fs, pc: fs.pc, line }
  }

  /** Sets the line of the last call. Must also be called at the end of the text. */
  finish(): void {
    if (!this.#pending) return
    const { fs, pc, line } = this.#pending
    this.#pending = undefined
    const { code, lineinfo } = fs.f
    for (let i = pc; i < fs.pc; i++)
      if (code[i]!.opcode === Op.CALL || code[i]!.opcode === Op.TAILCALL) return void (lineinfo[i] = line)
  }

  /** Returns the message for a missing parenthesis, which contains the line of the opening one. */
  syntaxError(ls: LexState, message: Uint8Array): Uint8Array {
    const text = binary(message)
    const line = this.#open.at(-1)
    if (line === undefined || !TO_CLOSE.test(text)) return message
    return bytes(text.replace(TO_CLOSE, line === ls.linenumber ? '' : ` (to close '(' at line ${line})`))
  }
}
