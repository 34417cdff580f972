/**
 * The limits of Lua's stack (ldo.c, lstate.c). C calls are counted as in PUC Lua: native functions that call, metamethods and iterators
 * count as one each, Lua functions called by Lua functions do not count. Stack slots are computed from the code, only for calls beyond
 * those that have separate JavaScript frames.
 */
import { runtimeError } from './errors.js'
import { LuaError } from './state.js'
import { Op } from './opcodes.js'
import { ERRERR, KEPT_RECORDS, MOST_SLOTS, type Call, type GlobalState, type LuaThread } from './state.js'
import { LuaClosure } from './value.js'

/** `LUAI_MAXCCALLS`. */
export const MOST_C_CALLS = 200
/** Beyond this, an error at the limit was not handled within the additional calls. */
const MOST_WHILE_HANDLING = { '5.4': 220, '5.3': 225 } as const

/** Slots for the handling of a stack overflow (`ERRORSTACKSIZE`). */
const SPARE_SLOTS = 200

const handlingFailed = (): never => {
  throw new LuaError('error in error handling', ERRERR)
}

/** Must be called when {@link LuaThread.nCcalls} has reached the limit (`luaE_checkcstack`). */
export const checkCStack = (L: LuaThread): void => {
  if (L.nCcalls === MOST_C_CALLS) runtimeError(L, 'C stack overflow')
  if (L.nCcalls >= MOST_WHILE_HANDLING[L.l_G.version]) handlingFailed()
}

/** Throws: there is no room for another call. The handler of the error gets additional slots (`luaD_growstack`). */
export const stackOverflow = (L: LuaThread, excess: number): void => {
  if (!L.overflowing) {
    L.overflowing = true
    runtimeError(L, 'stack overflow')
  }
  if (excess > SPARE_SLOTS) handlingFailed()
}

/** Records the number of registers of functions: the resulting number of calls certainly fits in the stack and need not be measured. */
export const expectRegisters = (G: GlobalState, count: number): void => {
  if (count <= G.mostRegisters) return
  G.mostRegisters = count
  makeRoom(G)
}

/** Records the number of arguments of a call likewise. */
export const expectArguments = (G: GlobalState, count: number): void => {
  if (count <= G.mostArguments) return
  G.mostArguments = count
  makeRoom(G)
}

/** A call uses a slot, the registers below its callee's, and a second copy of the arguments of a vararg function. */
const makeRoom = (G: GlobalState): void => {
  G.roomFor = Math.floor(MOST_SLOTS / slotsPerCall(G))
}

const slotsPerCall = ({ mostRegisters, mostArguments }: GlobalState): number => 2 * mostRegisters + mostArguments + 2

/**
 * Computes the position of the running call in PUC Lua's stack if there may be no room for it, and throws if there is none.
 *
 * @param stop calls above it are suspended, so that their variable arguments are known
 */
export const measure = (L: LuaThread, stop: Call): void => {
  const { ci } = L
  if (ci.level % KEPT_RECORDS === 0) ci.next = null
  let below = L.measured ?? L.base_ci
  if (ci.level <= below.level) {
    L.measured = ci
    return
  }
  if (below.slot + (ci.level - below.level + 1) * slotsPerCall(L.l_G) <= MOST_SLOTS) return
  for (; below !== ci; below = below.next!) below.next!.slot = slotAbove(below, below.next!, stop)
  L.measured = ci
  const excess = ci.slot + sizeOf(ci) - MOST_SLOTS
  if (excess <= 0) return
  L.ci = ci.previous!
  stackOverflow(L, excess)
  L.ci = ci
}

/** `LUA_MINSTACK`. */
const SLOTS_OF_NATIVE = 20

const sizeOf = ({ func }: Call): number => (func instanceof LuaClosure ? func.p.maxstacksize : SLOTS_OF_NATIVE)

const slotAbove = (ci: Call, above: Call, stop: Call): number => {
  const slot = ci.slot + placeOfCallee(ci) + 1
  const { func, va } = above
  if (!(func instanceof LuaClosure) || !func.p.is_vararg || above.level <= stop.level) return slot
  return slot + func.p.numparams + (va?.length ?? 0) + 1
}

/** The register of the function that a suspended call is calling. */
const placeOfCallee = ({ func, pc }: Call): number => {
  if (!(func instanceof LuaClosure)) return 1
  const { opcode, A } = func.p.code[pc]!
  if (opcode === Op.CALL || opcode === Op.TAILCALL) return A
  return opcode === Op.TFORCALL ? A + 4 : func.p.maxstacksize
}
