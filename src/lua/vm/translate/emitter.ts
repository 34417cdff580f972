/**
 * Generates a JavaScript function from a prototype, instruction by instruction. Registers are JavaScript variables (`r0`, `r1` …); those
 * shared with closures contain an UpValue. There are two forms: `run` begins at the start and has JavaScript loops and blocks; `resume` is
 * a switch over the instructions and can continue after every call that may be suspended. Both save registers in the same way, so that a
 * call that began in one form continues in the other. They also do so when an error is unwound, so that variables can be inspected; V8 does
 * this at no cost.
 *
 * In translated code, L is the thread, ci the call record, cl the closure, u0 … its upvalues, h0 … places at which keys were found, v the
 * result of an instruction, m open results (of `...` or a last call), and at the label to continue at.
 */
import { Counting } from '../coverage/counters.js'
import { constantAt, isConstant } from '../names.js'
import { Op } from '../opcodes.js'
import type { Proto } from '../proto.js'
import { arrivals, chainAt, type Chain } from './chains.js'
import { closingOf } from './closing.js'
import type { Closing, Code, Inspection } from './code.js'
import { genericLoops, isTest, jumpTarget, shapeOf, type GenericLoops, type Shape } from './flow.js'
import { instruction } from './instructions.js'

export type Form = 'run' | 'resume'

export class Emitter implements Code {
  readonly #lines: string[] = []
  /** registers shared with closures */
  readonly captured = new Set<number>()
  readonly loops: GenericLoops
  /** counters of coverage */
  readonly counting: Counting
  /** what the function has to close */
  readonly closing: Closing
  readonly #shape: Shape | undefined
  readonly #opened: { readonly kind: string; readonly start: number; readonly end: number }[] = []
  #hints = 0
  #temporaries = 0
  /** whether an instruction is reached only with operands that fast paths do not cover */
  rare = false

  constructor(
    readonly proto: Proto,
    readonly form: Form,
    readonly inspection?: Inspection,
  ) {
    for (const { upvalues } of proto.p) for (const { instack, idx } of upvalues) if (instack) this.captured.add(idx)
    this.loops = genericLoops(proto)
    this.counting = new Counting(proto.counters)
    this.closing = closingOf(proto)
    this.#shape = form === 'run' && this.closing !== 'block' ? shapeOf(proto) : undefined
  }

  get structured(): boolean {
    return this.#shape !== undefined
  }

  line(text: string): void {
    this.#lines.push(text)
  }

  /** The JavaScript expression in which a register is kept: its value, or the UpValue shared with closures. */
  slot(i: number): string {
    return this.inspection ? `g[${i}]` : `r${i}`
  }

  /** The JavaScript expression for a register. */
  reg(i: number): string {
    return this.captured.has(i) ? `${this.slot(i)}.v` : this.slot(i)
  }

  /** A register or constant. */
  rk(operand: number): string {
    return isConstant(operand) ? this.constant(operand - 256) : this.reg(operand)
  }

  constant(i: number): string {
    const value = this.proto.k[i]
    switch (typeof value) {
      case 'number':
        return value < 0 ? `(${value})` : `${value}`
      case 'string':
        return JSON.stringify(value)
      case 'bigint':
        return value < 0n ? `(${value}n)` : `${value}n`
      case 'object':
        return `k${i}`
      default:
        return String(value)
    }
  }

  /** Whether an operand is known to be a small integer. */
  isNumber(operand: number): boolean {
    return isConstant(operand) && typeof constantAt(this.proto, operand) === 'number'
  }

  stringConstant(operand: number): string | undefined {
    if (!isConstant(operand)) return undefined
    const value = constantAt(this.proto, operand)
    return typeof value === 'string' ? value : undefined
  }

  /** Declares a variable for the place at which a key was found. */
  hint(): string {
    return `h${this.#hints++}`
  }

  /** After `v = …` of a call: suspends the function if the call was suspended, and marks where to continue. */
  settle(pc: number): string {
    return this.#continueAt(pc, 0, 'v===U&&(v=settle(L))===U')
  }

  /** The same after an operator, which may have called a metamethod, whose tail calls were performed. */
  suspend(pc: number, step = 0): string {
    return this.#continueAt(pc, step, 'v===U')
  }

  #continueAt(pc: number, step: number, suspended: string): string {
    const label = this.proto.code.length * (step + 1) + pc
    const check = `if(${suspended}){at=${label};break main}`
    return this.structured ? check : `${check}}case ${label}:{`
  }

  /** Declares a variable for an intermediate result of an expression. */
  temporary(i: number): string {
    this.#temporaries = Math.max(this.#temporaries, i + 1)
    return `q${i}`
  }

  /** Jumps to an instruction. */
  goto(target: number, from: number): string {
    const back = target <= from
    const before = `${this.counting.jump(from, target)}${back ? this.tick(target, from) : ''}`
    if (!this.structured)
      return `${before}pc=${back || this.loops.has(from) ? this.counting.counted(target) : target};continue main`
    for (let i = this.#opened.length - 1; i >= 0; i--) {
      const { kind, start, end } = this.#opened[i]!
      if (kind === 'loop' && start === target && back) return `${before}continue L${start}`
      if (kind === 'block' && end === target) return `${before}break B${end}`
    }
    throw new Error(`no way from ${from} to ${target}`)
  }

  /** Counts the instructions of a loop that ends at `from`. */
  tick(target: number, from: number): string {
    return `if((L.fuel-=${from - target + 1})<0&&tick(L,ci,${from},${this.#registers()})){at=${this.counting.counted(target)};break main};`
  }

  /** An array of the values of the registers. */
  #registers(): string {
    if (this.inspection) return 'g'
    return `[${Array.from({ length: this.proto.maxstacksize }, (_, i) => `r${i}`).join(',')}]`
  }

  /** Gives the closures made in a block separate variables. */
  close(level: number): string {
    return [...this.captured]
      .filter((i) => i >= level)
      .map((i) => `${this.slot(i)}=new Up(${this.reg(i)});`)
      .join('')
  }

  /** The source of a factory of the function, to be called with the support library, the constants and the prototypes. */
  source(): string {
    this.#body()
    const { proto, form } = this
    const all = Array.from({ length: proto.maxstacksize }, (_, i) => `r${i}`)
    const declare = (names: readonly string[]) => (names.length > 0 ? `let ${names.join(',')};` : '')
    const objects = proto.k.flatMap((value, i) => (typeof value === 'object' ? [`k${i}=K[${i}]`] : []))
    const upvalues = proto.upvalues.map((_, i) => `u${i}=cl.upvalues[${i}]`)
    const head = `'use strict';const {${SUPPORT}}=S;${proto.counters ? 'const Z=S.counts;' : ''}${objects.length > 0 ? `const ${objects.join(',')};` : ''}${declare(
      Array.from({ length: this.#hints }, (_, i) => `h${i}=0`),
    )}`
    const kept = this.#registers()
    const spill = `ci.regs=${kept};ci.va=va;ci.nCcalls=L.nCcalls;`
    const between = Array.from({ length: this.#temporaries }, (_, i) => `,q${i}=0`).join('')
    const temporaries = `let t,f,p,m=null,at=0${between};`
    const constUpvalues = upvalues.length > 0 ? `const ${upvalues.join(',')};` : ''
    const body = this.#lines.join('\n')
    const main = (start: string): string =>
      `${this.structured ? '' : `let pc=${form === 'run' ? -1 : 'ci.at'};`}try{` +
      (this.structured ? `main:{${start}${body}}` : `main:for(;;)switch(pc){case -1:{${start}${body}}}`) +
      `}catch(e){${spill}throw e}${spill}ci.at=at;return U}`
    const frames = 'ci.level>L.limit||'
    const filled = form === 'resume' || this.inspection ? kept : `[${all.slice(0, proto.numparams).join(',')}]`
    const start = (limit: string): string =>
      `${this.counting.entry()}if(${limit}(L.fuel-=${Math.min(proto.code.length, 30)})<0&&tick(L,ci,0,${filled})){at=0;break main};`
    if (form === 'resume') {
      const restore = this.inspection ? 'ci.live=g;ci.rest=va;' : declare(all.map((r, i) => `${r}=g[${i}]`))
      return `${head}return function resume(L,ci,v){const cl=ci.func,g=ci.regs,va=ci.va;ci.regs=null;${temporaries}${
        restore
      }${constUpvalues}${main(`${this.inspection ? 'begin(L,ci,g,va);' : ''}${start('')}`)}`
    }
    const parameters = Array.from({ length: proto.numparams }, (_, i) => `a${i}`)
    const registers = all.map((_, i) => {
      const value = i < proto.numparams ? `a${i}` : 'undefined'
      return this.captured.has(i) ? `new Up(${value})` : value
    })
    const begin = this.inspection
      ? `const g=[${registers.join(',')}];begin(L,ci,g,va);`
      : declare(all.map((r, i) => `${r}=${registers[i]!}`))
    return `${head}return function run(${['L', 'cl', ...parameters, ...(proto.is_vararg ? ['...va'] : [])].join(
      ',',
    )}){const ci=enter(L,cl);${proto.is_vararg ? '' : 'const va=null;'}let v;${temporaries}${begin}${constUpvalues}${main(start(frames))}`
  }

  #body(): void {
    const { code } = this.proto
    const arrived = this.structured && !this.inspection ? arrivals(this) : undefined
    let chain: Chain | undefined
    for (let pc = 0; pc < code.length; pc++) {
      // the first part of a generic loop is inside the JavaScript loop, but runs once
      const headOfLoop = this.structured && this.loops.has(pc)
      if (headOfLoop) this.noteLine(pc)
      if (this.#shape) this.#boundaries(pc, this.#shape)
      else {
        this.line(`}case ${pc}:{`)
        this.#arrive(pc)
      }
      if (!headOfLoop && !(this.structured && code[pc]!.opcode === Op.TFORCALL)) this.noteLine(pc)
      // the jump of a test is part of the test
      if (this.structured && pc > 0 && isTest(code[pc - 1]!.opcode)) continue
      if (arrived && !chain) {
        chain = chainAt(this, pc, arrived)
        if (chain) this.#beginChain(chain)
      }
      this.rare = chain?.complete === true
      instruction(this, pc)
      if (chain?.end === pc) {
        this.line('}')
        chain = undefined
      }
    }
    if (this.#shape) this.#boundaries(code.length, this.#shape)
  }

  /** The specialized forms of a chain of instructions; the code after them is for operands that no form covers. */
  #beginChain({ end, forms }: Chain): void {
    const result = this.reg(this.proto.code[end]!.A)
    for (const { test, value } of forms) this.line(`if(${test})${result}=${value};else `)
    this.line('{')
  }

  /** The number of local variables at an instruction. */
  variablesAt(pc: number): number {
    return this.proto.locvars.filter(({ startpc, endpc }) => startpc <= pc && pc < endpc).length
  }

  /** Notifies the observer that a line may begin here. */
  noteLine(pc: number): void {
    if (this.inspection?.beginsLine(pc)) this.line(`line(L,ci,${pc});`)
  }

  /** Counts the items that start at an instruction; the switch has a second label for code that has already counted them. */
  #arrive(pc: number): void {
    const counts = this.counting.arrive(pc)
    if (counts !== '') this.line(this.structured ? counts : `${counts}}case ${this.counting.counted(pc)}:{`)
  }

  #boundaries(pc: number, { opens, closes }: Shape): void {
    for (const { kind, start } of closes.get(pc) ?? []) {
      this.#opened.pop()
      this.line(kind === 'block' || this.loops.has(start) ? '}' : `break L${start}}`)
    }
    this.#arrive(pc)
    for (const each of opens.get(pc) ?? []) {
      this.#opened.push(each)
      this.line(each.kind === 'block' ? `B${each.end}:{` : `L${each.start}:for(;;){`)
    }
  }

  /** The target of a test that fails. */
  testTarget(pc: number): { readonly target: number; readonly close: string } {
    const jump = this.proto.code[pc + 1]!
    return { target: jumpTarget(this.proto, pc + 1), close: jump.A > 0 ? this.close(jump.A - 1) : '' }
  }

  /** The first register of the open results that the instruction at `pc` uses: those of the previous instruction. */
  openResultsAt(pc: number): number {
    return this.proto.code[pc - 1]!.A
  }

  /** The step of a numeric loop, if it is a constant set directly before the loop is prepared. */
  constantStep(forprep: number): number | undefined {
    const { code, k } = this.proto
    const { A } = code[forprep]!
    const before = code[forprep - 1]
    if (!before || before.opcode !== Op.LOADK || before.A !== A + 2) return undefined
    if (code.some(({ opcode }, pc) => opcode === Op.JMP && jumpTarget(this.proto, pc) === forprep)) return undefined
    const step = k[before.Bx]
    return typeof step === 'number' && step !== 0 ? step : undefined
  }
}

const SUPPORT = [
  'SUSPENDED:U',
  'UpValue:Up',
  'LuaTable:T',
  'LuaClosure:C',
  'LuaFloat:F',
  'nextFunction:NEXT',
  'protos:P',
  'constants:K',
  ...[
    'enter',
    'settle',
    'closeVariables',
    'markToClose',
    'tick',
    'begin',
    'line',
    'returns',
    'call0',
    'call1',
    'call2',
    'call3',
    'callMany',
    'callMeta2',
    'tailCall',
    'tailCallThrough',
    'results',
    'add',
    'subtract',
    'minusZero',
    'multiply',
    'divide',
    'modulo',
    'floorDivide',
    'arithmetic',
    'normal',
    'bitAnd',
    'bitOr',
    'bitXor',
    'shiftLeft',
    'shiftRight',
    'concat',
    'equals',
    'lessThan',
    'lessEqual',
    'length',
    'getMissing',
    'getItem',
    'getMethod',
    'setField',
    'setItem',
    'prepareLoop',
    'advanceLoop',
  ],
].join(',')
