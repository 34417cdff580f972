/** Registers of a function that does not run as JavaScript, and suspension of calls to be continued later. */
import type { Proto } from './proto.js'
import type { Call, LuaThread } from './state.js'
import { SUSPENDED, UpValue, type LuaValue } from './value.js'

/** Registers that are shared with closures, by number; null without such registers. */
export const sharedRegisters = (proto: Proto): boolean[] | null => {
  let shared: boolean[] | null = null
  for (const { upvalues } of proto.p) for (const { instack, idx } of upvalues) if (instack) (shared ??= [])[idx] = true
  return shared
}

/** Returns the initial registers of a call. */
export const firstRegisters = (
  { numparams, maxstacksize }: Proto,
  args: readonly LuaValue[],
  shared: readonly boolean[] | null,
): unknown[] => {
  const registers: unknown[] = []
  for (let i = 0; i < maxstacksize; i++) {
    const value = i < numparams ? args[i] : undefined
    registers.push(shared?.[i] === true ? new UpValue(value) : value)
  }
  return registers
}

/** Suspends a call, to be continued at a label of its translated code. */
export const setAside = (
  L: LuaThread,
  ci: Call,
  registers: unknown[],
  va: LuaValue[] | null,
  at: number,
): typeof SUSPENDED => {
  ci.regs = registers
  ci.nCcalls = L.nCcalls
  ci.va = va
  ci.at = at
  return SUSPENDED
}

/** Ends the running call in favour of a tail call, which `settle` (call.ts) performs. */
export const tailCall = (L: LuaThread, f: LuaValue, args: LuaValue[]): typeof SUSPENDED => {
  L.ci = L.ci.previous!
  L.tailFunction = f
  L.tailArguments = args
  return SUSPENDED
}
