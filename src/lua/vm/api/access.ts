/** The C API: types of values, and conversion of Lua values for the host (lapi.c). */
import { charge } from '../hook.js'
import { fromByteString } from '../../../bytes/text.js'
import { bytes } from '../bytes.js'
import { upvalueNumber } from '../constants.js'
import { typeOf } from '../type-of.js'
import { numberText, parseNumber, toFloat, toInteger } from '../number-text.js'
import { compute, concatenate, getLength, isEqual, isLess, isLessOrEqual } from '../native-operations.js'
import { Arithmetic, rawEquals } from '../operations.js'
import { LuaThread } from '../state.js'
import { LuaTable } from '../table.js'
import {
  isFalse,
  LightUserdata,
  LuaClosure,
  LuaFloat,
  NativeClosure,
  Type,
  TYPE_NAMES,
  type UpValue,
  Userdata,
  type LuaValue,
} from '../value.js'
import { push } from './push.js'
import { get, NONE, put, valueAt } from './values.js'

export const lua_type = (L: LuaThread, index: number): Type => {
  const value = valueAt(L, index)
  return value === NONE ? Type.NONE : typeOf(value)
}

const NAMES = [...TYPE_NAMES].map((name) => bytes(name))
const NO_VALUE = bytes('no value')

export const lua_typename = (_: LuaThread, type: number): Uint8Array => (type < 0 ? NO_VALUE : NAMES[type]!)

export const lua_isnil = (L: LuaThread, index: number): boolean => lua_type(L, index) === Type.NIL
export const lua_isnone = (L: LuaThread, index: number): boolean => valueAt(L, index) === NONE
export const lua_isnoneornil = (L: LuaThread, index: number): boolean => get(L, index) === undefined
export const lua_isboolean = (L: LuaThread, index: number): boolean => typeof get(L, index) === 'boolean'
export const lua_istable = (L: LuaThread, index: number): boolean => get(L, index) instanceof LuaTable
export const lua_isfunction = (L: LuaThread, index: number): boolean => lua_type(L, index) === Type.FUNCTION
export const lua_isthread = (L: LuaThread, index: number): boolean => get(L, index) instanceof LuaThread
export const lua_islightuserdata = (L: LuaThread, index: number): boolean => get(L, index) instanceof LightUserdata
export const lua_isuserdata = (L: LuaThread, index: number): boolean => {
  const value = get(L, index)
  return value instanceof Userdata || value instanceof LightUserdata
}
export const lua_iscfunction = (L: LuaThread, index: number): boolean => {
  const value = get(L, index)
  return typeof value === 'function' || value instanceof NativeClosure
}
export const lua_isinteger = (L: LuaThread, index: number): boolean => {
  const value = get(L, index)
  return typeof value === 'number' || typeof value === 'bigint'
}
export const lua_isnumber = (L: LuaThread, index: number): boolean => toFloat(get(L, index)) !== undefined
export const lua_isstring = (L: LuaThread, index: number): boolean => {
  const value = get(L, index)
  return typeof value === 'string' || numberText(value) !== undefined
}

export const lua_toboolean = (L: LuaThread, index: number): boolean => !isFalse(get(L, index))

/** Returns the string at an index; a number is converted in place. undefined for other types. */
export const textAt = (L: LuaThread, index: number): string | undefined => {
  const value = get(L, index)
  if (typeof value === 'string') return value
  const text = numberText(value)
  if (text !== undefined) put(L, index, text)
  return text
}

export const lua_tolstring = (L: LuaThread, index: number): Uint8Array | null => {
  const text = textAt(L, index)
  if (text === undefined) return null
  charge(L, text.length)
  return bytes(text)
}
export const lua_tostring = lua_tolstring

export const lua_tojsstring = (L: LuaThread, index: number): string | null => {
  const text = textAt(L, index)
  return text === undefined ? null : fromByteString(text)
}

export const lua_todataview = (L: LuaThread, index: number): DataView => new DataView(lua_tolstring(L, index)!.buffer)

/** Returns an integer as a JavaScript number, rounded if it is not a safe integer; false if the value is not convertible. */
export const lua_tointegerx = (L: LuaThread, index: number): number | false => {
  const value = toInteger(get(L, index))
  return value === undefined ? false : Number(value)
}
export const lua_tointeger = (L: LuaThread, index: number): number => lua_tointegerx(L, index) || 0

export const lua_tonumberx = (L: LuaThread, index: number): number | false => toFloat(get(L, index)) ?? false
export const lua_tonumber = (L: LuaThread, index: number): number => lua_tonumberx(L, index) || 0

export const lua_touserdata = (L: LuaThread, index: number): unknown => {
  const value = get(L, index)
  if (value instanceof Userdata) return value.data
  return value instanceof LightUserdata ? value.p : null
}

export const lua_tothread = (L: LuaThread, index: number): LuaThread | null => {
  const value = get(L, index)
  return value instanceof LuaThread ? value : null
}

export const lua_tocfunction = (L: LuaThread, index: number): unknown => {
  const value = get(L, index)
  if (value instanceof NativeClosure) return value.f
  return typeof value === 'function' ? value : null
}

export const lua_topointer = (L: LuaThread, index: number): unknown => {
  const value = get(L, index)
  if (value instanceof LightUserdata) return value.p
  return (typeof value === 'object' && !(value instanceof LuaFloat)) || typeof value === 'function' ? value : null
}

export const lua_rawlen = (L: LuaThread, index: number): number => {
  const value = get(L, index)
  if (typeof value === 'string' || value instanceof LuaTable) return value.length
  return value instanceof Userdata ? value.len : 0
}

export const lua_rawequal = (L: LuaThread, a: number, b: number): number => {
  const x = valueAt(L, a)
  const y = valueAt(L, b)
  return x !== NONE && y !== NONE && rawEquals(x, y) ? 1 : 0
}

const COMPARISONS = [isEqual, isLess, isLessOrEqual]

export const lua_compare = (L: LuaThread, a: number, b: number, op: number): number => {
  const x = valueAt(L, a)
  const y = valueAt(L, b)
  if (x === NONE || y === NONE) return 0
  return COMPARISONS[op]!(L, x, y) ? 1 : 0
}

/** Operators have the numbers of the instructions. */
export const lua_arith = (L: LuaThread, op: number): void => {
  const unary = op === Arithmetic.UNM || op === Arithmetic.BNOT
  const b = L.stack[L.top - 1]
  const a = unary ? b : L.stack[L.top - 2]
  const value = compute(L, op, a, b)
  L.top -= unary ? 1 : 2
  push(L, value)
}

export const lua_concat = (L: LuaThread, n: number): void => {
  if (n === 0) return push(L, '')
  let value = L.stack[L.top - 1]
  for (let i = 2; i <= n; i++) value = concatenate(L, L.stack[L.top - i], value)
  L.top -= n
  push(L, value)
}

export const lua_len = (L: LuaThread, index: number): void => push(L, getLength(L, get(L, index)))

/** Converts a string to a number and pushes it. Returns 0 if the string is not a numeral. */
export const lua_stringtonumber = (L: LuaThread, text: Uint8Array): number => {
  const value = parseNumber(Buffer.from(text).toString('latin1'))
  if (value === undefined) return 0
  push(L, value)
  return text.length + 1
}

/** Finds an upvalue of a Lua function, numbered from 1. */
const upvalueOf = (f: LuaValue, n: number): { readonly name: string; readonly upvalue: UpValue } | undefined => {
  if (!(f instanceof LuaClosure)) return undefined
  const i = upvalueNumber(f.p, n)
  const upvalue = f.upvalues[i]
  return upvalue && { name: f.p.upvalues[i]!.name ?? '(no name)', upvalue }
}

export const lua_getupvalue = (L: LuaThread, index: number, n: number): Uint8Array | null => {
  const f = get(L, index)
  if (n < 1) return null
  if (f instanceof NativeClosure && n <= f.upvalues.length) {
    push(L, f.upvalues[n - 1])
    return bytes('')
  }
  const found = upvalueOf(f, n)
  if (!found) return null
  push(L, found.upvalue.v)
  return bytes(found.name)
}

export const lua_setupvalue = (L: LuaThread, index: number, n: number): Uint8Array | null => {
  const f = get(L, index)
  const value = L.stack[L.top - 1]
  if (n < 1) return null
  if (f instanceof NativeClosure && n <= f.upvalues.length) {
    f.upvalues[n - 1] = value
    L.top--
    return bytes('')
  }
  const found = upvalueOf(f, n)
  if (!found) return null
  found.upvalue.v = value
  L.top--
  return bytes(found.name)
}

export const lua_upvalueid = (L: LuaThread, index: number, n: number): unknown => {
  const f = get(L, index)
  if (f instanceof LuaClosure) return upvalueOf(f, n)?.upvalue ?? null
  return f instanceof NativeClosure && n >= 1 && n <= f.upvalues.length ? f.upvalues : null
}

export const lua_upvaluejoin = (L: LuaThread, index1: number, n1: number, index2: number, n2: number): void => {
  const [f, g] = [get(L, index1) as LuaClosure, get(L, index2) as LuaClosure]
  f.upvalues[upvalueNumber(f.p, n1)] = g.upvalues[upvalueNumber(g.p, n2)]!
}
