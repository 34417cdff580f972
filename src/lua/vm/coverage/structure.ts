/**
 * Parses a valid Lua source text into functions, statements and branches, identified by token numbers. Blocks, labels and semicolons are
 * not statements here: they have no code.
 */
import type { Token } from './tokens.js'

import type { Condition, Extent, FunctionText, Statement } from './text.js'
const BLOCK_ENDS = new Set(['end', 'else', 'elseif', 'until'])
const BINARY = new Set('+ - * / % ^ // .. == ~= < > <= >= & | ~ << >> and or'.split(' '))
const UNARY = new Set(['not', '-', '#', '~'])

export const structureOf = (tokens: readonly Token[]): FunctionText => new Reader(tokens).main()

class Reader {
  #place = 0
  #function: FunctionText
  /** the target of the assignment that a following function would be assigned to */
  #name: string | undefined
  /** whether the current position is within `not (…)` */
  #negated = false

  constructor(readonly tokens: readonly Token[]) {
    const all = { first: 0, last: tokens.length - 1 }
    this.#function = {
      name: undefined,
      declaration: all,
      body: all,
      statements: [],
      branches: [],
      labels: [],
      functions: [],
    }
  }

  main(): FunctionText {
    this.#block()
    return this.#function
  }

  #is(text: string): boolean {
    return this.tokens[this.#place]?.text === text
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false
    this.#place++
    return true
  }

  #since(first: number): Extent {
    return { first, last: this.#place - 1 }
  }

  #add(first: number, kind: string, more: Partial<Statement> = {}): void {
    this.#function.statements.push({ kind, ...this.#since(first), ...more })
  }

  #block(): Extent {
    const first = this.#place
    while (this.#place < this.tokens.length && !this.#endsBlock()) this.#statement()
    return this.#since(first)
  }

  #endsBlock(): boolean {
    const token = this.tokens[this.#place]!
    return token.kind === 'keyword' && BLOCK_ENDS.has(token.text)
  }

  #statement(): void {
    const first = this.#place
    const { text, kind } = this.tokens[first]!
    if (kind === 'keyword' && text in this.#keywords) {
      this.#place++
      return this.#keywords[text]!(first)
    }
    if (this.#take(';')) return
    if (this.#take('::')) {
      this.#function.labels.push({ name: this.tokens[this.#place]!.text, token: first })
      this.#place += 2
      return
    }
    const names = [this.#suffixed()]
    while (this.#take(',')) names.push(this.#suffixed())
    if (this.#take('=')) this.#expressions(names)
    this.#add(first, 'expression')
  }

  readonly #keywords: Readonly<Record<string, (first: number) => void>> = {
    if: (first) => this.#if(first),
    while: (first) => {
      const condition = this.#condition('do')
      const body = this.#block()
      this.#take('end')
      this.#add(first, 'while')
      this.#function.branches.push({ kind: 'while', extent: this.#since(first), condition, body })
    },
    do: () => {
      this.#block()
      this.#take('end')
    },
    for: (first) => this.#for(first),
    repeat: (first) => {
      const body = this.#block()
      this.#take('until')
      const condition = this.#condition(undefined)
      this.#add(first, 'repeat')
      this.#function.branches.push({ kind: 'repeat', extent: this.#since(first), condition, body })
    },
    function: (first) => {
      let name = this.tokens[this.#place++]!.text
      while (this.#is('.') || this.#is(':')) {
        name += this.tokens[this.#place]!.text + this.tokens[this.#place + 1]!.text
        this.#place += 2
      }
      this.#body(first, name)
      this.#add(first, 'function')
    },
    local: (first) => {
      if (this.#take('function')) {
        this.#place++
        this.#body(first, this.tokens[this.#place - 1]!.text)
        return this.#add(first, 'local')
      }
      const names: string[] = []
      do {
        names.push(this.tokens[this.#place++]!.text)
        if (this.#take('<')) this.#place += 2
      } while (this.#take(','))
      if (this.#take('=')) this.#expressions(names)
      this.#add(first, 'local')
    },
    return: (first) => {
      if (this.#place < this.tokens.length && !this.#endsBlock() && !this.#is(';')) this.#expressions([])
      this.#add(first, 'return')
      this.#take(';')
    },
    break: (first) => this.#add(first, 'break'),
    goto: (first) => {
      this.#place++
      this.#add(first, 'goto', { label: this.tokens[first + 1]!.text })
    },
  }

  /** An expression, the token after it, and what is known about the block that follows. */
  #condition(word: string | undefined): Condition {
    const first = this.#place
    this.#expression()
    const extent = this.#since(first)
    if (word !== undefined) this.#take(word)
    return { ...extent, block: this.#place, empty: this.#place >= this.tokens.length || this.#endsBlock() }
  }

  #if(first: number): void {
    const { branches, statements } = this.#function
    const arms: { first: number; condition: Condition; then: Extent; next: number; jumps: boolean }[] = []
    let at = first
    do {
      const condition = this.#condition('then')
      const jumps = this.#is('break') || this.#is('goto')
      const known = statements.length
      const then = this.#block()
      if (jumps) statements[known] = { ...statements[known]!, condition }
      arms.push({ first: at, condition, then, next: this.#place, jumps })
      at = this.#place
    } while (this.#take('elseif'))
    const otherwise = this.#take('else') ? this.#block() : undefined
    this.#take('end')
    arms.forEach((arm, i) => {
      const extent = this.#since(arm.first)
      const rest = arms[i + 1] ? this.#since(arms[i + 1]!.first) : otherwise
      if (i === 0) this.#add(first, 'if')
      else statements.push({ kind: 'elseif', first: arm.first, last: arm.condition.last })
      branches.push({ ...arm, kind: 'if', extent, otherwise: rest, whole: first })
    })
  }

  #for(first: number): void {
    const numeric = this.tokens[this.#place + 1]?.text === '='
    while (!this.#take(numeric ? '=' : 'in')) this.#place++
    this.#expressions([])
    const header = this.#since(first)
    this.#take('do')
    const body = this.#block()
    this.#take('end')
    this.#add(first, 'for')
    this.#function.branches.push({ kind: 'for', extent: this.#since(first), header, body })
  }

  /** @param names the targets of the assignment */
  #expressions(names: readonly (string | undefined)[]): void {
    let i = 0
    do {
      this.#name = names[i++]
      this.#expression()
      this.#name = undefined
    } while (this.#take(','))
  }

  /** Operands of `and` and `or` in one expression are one branch. */
  #expression(): void {
    const first = this.#place
    const starts: number[] = [first]
    const ends: number[] = []
    const alternatives: boolean[] = []
    for (;;) {
      this.#operand()
      const token = this.tokens[this.#place]
      if (!token || token.kind === 'name' || !BINARY.has(token.text)) break
      if (token.kind === 'keyword') {
        alternatives.push((token.text === 'or') !== this.#negated)
        ends.push(this.#place - 1)
        starts.push(this.#place + 1)
      }
      this.#place++
    }
    ends.push(this.#place - 1)
    if (starts.length > 1)
      this.#function.branches.push({
        kind: 'binary-expr',
        extent: this.#since(first),
        operands: starts.map((start, i) => ({ first: start, last: ends[i]! })),
        alternatives,
      })
  }

  #operand(): void {
    const negated = this.#negated
    while (UNARY.has(this.tokens[this.#place]!.text))
      if (this.tokens[this.#place++]!.text === 'not') this.#negated = !this.#negated
    const { text, kind } = this.tokens[this.#place]!
    if (text === 'function' && kind === 'keyword') {
      const first = this.#place++
      this.#body(first, this.#name)
    } else if (text === '{') this.#table()
    else if (kind === 'name' || text === '(') this.#suffixed()
    else this.#place++
    this.#negated = negated
  }

  /** Parses a name or parenthesized expression with its suffixes; returns its text if it is a name with fields. */
  #suffixed(): string | undefined {
    let name: string | undefined
    if (this.#take('(')) {
      this.#inside(() => this.#expression())
      this.#take(')')
    } else name = this.tokens[this.#place++]!.text
    for (;;) {
      const { text = '' } = this.tokens[this.#place] ?? {}
      if (text === '.' || text === ':') {
        const field = this.tokens[this.#place + 1]!.text
        name = name === undefined ? undefined : `${name}${text}${field}`
        this.#place += 2
      } else if (text === '[') {
        this.#place++
        this.#inside(() => this.#expression())
        this.#take(']')
        name = undefined
      } else if (text === '(') {
        this.#place++
        if (!this.#is(')')) this.#inside(() => this.#expressions([]))
        this.#take(')')
        name = undefined
      } else if (text === '{') {
        this.#table()
        name = undefined
      } else if (text === '[[' || /^['"]/.test(text)) {
        this.#place++
        name = undefined
      } else return name
    }
  }

  #table(): void {
    this.#place++
    while (!this.#take('}')) {
      const { text, kind } = this.tokens[this.#place]!
      let name: string | undefined
      if (text === '[') {
        this.#place++
        this.#inside(() => this.#expression())
        this.#take(']')
        this.#take('=')
      } else if (kind === 'name' && this.tokens[this.#place + 1]!.text === '=') {
        name = text
        this.#place += 2
      }
      this.#inside(() => {
        this.#name = name
        this.#expression()
      })
      if (!this.#take(',')) this.#take(';')
    }
  }

  /** Functions within an expression are not named after the target of the assignment. */
  #inside(read: () => void): void {
    const name = this.#name
    this.#name = undefined
    read()
    this.#name = name
  }

  /** Parses the parameters and the block of a function. */
  #body(first: number, name: string | undefined): void {
    const outer = this.#function
    while (!this.#take(')')) this.#place++
    const declaration = this.#since(first)
    const inner: FunctionText = {
      name,
      declaration,
      body: declaration,
      statements: [],
      branches: [],
      labels: [],
      functions: [],
    }
    const at = outer.functions.push(inner) - 1
    this.#function = inner
    this.#inside(() => this.#block())
    this.#take('end')
    outer.functions[at] = { ...inner, body: this.#since(first) }
    this.#function = outer
  }
}
