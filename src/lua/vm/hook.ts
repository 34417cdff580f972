/** Hooks: functions of the host called every so many instructions, at calls, returns and lines (`luaD_hook`). */
import { ENOUGH_FUEL, HOOKED, YIELD, type Call, type DebugRecord, type LuaThread } from './state.js'
import type { LuaClosure } from './value.js'

export const MASK_CALL = 1
export const MASK_RETURN = 2
export const MASK_LINE = 4
export const MASK_COUNT = 8
const EVENTS = { call: 0, return: 1, line: 2, count: 3 } as const

/** Calls the hook if it is asked for. */
export const runHook = (L: LuaThread, event: keyof typeof EVENTS, line = -1): void => {
  const { hook, ci } = L
  if (!hook || !L.allowhook || (L.hookmask & (1 << EVENTS[event])) === 0) return
  const { top } = L
  if (ci.isLua) ci.base = top - 1
  const ar: DebugRecord = { event: EVENTS[event], currentline: line, i_ci: ci }
  L.allowhook = false
  ci.callstatus |= HOOKED
  hook(L, ar)
  L.allowhook = true
  ci.callstatus &= ~HOOKED
  L.top = top
}

/** Called when the fuel of `L` is used up: runs the hook that counts instructions. True when that has yielded. */
export const tick = (L: LuaThread, ci: Call, pc: number): boolean => {
  if (!(L.hookmask & MASK_COUNT)) {
    L.fuel = ENOUGH_FUEL
    return false
  }
  L.fuel = L.basehookcount
  ci.pc = pc
  runHook(L, 'count')
  return L.status === YIELD
}

/** Runs the hook for lines at the start of `pc`'s line. True when that has yielded. */
export const lineHook = (L: LuaThread, ci: Call, pc: number): boolean => {
  if (!(L.hookmask & MASK_LINE)) return false
  ci.pc = pc
  runHook(L, 'line', (ci.func as LuaClosure).p.lineinfo[pc] ?? -1)
  return L.status === YIELD
}

/** `lua_sethook`. */
export const setHook = (L: LuaThread, hook: LuaThread['hook'], mask: number, count: number): void => {
  const on = hook !== null && mask !== 0
  L.hook = on ? hook : null
  L.hookmask = on ? mask : 0
  L.basehookcount = on ? count : 0
  L.fuel = on && mask & MASK_COUNT ? count : ENOUGH_FUEL
}
