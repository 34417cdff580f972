/** What a Lua state is made of: what its coroutines share, the coroutines, and the calls under way in each. */
import { LuaTable } from './table.js'
import { LightUserdata, TYPE_NAMES, type LuaValue, type NativeFunction, type Result } from './value.js'

/** The language that a state speaks. */
export type LuaVersion = '5.3' | '5.4'

const REGISTRY_MAINTHREAD = 1
export const REGISTRY_GLOBALS = 2

export const OK = 0
export const YIELD = 1
export const ERRRUN = 2
export const ERRSYNTAX = 3
export const ERRMEM = 4
export const ERRERR = 6

/** What a native function returns that has yielded itself, or called what did, or has raised an error. */
export const NATIVE_SUSPENDED = -1

/** Marks of a call. */
export const PROTECTED = 1
export const HOOKED = 2
/** an error has come, and what is to be closed above is being closed */
export const CLOSING = 4
/** what the metamethod that it waits for returns is negated: `a <= b` by `not (b < a)` */
export const NEGATED = 8

/** Slots of a coroutine's stack (`LUAI_MAXSTACK`); a call takes one at least. */
export const MOST_SLOTS = 1_000_000
/** So many records of calls are kept for reuse above another one. */
export const KEPT_RECORDS = 32_768
/** JavaScript frames of Lua functions at a time; beyond, what is under way is set aside and resumed later. */
export const MOST_FRAMES = 180
/** What the host can hold. */
const LONGEST_TEXT = 0x1fffffe0
export const ENOUGH_FUEL = 0x3fffffff

/** Values that a call or a return hands over: where the first one is, from 1, and how many there are. */
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

/** What is thrown for an error of Lua. */
export class LuaError {
  constructor(
    readonly value: LuaValue,
    readonly status: number,
  ) {}
}

/** A variable that is to be closed. */
export interface ToClose {
  readonly ci: Call
  readonly register: number
  readonly value: LuaValue
}

/** A call under way (`CallInfo`). They are kept for reuse: there is one for each level of a coroutine. */
export class Call {
  next: Call | null = null
  func: LuaValue = undefined
  /** of a Lua function: the instruction that runs; -1 in a native function */
  pc = -1
  callstatus = 0
  /** the Lua function that took the place of its caller by a tail call */
  tailOf: LuaValue = undefined
  /** of a suspended Lua function: where it continues, its registers and its further arguments */
  at = 0
  regs: unknown[] | null = null
  va: LuaValue[] | null = null
  /** of a Lua function set aside: C calls under way where it runs */
  nCcalls = 0
  /** where its registers would begin in PUC Lua's stack, once it has been measured (stack-limits.ts) */
  slot = 1
  /** of a function in its inspected form, while it runs: registers, further arguments, and the instruction where a line was last seen */
  live: unknown[] | null = null
  rest: LuaValue[] | null = null
  seenpc = 0
  /** of a native function: where it is in the stack */
  base = 0
  /** where it is while it has yielded: then `base` is below what it gives */
  yieldedBase = 0
  /** how it continues when a suspended call that it made ends, and where the results go */
  k: Continuation | null = null
  ctx: unknown = 0
  resultsAt = 0
  nresults = 0
  oldErrorHandler: LuaValue = undefined
  oldAllowHook = true
  /** of a Lua function that returns: its results, while variables are closed */
  kept: LuaValue[] | null = null
  /** of a protected call: the error that variables are closed for; of the first call: the one that the coroutine has died of */
  failure: LuaError | undefined = undefined
  /** continues to close what is above it (protect.ts) */
  closed: ((L: LuaThread, ci: Call) => Result) | null = null
  /** what is still to be closed then */
  pending: ToClose[] | null = null

  constructor(
    readonly previous: Call | null,
    readonly level: number,
  ) {}

  get isLua(): boolean {
    return this.pc >= 0
  }
}

/** Told of what functions in their inspected form do (translate/inspected.ts). It may look at everything and wait, but not yield. */
export interface Inspector {
  /** a line begins: `ci.pc` is its first instruction */
  line(L: LuaThread, ci: Call): void
  /** an error is thrown, before anything is unwound */
  thrown(L: LuaThread, value: LuaValue): void
  /** a coroutine is started or gone on with */
  resumed(L: LuaThread, from: LuaThread | null): void
}

/** What all coroutines of a state share (`global_State`). */
export class GlobalState {
  id_counter = 1
  mainthread!: LuaThread
  readonly registry = new LuaTable()
  /** default metatables of types, by type */
  readonly mt: (LuaTable | null)[] = TYPE_NAMES.map(() => null)
  atnativeerror: NativeFunction | null = null
  panic: NativeFunction | null = null
  /** the longest text that can be made: for a longer one there is no memory */
  longestText = LONGEST_TEXT
  /** tables whose metatable had a `__gc` when it was set, in that order: what is called once they are dead */
  readonly finalizable = new Set<LuaTable>()
  /** those of them that were found dead and are still to be told, the last one first */
  dying: LuaTable[] = []
  /** registers that a function has at most, arguments that one was called with at most, and calls that have room in the stack then */
  mostRegisters = 0
  mostArguments = 0
  roomFor = 0
  /** whether functions that are loaded from now on keep their variables where they can be looked at */
  inspected = false
  /** the observer of the state */
  inspector: Inspector | null = null
  /** makes what is compiled count: the Instrument of coverage/instrument.ts */
  instrument: object | null = null
  /** data that the host keeps with the state */
  hapsim?: unknown
  readonly #lightObjects = new WeakMap<object, LightUserdata>()
  readonly #lightValues = new Map<unknown, LightUserdata>()

  /** @param pairsSeed what orders string keys in traversals; undefined: they stand as they were inserted */
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
  /** how many results the last call had; the first is what it returned, all are in {@link ret} if they are several */
  nret = 0
  ret: LuaValue[] = []
  /** a tail call that waits to be done */
  tailFunction: LuaValue = undefined
  tailArguments: LuaValue[] | null = null
  /** what the call hands over that a hook is called for */
  transfer: { readonly ci: Call; readonly transfer: Transfer } | undefined
  /** variables to be closed, the last one last */
  readonly toClose: ToClose[] = []
  /** the deepest level that may be run in a separate JavaScript frame */
  limit = MOST_FRAMES
  /** instructions left to the next call of a hook */
  fuel = ENOUGH_FUEL
  /** instructions of native functions beyond those that made the hook run */
  worked = 0
  hook: Hook | null = null
  hookmask = 0
  basehookcount = 0
  allowhook = true
  /** calls under way that cannot be suspended */
  nny = 0
  /**
   * C calls within one another, as PUC Lua counts them: by native functions, and of metamethods and iterators. When a yield, or an error
   * that is caught where a yield is possible, has ended the C calls under way, there are fewer of them than a caller had counted: so
   * no caller sets this to more than it finds.
   */
  nCcalls = 0
  /** how many of them there were when the coroutine was resumed */
  resumedWith = 0
  /** calls up to this level were set aside by a yield: the C calls among them are gone */
  unrolled = 0
  /** the uppermost call whose slot is known, as are those of all calls below it */
  measured: Call | null = null
  /** the stack has overflowed, and the error has not been caught yet */
  overflowing = false
  /** an error that functions return for, until one is reached that throws it (errors.ts) */
  raised: LuaError | null = null
  /** function that turns an error message into another, where the error happens */
  errorHandler: LuaValue = undefined
  /** how many values the last yield has left on top of the stack */
  yielded = 0
  /** what ran when the error happened that a protected call has caught last */
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

/** Sets the observer of a state, for functions that are loaded from now on. */
export const inspect = ({ l_G }: LuaThread, inspector: Inspector): void => {
  l_G.inspected = true
  l_G.inspector = inspector
}

/** The call record above the running one: made when a level is first reached. */
export const extend = (L: LuaThread, overflow: (L: LuaThread, excess: number) => void): Call => {
  const { ci } = L
  if (ci.level >= MOST_SLOTS) overflow(L, ci.level - MOST_SLOTS)
  const call = new Call(ci, ci.level + 1)
  ci.next = call
  return call
}

/** The name that `%p` and `tostring` give to an object: numbered when first asked for, so that runs are alike. */
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
