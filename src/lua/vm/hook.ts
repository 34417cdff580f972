/** Hooks: functions of the host that are called after a number of instructions, at calls, returns and lines (`luaD_hook`). */
import { runtimeError } from './errors.js'
import { ENOUGH_FUEL, HOOKED, YIELD, type Call, type DebugRecord, type LuaThread, type Transfer } from './state.js'

export const MASK_CALL = 1
export const MASK_RETURN = 2
export const MASK_LINE = 4
export const MASK_COUNT = 8
const EVENTS = { call: 0, return: 1, line: 2, count: 3, 'tail call': 4 } as const
const MASKS = {
  call: MASK_CALL,
  return: MASK_RETURN,
  line: MASK_LINE,
  count: MASK_COUNT,
  'tail call': MASK_CALL,
} as const

/** Calls the hook if its mask contains the event. */
export const runHook = (L: LuaThread, event: keyof typeof EVENTS, line = -1, transfer?: Transfer): void => {
  const { hook, ci } = L
  if (!L.allowhook && event === 'count') return countWithin(L)
  if (!hook || !L.allowhook || (L.hookmask & MASKS[event]) === 0) return
  const { top } = L
  if (ci.isLua) ci.base = top - 1
  const ar: DebugRecord = { event: EVENTS[event], currentline: line, i_ci: ci }
  L.allowhook = false
  ci.callstatus |= HOOKED
  L.transfer = transfer && transfer.count > 0 ? { ci, transfer } : undefined
  hook(L, ar)
  L.allowhook = true
  L.transfer = undefined
  ci.callstatus &= ~HOOKED
  L.top = top
}

/** The maximum number of instructions of a hook. */
const MOST_WITHIN_HOOK = 50_000_000

/** Hooks are not called within a hook; one that does not return is ended here by an error at every instruction. */
const countWithin = (L: LuaThread): void => {
  L.worked += L.basehookcount
  if (L.worked <= MOST_WITHIN_HOOK) return
  L.basehookcount = 1
  L.fuel = 0
  runtimeError(L, `no end after ${MOST_WITHIN_HOOK} instructions within a hook`)
}

/**
 * Called when `L.fuel` is used up: calls the count hook. Returns true if it yielded.
 *
 * @param registers of the running function, for the measurement of memory
 */
export const tick = (L: LuaThread, ci: Call, pc: number, registers: unknown[]): boolean => {
  if (!(L.hookmask & MASK_COUNT)) {
    L.fuel = ENOUGH_FUEL
    return false
  }
  L.worked -= L.fuel
  L.fuel = L.basehookcount
  ci.pc = pc
  ci.regs = registers
  try {
    runHook(L, 'count')
  } finally {
    ci.regs = null
  }
  return L.status === YIELD
}

/** Counts the work of a native function as `n` instructions, so that the count hook can end it by an error. It cannot yield. */
export const work = (L: LuaThread, n = 1): void => {
  if ((L.fuel -= n) >= 0) return
  if (!(L.hookmask & MASK_COUNT)) {
    L.fuel = ENOUGH_FUEL
    return
  }
  L.worked -= L.fuel
  L.fuel = L.basehookcount
  L.nny++
  runHook(L, 'count')
  L.nny--
}

/** The number of bytes of a string that are examined one by one in the time of an instruction. */
export const BYTES_PER_INSTRUCTION = 32

/** Counts work on `size` bytes or elements, of which `each` take as long as one instruction. Fewer than `each` are not counted. */
export const workOn = (L: LuaThread, size: number, each = BYTES_PER_INSTRUCTION): void => {
  if (size >= each) work(L, Math.floor(size / each))
}

/** Counts work; the hook is called at the next Lua instruction, so no error is thrown here. */
export const charge = (L: LuaThread, size: number, each = BYTES_PER_INSTRUCTION): void => {
  if (size >= each) L.fuel -= Math.floor(size / each)
}

/** Makes the count hook run as soon as a Lua function runs, without counting more instructions than were executed. */
export const tickSoon = (L: LuaThread): void => {
  L.worked -= L.basehookcount
  L.fuel = 0
}

/** `lua_sethook`. */
export const setHook = (L: LuaThread, hook: LuaThread['hook'], mask: number, count: number): void => {
  const on = hook !== null && mask !== 0
  L.hook = on ? hook : null
  L.hookmask = on ? mask : 0
  L.basehookcount = on ? count : 0
  L.fuel = on && mask & MASK_COUNT ? count : ENOUGH_FUEL
}
