/** Arguments of native functions, and errors about them (lauxlib.c). */
import { chunkId, throwValue } from './errors.js'
import { typeName } from './type-of.js'
import { cString } from './bytes.js'
import { calledName, isTailCall } from './names.js'
import { numberText, parseNumber, toFloat, toInteger } from './number-text.js'
import type { Call, LuaThread } from './state.js'
import { LuaTable } from './table.js'
import type { LuaClosure } from './value.js'
import { LightUserdata, LuaFloat, type LuaValue } from './value.js'
import { toInt, type Integer } from './integer.js'

export const argument = (L: LuaThread, n: number): LuaValue => {
  const at = L.ci.base + n
  return at < L.top ? L.stack[at] : undefined
}

export const argumentCount = (L: LuaThread): number => L.top - L.ci.base - 1

/** Pushes a result; the return value is that of a native function with one result. */
export const give = (L: LuaThread, value: LuaValue): 1 => {
  L.stack[L.top++] = value
  return 1
}

/** Returns `file:line: ` of the function at a level; level 1 called the running native function (`luaL_where`). */
export const where = (L: LuaThread, level: number): string => {
  let ci: Call | null = L.ci
  for (let i = 0; i < level && ci; i++) ci = ci.previous
  if (!ci?.isLua) return ''
  const { p } = ci.func as LuaClosure
  const line = p.lineinfo[ci.pc]
  return line === undefined ? '' : `${chunkId(p.source)}:${line}: `
}

/** Throws an error whose message starts with the position of the caller (`luaL_error`). */
export const throwError = (L: LuaThread, message: string): never => throwValue(L, where(L, 1) + message)

/** Returns the name of a function in the loaded modules, such as `string.rep` (`pushglobalfuncname`). */
export const globalName = (L: LuaThread, f: LuaValue): string | undefined => {
  const loaded = L.l_G.registry.getKey('_LOADED')
  if (!(loaded instanceof LuaTable)) return undefined
  for (let i = loaded.next(undefined); i >= 0; i = loaded.next(loaded.keyAt(i))) {
    const module = loaded.valueAt(i)
    const name = loaded.keyAt(i)
    if (!(module instanceof LuaTable) || typeof name !== 'string') continue
    for (let j = module.next(undefined); j >= 0; j = module.next(module.keyAt(j))) {
      const key = module.keyAt(j)
      if (module.valueAt(j) === f && typeof key === 'string') return name === '_G' ? key : `${name}.${key}`
    }
  }
  return undefined
}

/** `luaL_argerror`. */
export const throwArgumentError = (L: LuaThread, n: number, message: string): never => {
  const { ci } = L
  const { previous } = ci
  const name = previous?.isLua && !isTailCall(ci) ? calledName(previous, L.l_G.lua54) : undefined
  let number = n
  if (name?.kind === 'method') {
    number--
    if (number === 0) return throwError(L, `calling '${name.name}' on bad self (${message})`)
  }
  return throwError(L, `bad argument #${number} to '${name?.name ?? globalName(L, ci.func) ?? '?'}' (${message})`)
}

/** Throws: an argument has another type than expected (`luaL_typeerror`). */
export const throwArgument = (L: LuaThread, n: number, expected: string): never => {
  const at = L.ci.base + n
  const value = L.stack[at]
  const actual = at >= L.top ? 'no value' : value instanceof LightUserdata ? 'light userdata' : typeName(value)
  return throwArgumentError(L, n, `${expected} expected, got ${actual}`)
}

/** Returns a string argument; numbers are converted. */
export const checkText = (L: LuaThread, n: number): string => {
  const value = argument(L, n)
  return typeof value === 'string' ? value : (numberText(value) ?? throwArgument(L, n, 'string'))
}

/** Returns a string argument as a C string, which ends at the first zero byte (`luaL_checkstring`). */
export const checkCString = (L: LuaThread, n: number): string => cString(checkText(L, n))

export const checkInteger = (L: LuaThread, n: number): Integer => {
  const value = argument(L, n)
  if (typeof value === 'number' || typeof value === 'bigint') return value
  const converted = toInteger(value)
  if (converted !== undefined) return converted
  if (toFloat(value) !== undefined) throwArgumentError(L, n, 'number has no integer representation')
  return throwArgument(L, n, 'number')
}

/** An integer converted to C's `int`: its lower 32 bits. */
export const checkInt = (L: LuaThread, n: number): number => toInt(checkInteger(L, n))

/** Like {@link checkInt}, with a default for nil or no argument. */
export const optionalInt = (L: LuaThread, n: number, defaultInt: number): number =>
  argument(L, n) === undefined ? defaultInt : checkInt(L, n)

/** Returns an integer argument rounded to a double, for positions and counts, which cannot exceed 2^53. */
export const checkIndex = (L: LuaThread, n: number): number => Number(checkInteger(L, n))

export const optionalIndex = (L: LuaThread, n: number, defaultIndex: number): number =>
  argument(L, n) === undefined ? defaultIndex : checkIndex(L, n)

export const checkNumber = (L: LuaThread, n: number): Integer | LuaFloat => {
  const value = argument(L, n)
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof LuaFloat) return value
  const converted = typeof value === 'string' ? parseNumber(value) : undefined
  return converted ?? throwArgument(L, n, 'number')
}

export const checkFloat = (L: LuaThread, n: number): number => toFloat(checkNumber(L, n))!

export const checkTable = (L: LuaThread, n: number): LuaTable => {
  const value = argument(L, n)
  return value instanceof LuaTable ? value : throwArgument(L, n, 'table')
}

export const checkAny = (L: LuaThread, n: number): void => {
  if (L.ci.base + n >= L.top) throwArgumentError(L, n, 'value expected')
}
