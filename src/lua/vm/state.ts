/** Lua states: what coroutines share, coroutines, and their active calls. */
import { LuaTable } from './table.js'
import { LightUserdata, TYPE_NAMES, type LuaValue, type NativeFunction, type Result } from './value.js'

/** The version of the language of a state. */
export type LuaVersion = '5.3' | '5.4'

const REGISTRY_MAINTHREAD = 1
export const REGISTRY_GLOBALS = 2

export const OK = 0
export const YIELD = 1
export const ERRRUN = 2
export const ERRSYNTAX = 3
export const ERRMEM = 4
export const ERRERR = 6

/** The return value of a native function that yielded, called a function that did, or raised an error. */
export const NATIVE_SUSPENDED = -1

/** Flags of a call. */
export const PROTECTED = 1
export const HOOKED = 2
/** an error was raised, and the variables above are being closed */
export const CLOSING = 4
/** the result of the metamethod it waits for is negated: `a <= b` by `not (b < a)` */
export const NEGATED = 8

/** The number of slots of a coroutine's stack (`LUAI_MAXSTACK`); a call uses at least one. */
export const MOST_SLOTS = 1_000_000
/** The number of call records that are kept for reuse above a call. */
export const KEPT_RECORDS = 32_768
/** The number of simultaneous JavaScript frames of Lua functions; beyond, active calls are suspended and resumed later. */
export const MOST_FRAMES = 180
/** The number that the host's stack can hold. */
const LONGEST_TEXT = 0x1fffffe0
export const ENOUGH_FUEL = 0x3fffffff

/** Values that a call or a return passes: position of the first one, from 1, and their number. */
export interface Transfer {
  readonly first: number
  readonly count: number
}

export type Continuation = (L: LuaThread, status: number, context: unknown) => number
export type Hook = (L: LuaThread, ar: DebugRecord) => void

/** `lua_Debug`. */
export interface DebugRecord {
  event: number
  currentline: number
  i_ci: Call | null
}

/** Thrown for a Lua error. */
export class LuaError {
  constructor(
    readonly value: LuaValue,
    readonly status: number,
  ) {}
}

/** A variable to be closed. */
export interface ToClose {
  readonly ci: Call
  readonly register: number
  readonly value: LuaValue
}

/** An active call (`CallInfo`). Records are reused: there is one for each level of a coroutine. */
export class Call {
  next: Call | null = null
  func: LuaValue = undefined
  /** of a Lua function: the running instruction; -1 in a native function */
  pc = -1
  callstatus = 0
  /** the Lua function that replaced its caller by a tail call */
  tailOf: LuaValue = undefined
  /** of a suspended Lua function: where it continues, its registers and its variable arguments */
  at = 0
  regs: unknown[] | null = null
  va: LuaValue[] | null = null
  /** of a suspended Lua function: the number of C calls at that point */
  nCcalls = 0
  /** first slot of its registers in PUC Lua's stack, once measured (stack-limits.ts) */
  slot = 1
  /** of a running function in its inspected form: registers, variable arguments, and the instruction at which a line was last reported */
  live: unknown[] | null = null
  rest: LuaValue[] | null = null
  seenpc = 0
  /** of a native function: its position in the stack */
  base = 0
  /** its position while it has yielded: then `base` is below the yielded values */
  yieldedBase = 0
  /** the continuation when a suspended call that it made ends, and the position of the results */
  k: Continuation | null = null
  ctx: unknown = 0
  resultsAt = 0
  nresults = 0
  oldErrorHandler: LuaValue = undefined
  oldAllowHook = true
  /** of a Lua function that returns: its results, while variables are closed */
  kept: LuaValue[] | null = null
  /** of a protected call: the error for which variables are closed; of the first call: the error that the coroutine died of */
  failure: LuaError | undefined = undefined
  /** continues to close variables above it (protect.ts) */
  closed: ((L: LuaThread, ci: Call) => Result) | null = null
  /** variables still to be closed then */
  pending: ToClose[] | null = null

  constructor(
    readonly previous: Call | null,
    readonly level: number,
  ) {}

  get isLua(): boolean {
    return this.pc >= 0
  }
}

/** Observer of functions in their inspected form (translate/inspected.ts). It may inspect everything and block, but not yield. */
export interface Inspector {
  /** a line starts: `ci.pc` is its first instruction */
  line(L: LuaThread, ci: Call): void
  /** an error is thrown, before the stack is unwound */
  thrown(L: LuaThread, value: LuaValue): void
  /** a coroutine is started or resumed */
  resumed(L: LuaThread, from: LuaThread | null): void
}

/** State that all coroutines share (`global_State`). */
export class GlobalState {
  id_counter = 1
  mainthread!: LuaThread
  readonly registry = new LuaTable()
  /** metatables of types, by type */
  readonly mt: (LuaTable | null)[] = TYPE_NAMES.map(() => null)
  atnativeerror: NativeFunction | null = null
  panic: NativeFunction | null = null
  /** maximum length of a string; longer ones are errors of memory */
  longestText = LONGEST_TEXT
  /** tables whose metatable had a `__gc` when it was set, in that order; `__gc` is called when they are dead */
  readonly finalizable = new Set<LuaTable>()
  /** dead ones whose `__gc` has not been called yet, the latest first */
  dying: LuaTable[] = []
  /** the largest numbers of registers and of arguments so far, and the number of calls that certainly fit in the stack with them */
  mostRegisters = 0
  mostArguments = 0
  roomFor = 0
  /** whether functions loaded from now on have the inspected form */
  inspected = false
  /** the observer of the state */
  inspector: Inspector | null = null
  /** adds counters to compiled code: the Instrument of coverage/instrument.ts */
  instrument: object | null = null
  /** data that the host keeps with the state */
  hapsim?: unknown
  readonly #lightObjects = new WeakMap<object, LightUserdata>()
  readonly #lightValues = new Map<unknown, LightUserdata>()

  /** @param pairsSeed seed of the order of string keys in traversals; undefined: the order of insertion */
  constructor(
    readonly version: LuaVersion,
    readonly pairsSeed: number | undefined,
  ) {}

  get lua54(): boolean {
    return this.version === '5.4'
  }

  light(p: unknown): LightUserdata {
    const known = (isObject(p) ? this.#lightObjects.get(p) : this.#lightValues.get(p)) as LightUserdata | undefined
    if (known) return known
    const made = new LightUserdata(p)
    if (isObject(p)) this.#lightObjects.set(p, made)
    else this.#lightValues.set(p, made)
    return made
  }
}

const isObject = (p: unknown): p is object => (typeof p === 'object' && p !== null) || typeof p === 'function'

/** A coroutine (`lua_State`). */
export class LuaThread {
  id = 0
  /** arguments and results of native functions */
  stack: LuaValue[] = [undefined]
  top = 1
  readonly base_ci = new Call(null, 0)
  ci: Call = this.base_ci
  status = OK
  /** number of results of the last call; the first is returned, and if there are several, all are in {@link ret} */
  nret = 0
  ret: LuaValue[] = []
  /** a tail call to be performed */
  tailFunction: LuaValue = undefined
  tailArguments: LuaValue[] | null = null
  /** the values passed by the call for which a hook is running */
  transfer: { readonly ci: Call; readonly transfer: Transfer } | undefined
  /** variables to be closed, in the order of their declaration */
  readonly toClose: ToClose[] = []
  /** the deepest level that may have a separate JavaScript frame */
  limit = MOST_FRAMES
  /** instructions left until the next count hook */
  fuel = ENOUGH_FUEL
  /** instructions of native functions beyond those that triggered the hook */
  worked = 0
  hook: Hook | null = null
  hookmask = 0
  basehookcount = 0
  allowhook = true
  /** number of active calls that cannot be suspended */
  nny = 0
  /**
   * Nested C calls as counted by PUC Lua: native functions that call, metamethods and iterators. After a yield, or after an error that was
   * caught where yields are possible, there are fewer of them than a caller had counted; therefore a caller never sets this to more than
   * its present value.
   */
  nCcalls = 0
  /** their number when the coroutine was resumed */
  resumedWith = 0
  /** calls up to this level were suspended by a yield: the C calls among them are gone */
  unrolled = 0
  /** the topmost call whose slot is known, as are those of all calls below it */
  measured: Call | null = null
  /** the stack has overflowed, and the error has not been caught yet */
  overflowing = false
  /** a raised error, for which functions return until one of them throws it (errors.ts) */
  raised: LuaError | null = null
  /** the message handler, called where an error occurs */
  errorHandler: LuaValue = undefined
  /** number of values that the last yield left on top of the stack */
  yielded = 0
  /** the call that was running when the error occurred that was caught last */
  failed: Call | null = null
  /** data that the host keeps with the coroutine */
  hapsim?: unknown

  constructor(readonly l_G: GlobalState) {}
}

export const newState = (version: LuaVersion = '5.4', pairsSeed?: number): LuaThread => {
  const G = new GlobalState(version, pairsSeed)
  const L = new LuaThread(G)
  L.nny = 1
  G.mainthread = L
  G.registry.setInt(REGISTRY_MAINTHREAD, L)
  G.registry.setInt(REGISTRY_GLOBALS, new LuaTable())
  return L
}

/** Sets the observer of a state, for functions loaded from now on. */
export const inspect = ({ l_G }: LuaThread, inspector: Inspector): void => {
  l_G.inspected = true
  l_G.inspector = inspector
}

/** Returns the call record above the running one; it is created when a level is first reached. */
export const extend = (L: LuaThread, overflow: (L: LuaThread, excess: number) => void): Call => {
  const { ci } = L
  if (ci.level >= MOST_SLOTS) overflow(L, ci.level - MOST_SLOTS)
  const call = new Call(ci, ci.level + 1)
  ci.next = call
  return call
}

/** Returns the number of an object for `%p` and `tostring`, assigned on first use so that runs are reproducible. */
export const objectAddress = (G: GlobalState, object: object): string => {
  const known = addressable(object) ? object.id || (object.id = G.id_counter++) : numberOf(G, object)
  return `0x${(0x550000000000 + known * 0x40).toString(16)}`
}

const addressable = (object: object): object is { id: number } => 'id' in object && typeof object.id === 'number'

const NUMBERS = Symbol('numbers of objects of the host')

const numberOf = (G: GlobalState & { [NUMBERS]?: WeakMap<object, number> }, object: object): number => {
  const numbers = (G[NUMBERS] ??= new WeakMap())
  const known = numbers.get(object) ?? G.id_counter++
  numbers.set(object, known)
  return known
}
