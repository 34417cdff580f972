/** Registers of a function that is not run as JavaScript, and how a call is left to be continued later. */
import type { Proto } from './proto.js'
import type { Call, LuaThread } from './state.js'
import { SUSPENDED, UpValue, type LuaValue } from './value.js'

/** Registers that closures share, by number; null if there are none. */
export const sharedRegisters = (proto: Proto): boolean[] | null => {
  let shared: boolean[] | null = null
  for (const { upvalues } of proto.p) for (const { instack, idx } of upvalues) if (instack) (shared ??= [])[idx] = true
  return shared
}

/** The registers of a call that begins. */
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

/** Leaves a call to be continued at a label of its translated code. */
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

/** Ends the running call, whose place another one takes: `settle` (call.ts) makes that call. */
export const tailCall = (L: LuaThread, f: LuaValue, args: LuaValue[]): typeof SUSPENDED => {
  L.ci = L.ci.previous!
  L.tailFunction = f
  L.tailArguments = args
  return SUSPENDED
}
