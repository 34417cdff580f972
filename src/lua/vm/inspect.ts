/** What functions in their inspected form call: whoever looks on, and the hooks of scripts, learn of calls, lines and returns. */
import { MASK_CALL, MASK_LINE, MASK_RETURN, runHook } from './hook.js'
import type { Call, LuaThread } from './state.js'
import type { LuaClosure, LuaValue } from './value.js'

/** A function begins. */
export const begin = (L: LuaThread, ci: Call, registers: unknown[], rest: LuaValue[] | null): void => {
  ci.live = registers
  ci.rest = rest
  ci.seenpc = 0
  if (L.hookmask & MASK_CALL) runHook(L, 'call')
}

/** A line begins at `pc` if it is another one than before, or the same one once more (`luaG_traceexec` in ldebug.c). */
export const line = (L: LuaThread, ci: Call, pc: number): void => {
  const before = ci.seenpc
  ci.seenpc = pc
  const { lineinfo } = (ci.func as LuaClosure).p
  if (pc > before && lineinfo[pc] === lineinfo[before]) return
  ci.pc = pc
  L.l_G.inspector?.line(L, ci)
  if (L.hookmask & MASK_LINE) runHook(L, 'line', lineinfo[pc] ?? -1)
}

/** A function returns. */
export const returns = (L: LuaThread): void => {
  if (L.hookmask & MASK_RETURN) runHook(L, 'return')
}
