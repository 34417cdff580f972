/**
 * Repeated labels in 5.4 (`labelstat` in lparser.c): a label must differ from those of enclosing blocks of the function, too. PUC Lua checks
 * this after a sequence of labels and semicolons, beginning with the last label.
 */
import type { FuncState, LexState } from 'fengari/src/llex.js'
import { binary, bytes } from './bytes.js'
import { llex } from './fengari-modules.js'

const { TK_DBCOLON, TK_NAME } = llex.RESERVED
const SEMICOLON = ';'.charCodeAt(0)

interface Label {
  readonly name: string
  readonly line: number
}

/** Observes one parser, token by token. */
export class Labels {
  /** between the colons of a label */
  #inLabel = false
  /** a sequence of labels and semicolons: its labels, and those that were visible before it */
  #run: { readonly before: readonly Label[]; readonly labels: Label[] } | undefined

  /** Called when the token after `before` has been read. */
  read(ls: LexState, before: number): void {
    const { token } = ls.t
    if (before === TK_DBCOLON) {
      this.#inLabel = !this.#inLabel
      if (this.#inLabel) return void (token === TK_NAME && this.#begin(ls))
    }
    if (this.#inLabel || !this.#run || (before !== TK_DBCOLON && before !== SEMICOLON)) return
    if (token !== TK_DBCOLON && token !== SEMICOLON) this.#end(ls)
  }

  #begin(ls: LexState): void {
    this.#run ??= { before: labelsOf(ls), labels: [] }
    const { before, labels } = this.#run
    const name = binary(ls.t.seminfo.ts.getstr())
    const isRepeated = [...before, ...labels].some((each) => each.name === name)
    labels.push({ name, line: ls.lastline })
    // Fengari would report it immediately
    if (isRepeated) ls.t.seminfo.ts = llex.luaX_newstring(ls, bytes(`(repeated ${labels.length})`))
  }

  #end(ls: LexState): void {
    const { before, labels } = this.#run!
    this.#run = undefined
    const known = [...before]
    for (const label of labels.reverse()) {
      const same = known.find(({ name }) => name === label.name)
      if (same) {
        ls.t.token = 0
        llex.luaX_syntaxerror(ls, bytes(`label '${label.name}' already defined on line ${same.line}`))
      }
      known.push(label)
    }
  }
}

/** The visible labels of the function that is being read. */
export const labelsOf = (ls: LexState): Label[] => {
  const { arr, n } = ls.dyd.label
  return arr.slice(outermost(ls.fs).firstlabel, n).map(({ name, line }) => ({ name: binary(name.getstr()), line }))
}

const outermost = ({ bl }: FuncState): FuncState['bl'] => {
  let block = bl
  while (block.previous) block = block.previous
  return block
}
