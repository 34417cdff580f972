/**
 * Expressions of several arithmetic operators, such as `(z ~ (z >> 30)) * k` or `dx * dx + dy * dy`, have specialized forms without Lua
 * values for intermediate results: for floats, for small integers, for 64-bit integers, and for 32 bits if the last operator is `&
 * 0xffffffff` or a smaller mask. The operands at the start select the form; if none applies, each instruction is executed separately.
 */
import { constantAt, isConstant } from '../names.js'
import { Op } from '../opcodes.js'
import type { Code } from './code.js'
import { constantDouble, literal } from './floats.js'
import { jumpTarget, isTest } from './flow.js'

export interface Chain {
  /** the last instruction */
  readonly end: number
  /** the condition and the value of each form */
  readonly forms: readonly { readonly test: string; readonly value: string }[]
  /** whether the forms cover all operands that the fast paths of the instructions cover */
  readonly complete: boolean
}

/** A partial expression; undefined for a form that does not support it. */
interface Term {
  readonly wide: string | undefined
  /** its lower 32 bits, as a signed integer */
  readonly low: string | undefined
  /** its value, if it is a register, a constant or a difference of these */
  readonly exact: string | undefined
  /** its value as a small integer, after the tests of that form */
  readonly small: string | undefined
  /** its value as a double, if registers contain floats, or integers beside a float */
  readonly float: Double | undefined
}

interface Double {
  readonly text: string
  readonly kind: 'register' | 'integer' | 'float'
}

const NOT_FLOAT = { small: undefined, float: undefined } as const
const MAX = '9007199254740991'

const LONGEST = 24
const ALL_32_BITS = 0xffffffff

/** Instructions that can be reached otherwise than from the previous one. */
export const arrivals = (e: Code): ReadonlySet<number> => {
  const { proto } = e
  const targets = new Set<number>()
  proto.code.forEach(({ opcode, C }, pc) => {
    if (opcode === Op.JMP || opcode === Op.FORLOOP || opcode === Op.TFORLOOP) targets.add(jumpTarget(proto, pc))
    else if (opcode === Op.FORPREP)
      targets
        .add(pc + 1)
        .add(jumpTarget(proto, pc))
        .add(jumpTarget(proto, pc) + 1)
    else if (isTest(opcode) || (opcode === Op.LOADBOOL && C !== 0)) targets.add(pc + 2)
  })
  return targets
}

/** Returns the longest chain that starts at an instruction. */
export const chainAt = (e: Code, start: number, arrivals: ReadonlySet<number>): Chain | undefined => {
  const builder = new Builder(e)
  let chain: Chain | undefined
  for (let pc = start; pc < start + LONGEST; pc++) {
    if ((pc > start && arrivals.has(pc)) || e.counting.arrive(pc) !== '' || !builder.add(pc)) break
    if (pc > start) chain = builder.chain(pc) ?? chain
    // a value assigned to a variable may be used several times
    if (e.proto.code[pc]!.A < e.variablesAt(pc + 1)) break
  }
  return chain
}

class Builder {
  readonly #terms = new Map<number, Term>()
  /** registers that are operands */
  readonly #leaves = new Set<string>()
  /** conditions of the 32-bit form */
  readonly #tests = new Set<string>()
  /** conditions of the small-integer form, in the order of computation */
  readonly #ranges: string[] = []
  /** registers that must contain floats for the float form, or may contain integers, too */
  readonly #floats = new Map<string, 'float' | 'number'>()

  constructor(readonly e: Code) {}

  /** Adds an instruction, if it can be part of a chain. */
  add(pc: number): boolean {
    const { opcode, A, B, C } = this.e.proto.code[pc]!
    if (!(opcode >= Op.ADD && opcode <= Op.BNOT) || this.e.captured.has(A)) return false
    if (opcode === Op.BNOT || opcode === Op.UNM) {
      const a = this.#operand(B)
      if (!a) return false
      const sign = opcode === Op.BNOT ? '~' : '-'
      this.#terms.set(A, {
        wide: a.wide && wrapped(`${sign}${a.wide}`),
        low: a.low && `(${sign}${a.low}|0)`,
        exact: undefined,
        ...NOT_FLOAT,
      })
      return true
    }
    const b = this.#operand(B)
    const c = b && this.#operand(C)
    const term = c && this.#binary(opcode, b, c, C)
    if (!term) return false
    this.#terms.set(A, term)
    return true
  }

  /** Returns the instructions so far as a chain, if they result in one value. */
  chain(pc: number): Chain | undefined {
    const { opcode, A, B, C } = this.e.proto.code[pc]!
    const term = this.#terms.get(A)
    if (this.#terms.size !== 1 || !term || this.#leaves.size === 0) return undefined
    const forms = []
    const leaves = [...this.#leaves]
    const areNumbers = leaves.map((leaf) => `typeof ${leaf}==='number'`)
    if (term.small !== undefined)
      forms.push({ test: [...areNumbers, ...this.#ranges].join('&&'), value: `${term.small}+0` })
    if (term.float?.kind === 'float') forms.push({ test: this.#floatTest(), value: `new F(${term.float.text})` })
    const complete = forms.length === 2
    const mask = opcode === Op.BAND ? [B, C].find((each) => this.#isMask(each)) : undefined
    if (mask !== undefined && term.low !== undefined) {
      const tests = [...areNumbers, ...this.#tests]
      forms.push({ test: tests.join('&&'), value: `${term.low}>>>0` })
    }
    if (term.wide !== undefined)
      forms.push({
        test: leaves.map((leaf) => `typeof ${leaf}==='bigint'`).join('&&'),
        value: `normal(${term.wide})`,
      })
    return forms.length > 0 ? { end: pc, forms, complete } : undefined
  }

  #floatTest(): string {
    const isFloat = (leaf: string): string => `${leaf} instanceof F`
    return [...this.#floats]
      .map(([leaf, kind]) => (kind === 'float' ? isFloat(leaf) : `(typeof ${leaf}==='number'||${isFloat(leaf)})`))
      .join('&&')
  }

  #isMask(operand: number): boolean {
    const value = isConstant(operand) ? constantAt(this.e.proto, operand) : undefined
    return typeof value === 'number' && value >= 0 && value <= ALL_32_BITS
  }

  #operand(operand: number): Term | undefined {
    if (isConstant(operand)) {
      const value = constantAt(this.e.proto, operand)
      if (typeof value === 'bigint')
        return { wide: `(${value}n)`, low: `(${BigInt.asIntN(32, value)})`, exact: undefined, ...NOT_FLOAT }
      const double = constantDouble(this.e, operand)
      if (double === undefined) return undefined
      const text = literal(double.n)
      const float: Double = { text, kind: double.float ? 'float' : 'integer' }
      if (typeof value !== 'number')
        return { wide: undefined, low: undefined, exact: undefined, small: undefined, float }
      return { wide: `(${value}n)`, low: `(${value | 0})`, exact: text, small: text, float }
    }
    const term = this.#terms.get(operand)
    if (term) {
      this.#terms.delete(operand)
      return term
    }
    if (this.e.captured.has(operand)) return undefined
    const register = this.e.reg(operand)
    this.#leaves.add(register)
    const float: Double = { text: register, kind: 'register' }
    return { wide: register, low: `(${register}|0)`, exact: register, small: register, float }
  }

  /** @param always whether two integer operands are converted, too */
  #float(operator: string, b: Double | undefined, c: Double | undefined, always: boolean): Double | undefined {
    if (!b || !c || (b.kind === 'integer' && c.kind === 'integer')) return undefined
    const double = (term: Double, other: Double): string => {
      if (term.kind !== 'register') return term.text
      const loose = (other.kind === 'float' || always) && this.#floats.get(term.text) !== 'float'
      this.#floats.set(term.text, loose ? 'number' : 'float')
      return loose ? `(typeof ${term.text}==='number'?${term.text}:${term.text}.n)` : `${term.text}.n`
    }
    return { text: `(${double(b, c)}${operator}${double(c, b)})`, kind: 'float' }
  }

  #small(operator: string, b: string | undefined, c: string | undefined): string | undefined {
    if (b === undefined || c === undefined) return undefined
    const result = this.e.temporary(this.#ranges.length)
    this.#ranges.push(`(${result}=${b}${operator}${c})<=${MAX}&&${result}>=-${MAX}`)
    return result
  }

  #binary(opcode: Op, b: Term, c: Term, C: number): Term | undefined {
    const both = (operator: string): Term => ({
      wide: b.wide && c.wide && `(${b.wide}${operator}${c.wide})`,
      low: b.low && c.low && `(${b.low}${operator}${c.low})`,
      exact: undefined,
      ...NOT_FLOAT,
    })
    switch (opcode) {
      case Op.BAND:
        return both('&')
      case Op.BOR:
        return both('|')
      case Op.BXOR:
        return both('^')
      case Op.ADD:
      case Op.SUB:
      case Op.MUL: {
        const operator = opcode === Op.ADD ? '+' : opcode === Op.SUB ? '-' : '*'
        const { wide, low } = both(operator)
        return {
          wide: wide && wrapped(wide),
          low: low && (opcode === Op.MUL ? `Math.imul(${b.low!},${c.low!})` : `(${low}|0)`),
          exact:
            opcode === Op.SUB && b.exact !== undefined && c.exact !== undefined ? `(${b.exact}-${c.exact})` : undefined,
          small: this.#small(operator, b.small, c.small),
          // `a - 0` turns -0.0 into 0.0 (minusZero in support.ts)
          float:
            opcode === Op.SUB && isConstant(C) && constantAt(this.e.proto, C) === 0
              ? undefined
              : this.#float(operator, b.float, c.float, false),
        }
      }
      case Op.DIV: {
        const float = this.#float('/', b.float, c.float, true)
        return float && { wide: undefined, low: undefined, exact: undefined, small: undefined, float }
      }
      case Op.SHL:
      case Op.SHR: {
        const by = isConstant(C) ? constantAt(this.e.proto, C) : undefined
        const fits = typeof by === 'number' && by >= 0 && by < 64
        const left = opcode === Op.SHL
        return {
          wide: fits && b.wide ? shiftedWide(b.wide, by, left) : undefined,
          low: this.#shifted(b, c, left),
          exact: undefined,
          ...NOT_FLOAT,
        }
      }
      default:
        return undefined
    }
  }

  /** A shift of 32 bits: to the right only if the value has no more bits. */
  #shifted(b: Term, c: Term, left: boolean): string | undefined {
    if (c.exact === undefined || (left ? b.low : b.exact) === undefined) return undefined
    if (!left) this.#tests.add(`${b.exact!}>>>0===${b.exact!}`)
    this.#tests.add(`${c.exact}>=0&&${c.exact}<32`)
    return left ? `(${b.low!}<<${c.exact})` : `(${b.exact!}>>>${c.exact})`
  }
}

const wrapped = (value: string): string => `BigInt.asIntN(64,${value})`

const shiftedWide = (value: string, by: number, left: boolean): string =>
  left ? wrapped(`${value}<<${by}n`) : wrapped(`BigInt.asUintN(64,${value})>>${by}n`)
