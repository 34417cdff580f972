/** Prototypes: compiled functions. */
import type { LuaClosure, LuaValue, Result, Run } from './value.js'
import type { Call, LuaThread } from './state.js'
import type { Counters } from './coverage/counters.js'

export interface Instruction {
  readonly opcode: number
  readonly A: number
  readonly B: number
  readonly C: number
  readonly Bx: number
  readonly sBx: number
  readonly Ax: number
}

export interface LocalVariable {
  readonly name: string
  /** first and last instruction in which it is active */
  readonly startpc: number
  readonly endpc: number
  /** `<const>` or `<close>` */
  readonly attribute: string | undefined
  /** the value of a compile-time constant (constants.ts) */
  constant?: Constant | undefined
}

export interface Constant {
  readonly value: LuaValue
}

export interface UpValueDescription {
  readonly name: string | undefined
  /** whether it is a register of the enclosing function, rather than one of its upvalues */
  readonly instack: boolean
  readonly idx: number
  /** the value of the variable if it is a compile-time constant */
  constant?: Constant | undefined
}

export type Resume = (L: LuaThread, ci: Call, value: Result) => Result

export class Proto {
  /** starts the function */
  run: Run
  /** resumes a call that was suspended */
  resume: Resume
  /** counters of coverage; set before the first call */
  counters: Counters | undefined
  /** maximum number of registers of the function and of functions in it */
  readonly mostRegisters: number

  constructor(
    readonly k: readonly LuaValue[],
    readonly code: readonly Instruction[],
    readonly p: readonly Proto[],
    readonly upvalues: readonly UpValueDescription[],
    readonly locvars: readonly LocalVariable[],
    readonly lineinfo: readonly number[],
    readonly numparams: number,
    readonly is_vararg: boolean,
    readonly maxstacksize: number,
    readonly linedefined: number,
    readonly lastlinedefined: number,
    /** the chunk name as in Lua: `@file`, `=name` or the text itself */
    readonly source: string,
    translate: Translator,
  ) {
    this.mostRegisters = p.reduce((most, { mostRegisters }) => Math.max(most, mostRegisters), maxstacksize)
    this.run = (L: LuaThread, closure: LuaClosure, ...args: LuaValue[]): Result => {
      if (this.run === first) this.run = translate.run(this)
      closure.run = this.run
      return this.run(L, closure, ...args)
    }
    const first = this.run
    this.resume = (L, ci, value) => {
      this.resume = translate.resume(this)
      return this.resume(L, ci, value)
    }
  }

  get nupvalues(): number {
    return this.upvalues.length
  }

  /** Returns the same function for another translator. */
  translatedBy(translator: Translator): Proto {
    const p = this.p.map((each) => each.translatedBy(translator))
    const { k, code, upvalues, locvars, lineinfo, numparams, is_vararg, maxstacksize } = this
    const { linedefined, lastlinedefined, source } = this
    const shape = [k, code, p, upvalues, locvars, lineinfo, numparams, is_vararg, maxstacksize] as const
    const copy = new Proto(...shape, linedefined, lastlinedefined, source, translator)
    copy.counters = this.counters
    return copy
  }
}

/** Creates functions from prototypes. */
export interface Translator {
  run(proto: Proto): Run
  resume(proto: Proto): Resume
}
