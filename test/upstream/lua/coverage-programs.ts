/**
 * Generated programs in two versions: plain, and instrumented with calls that count what runs. Every statement has a separate line,
 * so that both counts can be told by lines.
 */

export interface Program {
  readonly plain: string
  readonly counting: string
}

/** The number of calls of `r` is limited: afterwards it returns 99, for which no condition is true. */
const PRELUDE = `local seed, left = 7, 300
function r() left = left - 1 if left < 0 then return 99 end seed = seed * 16807 % 2147483647 if pause then pause() end return seed % 100 end`

export const PRELUDE_LINES = 2

const COUNTING = `local hits = {}
local function h(key) hits[key] = (hits[key] or 0) + 1 end
local function c(key, value) h(key .. (value and ":0" or ":1")) return value end
local function q(key, value) h(key) return value end
`

/** Makes a program of numbers: each choice takes one, and when there are no more the simplest is chosen. */
export const makeProgram = (choices: readonly number[]): Program => new Maker(choices).program()

class Maker {
  readonly #plain: string[] = [...PRELUDE.split('\n'), 'local function main(a, b)']
  readonly #counting: string[] = [...PRELUDE.split('\n'), 'local function main(a, b)']
  #place = 0
  #depth = 0
  #labels = 0
  /** lines of the loops around; of a `for` what tells that it was left */
  readonly #loops: { readonly flag: string | undefined; readonly continued: string }[] = []
  /** binary expressions of the line */
  #chains = 0

  constructor(readonly choices: readonly number[]) {}

  program(): Program {
    for (let i = 0; i < 6; i++) this.#statement()
    this.#both('end')
    return {
      plain: this.#plain.join('\n'),
      counting: `${COUNTING}${this.#counting.join('\n')}\nmain(true, false)\nreturn hits`,
    }
  }

  #choose(many: number): number {
    return (this.choices[this.#place++] ?? 0) % many
  }

  get #line(): number {
    return this.#plain.length + 1
  }

  #both(plain: string, counting = plain): void {
    this.#plain.push(plain)
    this.#counting.push(counting)
    this.#chains = 0
  }

  #block(): void {
    this.#depth++
    const many = this.#choose(4)
    for (let i = 0; i < many; i++) this.#statement()
    this.#depth--
  }

  #statement(): void {
    const line = this.#line
    const kind = this.#choose(this.#depth > 3 ? 4 : 14)
    const loop = this.#loops.at(-1)
    if (kind === 0) this.#both('b = r()', `h("${line}") b = r()`)
    else if (kind === 1) this.#value('local e', line)
    else if (kind === 2) this.#value(['a', 'b', 'x'][this.#choose(3)]!, line)
    else if (kind === 3) this.#both('local d', `h("${line}") local d`)
    else if (kind === 4 || kind === 5) this.#if()
    else if (kind === 6) this.#while()
    else if (kind === 7) this.#repeat()
    else if (kind === 8 || kind === 9) this.#for(kind === 8)
    else if (kind === 10) this.#leave(loop, line)
    else if (kind === 11) this.#back()
    else if (kind === 12) this.#endless()
    else {
      this.#both('do')
      this.#block()
      this.#both('end')
    }
  }

  #value(target: string, line: number): void {
    const [plain, counting] = this.#expression(line, 0)
    this.#both(`${target} = ${plain}`, `h("${line}") ${target} = ${counting}`)
  }

  /** `and` and `or` of variables, constants, calls and the same in brackets. */
  #expression(line: number, depth: number): [string, string] {
    const operands = 1 + this.#choose(4)
    if (operands === 1) return this.#operand(line, depth)
    const chain = this.#chains++
    let [plain, counting] = ['', '']
    for (let i = 0; i < operands; i++) {
      const operator = i === 0 ? '' : [' and ', ' or '][this.#choose(2)]!
      const [x, y] = this.#operand(line, depth)
      plain += operator + x
      counting += `${operator}q("${line}:b${chain}:${i}", ${y})`
    }
    return [plain, counting]
  }

  #operand(line: number, depth: number): [string, string] {
    const kind = this.#choose(depth > 1 ? 6 : 8)
    const plain = ['r()', 'a', 'b', 'r() < 50', 'not a', 'x'][kind]
    if (plain !== undefined) return [plain, plain]
    const [x, y] = this.#expression(line, depth + 1)
    return [`(${x})`, `(${y})`]
  }

  /** A condition that is false once `r` has reached its limit. */
  #condition(line: number): [string, string] {
    const bound = 20 + this.#choose(70)
    if (this.#choose(3) > 0) return [`r() < ${bound}`, `r() < ${bound}`]
    const operator = this.#choose(2) ? ' and ' : ' or '
    const chain = this.#chains++
    const tests = [`r() < ${bound}`, ...(this.#choose(2) ? ['r() < 40'] : []), 'r() < 60']
    return [tests.join(operator), tests.map((each, i) => `q("${line}:b${chain}:${i}", ${each})`).join(operator)]
  }

  #if(): void {
    let word = 'if'
    do {
      const line = this.#line
      const [plain, counting] = this.#condition(line)
      const key = `c("${line}:if", ${counting})`
      if (word === 'if') this.#both(`if ${plain} then`, `h("${line}") if ${key} then`)
      else this.#both(`elseif ${plain} then`, `elseif q("${line}", true) and ${key} then`)
      if (this.#choose(4) === 0) this.#leave(this.#loops.at(-1), this.#line)
      else this.#block()
      word = 'elseif'
    } while (this.#choose(3) === 1)
    if (this.#choose(2)) {
      this.#both('else')
      this.#block()
    }
    this.#both('end')
  }

  /** Ends the loop, this round of it, or the function. */
  #leave(loop: { readonly flag: string | undefined; readonly continued: string } | undefined, line: number): void {
    const kind = loop ? this.#choose(5) : 4
    if (kind === 4) this.#both('do return end', `do h("${line}") return end`)
    else if (kind < 2 || !loop)
      this.#both('break', `h("${line}") ${loop?.flag === undefined ? '' : `${loop.flag} = false `}break`)
    else this.#both(`goto ${loop.continued}`, `h("${line}") goto ${loop.continued}`)
  }

  #inLoop(flag: string | undefined, counted = ''): void {
    const continued = `continue${++this.#labels}`
    this.#loops.push({ flag, continued })
    this.#both('do', `do ${counted}`)
    this.#block()
    this.#both('end')
    this.#both(`::${continued}::`)
    this.#loops.pop()
  }

  #while(): void {
    const line = this.#line
    const [plain, counting] = this.#condition(line)
    this.#both(`while ${plain} do`, `h("${line}") while c("${line}:while", ${counting}) do`)
    this.#inLoop(undefined)
    this.#both('end')
  }

  #repeat(): void {
    const start = this.#line
    this.#both('repeat', `h("${start}") repeat`)
    this.#inLoop(undefined)
    const line = this.#line
    const [plain, counting] = this.#condition(line)
    this.#both(`until not (${plain})`, `until q("${line}:r", nil) or not c("${start}:repeat", ${counting})`)
  }

  #for(numeric: boolean): void {
    const line = this.#line
    const flag = `f${line}`
    const many = this.#choose(4)
    const head = numeric
      ? `for i = 1, ${many} do`
      : `for i in pairs({${Array.from({ length: many }, (_, i) => i).join(', ')}}) do`
    this.#both(head, `h("${line}") do local ${flag} = true ${head}`)
    this.#inLoop(flag, `h("${line}:for:0") `)
    this.#both('end', `end if ${flag} then h("${line}:for:1") end end`)
  }

  #back(): void {
    const label = `top${++this.#labels}`
    this.#both('do')
    this.#both(`::${label}::`)
    this.#block()
    const line = this.#line
    this.#both('if r() < 60 then', `h("${line}") if c("${line}:if", r() < 60) then`)
    const at = this.#line
    this.#both(`goto ${label}`, `h("${at}") goto ${label}`)
    this.#both('end')
    this.#both('end')
  }

  /** Loops that only `break` ends. */
  #endless(): void {
    const line = this.#line
    this.#both('while true do', `h("${line}") while true do`)
    this.#inLoop(undefined)
    const at = this.#line
    this.#both('if r() > 70 then', `h("${at}") if c("${at}:if", r() > 70) then`)
    const out = this.#line
    this.#both('break', `h("${out}") break`)
    this.#both('end')
    this.#both('end')
  }
}
