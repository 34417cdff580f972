/**
 * Called by functions in their inspected form: reports calls, lines and returns to the observer of the state and to the hooks of scripts.
 */
import { MASK_CALL, MASK_LINE, MASK_RETURN, runHook } from './hook.js'
import { isTailCall } from './names.js'
import type { Call, LuaThread } from './state.js'
import type { LuaClosure, LuaValue } from './value.js'

/** Reports that a function was entered. */
export const begin = (L: LuaThread, ci: Call, registers: unknown[], rest: LuaValue[] | null): void => {
  ci.live = registers
  ci.rest = rest
  ci.seenpc = 0
  if ((L.hookmask & MASK_CALL) === 0) return
  const count = (ci.func as LuaClosure).p.numparams
  runHook(L, isTailCall(ci) ? 'tail call' : 'call', -1, { first: 1, count })
}

/** Reports a line at `pc` if it differs from the previous one or is repeated (`luaG_traceexec` in ldebug.c). */
export const line = (L: LuaThread, ci: Call, pc: number): void => {
  const before = ci.seenpc
  ci.seenpc = pc
  const { lineinfo } = (ci.func as LuaClosure).p
  if (pc > before && lineinfo[pc] === lineinfo[before]) return
  ci.pc = pc
  L.l_G.inspector?.line(L, ci)
  if (L.hookmask & MASK_LINE) runHook(L, 'line', lineinfo[pc] ?? -1)
}

/** Reports that a function returns `count` values, starting at a register. */
export const returns = (L: LuaThread, register: number, count: number): void => {
  if (L.hookmask & MASK_RETURN) runHook(L, 'return', -1, { first: register + 1, count })
}
