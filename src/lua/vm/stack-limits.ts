/**
 * The limits of Lua's stack (ldo.c, lstate.c). C calls are counted as PUC Lua counts them: a native function that calls, a metamethod and
 * an iterator take one each, a Lua function that another one calls takes none. The slots of the stack are computed from the code, and
 * only for calls beyond those that have separate JavaScript frames.
 */
import { runtimeError } from './errors.js'
import { LuaError } from './state.js'
import { Op } from './opcodes.js'
import { ERRERR, KEPT_RECORDS, MOST_SLOTS, type Call, type GlobalState, type LuaThread } from './state.js'
import { LuaClosure } from './value.js'

/** `LUAI_MAXCCALLS`. */
export const MOST_C_CALLS = 200
/** Beyond, an error at the limit has not been handled within what is left for that. */
const MOST_WHILE_HANDLING = { '5.4': 220, '5.3': 225 } as const

/** Slots for handling an overflow (`ERRORSTACKSIZE`). */
const SPARE_SLOTS = 200

const handlingFailed = (): never => {
  throw new LuaError('error in error handling', ERRERR)
}

/** To be called when {@link LuaThread.nCcalls} has reached the limit (`luaE_checkcstack`). */
export const checkCStack = (L: LuaThread): void => {
  if (L.nCcalls === MOST_C_CALLS) runtimeError(L, 'C stack overflow')
  if (L.nCcalls >= MOST_WHILE_HANDLING[L.l_G.version]) handlingFailed()
}

/** There is no room for another call; but for the handler of that error there is some more (`luaD_growstack`). */
export const stackOverflow = (L: LuaThread, excess: number): void => {
  if (!L.overflowing) {
    L.overflowing = true
    runtimeError(L, 'stack overflow')
  }
  if (excess > SPARE_SLOTS) handlingFailed()
}

/** Takes note of how many registers functions have: so many calls fit in the stack for sure, and need not be measured. */
export const expectRegisters = (G: GlobalState, count: number): void => {
  if (count <= G.mostRegisters) return
  G.mostRegisters = count
  makeRoom(G)
}

/** The same of how many arguments they are called with. */
export const expectArguments = (G: GlobalState, count: number): void => {
  if (count <= G.mostArguments) return
  G.mostArguments = count
  makeRoom(G)
}

/** A call takes a slot, the registers below its callee's, and the arguments once more that a vararg function is given. */
const makeRoom = (G: GlobalState): void => {
  G.roomFor = Math.floor(MOST_SLOTS / slotsPerCall(G))
}

const slotsPerCall = ({ mostRegisters, mostArguments }: GlobalState): number => 2 * mostRegisters + mostArguments + 2

/**
 * Computes where in PUC Lua's stack the running call is, if there may be no room for it, and throws if there is none.
 *
 * @param stop calls above it are set aside, so that their further arguments are known
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

/** The register of the function that a call is waiting for. */
const placeOfCallee = ({ func, pc }: Call): number => {
  if (!(func instanceof LuaClosure)) return 1
  const { opcode, A } = func.p.code[pc]!
  if (opcode === Op.CALL || opcode === Op.TAILCALL) return A
  return opcode === Op.TFORCALL ? A + 4 : func.p.maxstacksize
}
