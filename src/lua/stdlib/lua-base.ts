/** Basic functions (lbaselib.c), except those that print or read files, and `warn`. */
import {
  argument,
  argumentCount,
  checkAny,
  checkIndex,
  checkTable,
  checkCString,
  give,
  optionalInt,
  throwArgument,
  throwArgumentError,
  throwError,
  where,
} from '../vm/arguments.js'
import { MASK_CALL, MASK_RETURN, workOn } from '../vm/hook.js'
import { callFromNative } from '../vm/call.js'
import { raise } from '../vm/errors.js'
import { typeOf } from '../vm/type-of.js'
import { metamethodOf, metatableOf } from '../vm/metamethod.js'
import { parseNumber, numberText } from '../vm/number-text.js'
import { getIndex } from '../vm/native-operations.js'
import { rawEquals, rawSet } from '../vm/operations.js'
import { guard, protectedCall, unguard } from '../vm/protect.js'
import { wrap } from '../vm/integer.js'
import { NATIVE_SUSPENDED, OK, YIELD, type Continuation, type LuaThread } from '../vm/state.js'
import { LuaTable } from '../vm/table.js'
import {
  FALLBACK,
  isFalse,
  isFunction,
  LuaFloat,
  SUSPENDED,
  TYPE_NAMES,
  type LuaValue,
  type NativeFunction,
} from '../vm/value.js'
import { displayText } from './display.js'
import { load } from './load.js'
import { nextFunction } from './next.js'

const assert: NativeFunction = (L) => {
  if (!isFalse(argument(L, 1))) return argumentCount(L)
  checkAny(L, 1)
  const message = argumentCount(L) > 1 ? argument(L, 2) : 'assertion failed!'
  return raise(L, typeof message === 'string' ? where(L, 1) + message : message)
}
assert.direct1 = (_, value) => (isFalse(value) ? FALLBACK : value)

const error: NativeFunction = (L) => {
  const value = argument(L, 1)
  const level = optionalInt(L, 2, 1)
  return raise(L, typeof value === 'string' && level > 0 ? where(L, level) + value : value)
}

const type: NativeFunction = (L) => {
  checkAny(L, 1)
  return give(L, TYPE_NAMES[typeOf(argument(L, 1)) as number])
}
type.direct1 = (_, value) => TYPE_NAMES[typeOf(value) as number]

const tostring: NativeFunction = (L) => {
  checkAny(L, 1)
  return give(L, displayText(L, argument(L, 1)))
}
tostring.direct1 = (_, value) => (typeof value === 'string' ? value : (numberText(value) ?? FALLBACK))

const isNumber = (value: LuaValue): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof LuaFloat

const LONG_NUMERAL = 64
/** The number of bytes of a numeral that are converted in the time of an instruction. */
const BYTES_OF_NUMERAL = 2

const tonumber: NativeFunction = (L) => {
  if (argument(L, 2) === undefined) {
    const value = argument(L, 1)
    checkAny(L, 1)
    if (typeof value === 'string') workOn(L, value.length, BYTES_OF_NUMERAL)
    return give(L, typeof value === 'string' ? parseNumber(value) : isNumber(value) ? value : undefined)
  }
  const base = checkIndex(L, 2)
  const text = argument(L, 1)
  if (typeof text !== 'string') return throwArgument(L, 1, 'string')
  if (base < 2 || base > 36) throwArgumentError(L, 2, 'base out of range')
  workOn(L, text.length, BYTES_OF_NUMERAL)
  return give(L, inBase(text, base))
}
tonumber.direct1 = (_, value) => {
  if (typeof value === 'string') return value.length < LONG_NUMERAL ? parseNumber(value) : FALLBACK
  return isNumber(value) ? value : FALLBACK
}

const inBase = (text: string, base: number): LuaValue => {
  const match = /^[ \f\n\r\t\v]*([+-]?)([0-9A-Za-z]+)[ \f\n\r\t\v]*$/.exec(text)
  if (!match) return undefined
  let value = 0n
  for (const character of match[2]!) {
    const digit = parseInt(character, 36)
    if (digit >= base) return undefined
    value = BigInt.asUintN(64, value * BigInt(base) + BigInt(digit))
  }
  return wrap(match[1] === '-' ? -value : value)
}

const getmetatable: NativeFunction = (L) => {
  checkAny(L, 1)
  const mt = metatableOf(L, argument(L, 1))
  return give(L, mt?.getKey('__metatable') ?? mt ?? undefined)
}

/** In 5.3, the message does not contain the actual type. */
const throwTypes = (L: LuaThread, n: number, types: string): never =>
  L.l_G.lua54 ? throwArgument(L, n, types) : throwArgumentError(L, n, `${types} expected`)

const setmetatable: NativeFunction = (L) => {
  const mt = argument(L, 2)
  const table = checkTable(L, 1)
  if (L.ci.base + 2 >= L.top || (mt !== undefined && !(mt instanceof LuaTable))) throwTypes(L, 2, 'nil or table')
  if (table.metatable?.getKey('__metatable') !== undefined) throwError(L, 'cannot change a protected metatable')
  table.metatable = (mt as LuaTable | undefined) ?? null
  noteFinalizer(L, table)
  return give(L, table)
}
setmetatable.direct2 = (L, table, mt) => {
  if (!(table instanceof LuaTable) || !(mt instanceof LuaTable) || table.metatable !== null) return FALLBACK
  table.metatable = mt
  noteFinalizer(L, table)
  return table
}

/** As in PUC Lua, a table is marked for finalization if its metatable has `__gc` when it is set. */
const noteFinalizer = (L: LuaThread, table: LuaTable): void => {
  if (table.metatable?.meta('__gc') !== undefined) L.l_G.finalizable.add(table)
}

const rawequal: NativeFunction = (L) => {
  checkAny(L, 1)
  checkAny(L, 2)
  return give(L, rawEquals(argument(L, 1), argument(L, 2)))
}

const rawlen: NativeFunction = (L) => {
  const value = argument(L, 1)
  if (!(value instanceof LuaTable) && typeof value !== 'string') throwTypes(L, 1, 'table or string')
  return give(L, (value as string | LuaTable).length)
}

const rawget: NativeFunction = (L) => {
  const table = checkTable(L, 1)
  checkAny(L, 2)
  return give(L, table.get(argument(L, 2)))
}
rawget.direct2 = (_, table, key) => (table instanceof LuaTable ? table.get(key) : FALLBACK)

const rawset: NativeFunction = (L) => {
  const table = checkTable(L, 1)
  checkAny(L, 2)
  checkAny(L, 3)
  rawSet(L, table, argument(L, 2), argument(L, 3))
  return give(L, table)
}

const select: NativeFunction = (L) => {
  const which = argument(L, 1)
  const count = argumentCount(L)
  if (typeof which === 'string' && which[0] === '#') return give(L, count - 1)
  const i = checkIndex(L, 1)
  const from = i < 0 ? count + i : Math.min(i, count)
  if (from < 1) throwArgumentError(L, 1, 'index out of range')
  return count - from
}

const pairs: NativeFunction = (L) => {
  const object = argument(L, 1)
  const method = metamethodOf(L, object, '__pairs')
  if (method === undefined) {
    if (L.l_G.lua54 || !(object instanceof LuaTable)) checkAny(L, 1)
    if (L.l_G.pairsSeed !== undefined && object instanceof LuaTable) object.shuffle(L.l_G.pairsSeed)
    give(L, nextFunction)
    give(L, object)
    give(L, undefined)
    return 3
  }
  const { ci } = L
  const at = L.top
  ci.k = (running) => running.top - at
  ci.resultsAt = at
  ci.nresults = 3
  const value = callFromNative(L, method, [object], L.nny > 0)
  if (value === SUSPENDED) return NATIVE_SUSPENDED
  const all = L.nret === 1 ? [value] : L.nret === 0 ? [] : L.ret
  for (let i = 0; i < 3; i++) give(L, all[i])
  return 3
}

const ipairsNext: NativeFunction = (L) => {
  const i = checkIndex(L, 2) + 1
  const t = argument(L, 1)
  const value = (t instanceof LuaTable ? t.getInt(i) : undefined) ?? getIndex(L, t, i)
  if (value === undefined) return give(L, undefined)
  give(L, i)
  give(L, value)
  return 2
}

const ipairs: NativeFunction = (L) => {
  checkAny(L, 1)
  const object = argument(L, 1)
  give(L, ipairsNext)
  give(L, object)
  give(L, 0)
  return 3
}

/** The results of `pcall` and `xpcall`, from the values on the stack from `at` on. */
const outcome = (L: LuaThread, status: number, at: number): number => {
  const fine = status === OK || status === YIELD
  const values = fine ? L.stack.slice(at, L.top) : [L.stack[L.top - 1]]
  L.top = at
  give(L, fine)
  for (const value of values) give(L, value)
  return values.length + 1
}

const continued: Continuation = (L, status, at) => {
  if (status === YIELD) unguard(L, L.ci)
  return outcome(L, status, at as number)
}

/** The cost of throwing and catching an error. */
const INSTRUCTIONS_PER_ERROR = 200

const guarded = (L: LuaThread, f: LuaValue, args: readonly LuaValue[], handler: LuaValue): number => {
  const { base } = L.ci
  const at = base + 1
  const yieldable = L.nny === 0
  guard(L, continued, at, at, -1)
  L.top = at
  const status = protectedCall(L, f, args, { at, wanted: -1, handler, noYield: !yieldable })
  if (status === SUSPENDED) return NATIVE_SUSPENDED
  unguard(L, L.ci)
  if (status !== OK) {
    L.fuel -= INSTRUCTIONS_PER_ERROR
    // a caught error is of interest only to a host function that called
    L.failed = null
  }
  return outcome(L, status, at)
}

/** A number of nested native calls far below the limit. */
const FEW_NATIVE_CALLS = 100

/** Whether the called function is `error` itself and only returns its argument: then no exception is needed. */
const isPlainError = (L: LuaThread, f: LuaValue): boolean =>
  f === error &&
  argumentCount(L) === 2 &&
  (L.hookmask & (MASK_CALL | MASK_RETURN)) === 0 &&
  L.l_G.inspector === null &&
  L.nCcalls < FEW_NATIVE_CALLS

const pcall: NativeFunction = (L) => {
  checkAny(L, 1)
  const { base } = L.ci
  if (isPlainError(L, L.stack[base + 1])) {
    L.fuel -= INSTRUCTIONS_PER_ERROR
    if (L.nny === 0) L.nCcalls = L.resumedWith
    L.stack[base + 1] = false
    return 2
  }
  return guarded(L, L.stack[base + 1], L.stack.slice(base + 2, L.top), undefined)
}

const xpcall: NativeFunction = (L) => {
  const handler = argument(L, 2)
  if (!isFunction(handler)) return throwArgument(L, 2, 'function')
  const { base } = L.ci
  return guarded(L, L.stack[base + 1], L.stack.slice(base + 3, L.top), handler)
}

/** Functions that catch errors of the functions they call. */
export const CATCHING: ReadonlySet<unknown> = new Set([pcall, xpcall])

const collectgarbage: NativeFunction = (L) => {
  const option = argument(L, 1) === undefined ? 'collect' : checkCString(L, 1)
  switch (option) {
    case 'collect':
    case 'setpause':
    case 'setstepmul':
    case 'stop':
    case 'restart':
      return give(L, 0)
    case 'step':
    case 'isrunning':
      return give(L, true)
    case 'count':
      return give(L, new LuaFloat(L.l_G.id_counter / 16 + 22))
    case 'incremental':
    case 'generational':
      if (L.l_G.lua54) return give(L, 'incremental')
  }
  return throwArgumentError(L, 1, `invalid option '${option}'`)
}

export const BASE_FUNCTIONS: Readonly<Record<string, NativeFunction>> = {
  assert,
  collectgarbage,
  error,
  getmetatable,
  ipairs,
  load,
  next: nextFunction,
  pairs,
  pcall,
  rawequal,
  rawget,
  rawlen,
  rawset,
  select,
  setmetatable,
  tonumber,
  tostring,
  type,
  xpcall,
}
