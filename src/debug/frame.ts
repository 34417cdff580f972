/** Stack frames of Lua functions for the debugger. */
import { fromByteString } from '../bytes/text.js'
import { variablesOf } from '../lua/vm/api/debug.js'
import { calledName, localName } from '../lua/vm/names.js'
import type { Call, LuaThread } from '../lua/vm/state.js'
import { LuaClosure, UpValue, type LuaValue } from '../lua/vm/value.js'

/** A variable that can be read and set. */
export interface FrameVariable {
  readonly name: string
  get(): LuaValue
  set(value: LuaValue): void
}

/** A Lua function on the stack. */
export class Frame {
  constructor(
    readonly L: LuaThread,
    readonly ci: Call,
    readonly closure: LuaClosure,
  ) {}

  /** The source name of its chunk, with Lua's leading `@` or `=`. */
  get source(): string {
    return this.closure.p.source
  }

  /** The current line. */
  get line(): number {
    return this.closure.p.lineinfo[this.ci.pc] ?? 0
  }

  /** Its name in the caller, or the line of its definition. */
  get name(): string {
    const { ci, closure, L } = this
    const { previous } = ci
    const known = previous?.isLua && ci.tailOf !== ci.func ? calledName(previous, L.l_G.lua54) : undefined
    if (known) return fromByteString(known.name)
    return closure.p.linedefined === 0 ? 'main chunk' : `function at line ${closure.p.linedefined}`
  }

  /** Its variable arguments. */
  get rest(): readonly LuaValue[] {
    return variablesOf(this.L, this.ci).rest ?? []
  }

  /** Local variables in scope, in order. */
  get locals(): FrameVariable[] {
    const { registers } = variablesOf(this.L, this.ci)
    const found: FrameVariable[] = []
    for (let n = 1; registers; n++) {
      const name = localName(this.closure.p, n, this.ci.pc)
      if (name === undefined) break
      if (!name.startsWith('(')) found.push(inRegister(name, registers, n - 1))
    }
    return found
  }

  /** Its upvalues, in order. */
  get upvalues(): FrameVariable[] {
    const { p, upvalues } = this.closure
    return upvalues.map((upvalue, i) => ({
      name: p.upvalues[i]?.name ?? '?',
      get: () => upvalue.v,
      set: (value) => {
        upvalue.v = value
      },
    }))
  }

  /** The variable that a name refers to; undefined for a global. */
  variable(name: LuaValue): FrameVariable | undefined {
    return (
      this.locals.findLast((each) => each.name === name) ??
      this.upvalues.find((each) => each.name === name && name !== '_ENV')
    )
  }
}

const inRegister = (name: string, registers: unknown[], i: number): FrameVariable => ({
  name,
  get: () => (registers[i] instanceof UpValue ? registers[i].v : registers[i]) as LuaValue,
  set: (value) => {
    const old = registers[i]
    if (old instanceof UpValue) old.v = value
    else registers[i] = value
  },
})

/** The Lua functions on the stack of a coroutine, innermost first, without those of hapsim. */
export const framesOf = (L: LuaThread): Frame[] => {
  const frames: Frame[] = []
  for (let ci: Call | null = L.ci; ci !== null && ci !== L.base_ci; ci = ci.previous)
    if (ci.isLua && ci.func instanceof LuaClosure && !isHidden(ci.func.p.source)) frames.push(new Frame(L, ci, ci.func))
  return frames
}

/** Whether a chunk belongs to hapsim. */
export const isHidden = (source: string): boolean => source.startsWith('=[hapsim')
