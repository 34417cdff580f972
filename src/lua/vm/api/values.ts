/** The C API: values at indices of the stack, the registry and the upvalues. */
import type { LuaThread } from '../state.js'
import { NativeClosure, type LuaValue } from '../value.js'

export const REGISTRY_INDEX = -1_001_000

/** The value at an index without an element. */
export const NONE = Symbol('none')

export const valueAt = (L: LuaThread, index: number): LuaValue | typeof NONE => {
  if (index > 0) {
    const at = L.ci.base + index
    return at < L.top ? L.stack[at] : NONE
  }
  if (index > REGISTRY_INDEX) return L.stack[L.top + index]
  if (index === REGISTRY_INDEX) return L.l_G.registry
  const { func } = L.ci
  const upvalue = REGISTRY_INDEX - index
  return func instanceof NativeClosure && upvalue <= func.upvalues.length ? func.upvalues[upvalue - 1] : NONE
}

/** Like {@link valueAt}, with nil instead of {@link NONE}. */
export const get = (L: LuaThread, index: number): LuaValue => {
  const value = valueAt(L, index)
  return value === NONE ? undefined : value
}

/** Converts an index to a position in the stack. */
export const addressOf = (L: LuaThread, index: number): number => (index > 0 ? L.ci.base + index : L.top + index)

/** Sets the value at an index of the stack or of an upvalue. */
export const put = (L: LuaThread, index: number, value: LuaValue): void => {
  if (index < REGISTRY_INDEX) (L.ci.func as NativeClosure).upvalues[REGISTRY_INDEX - index - 1] = value
  else L.stack[addressOf(L, index)] = value
}
