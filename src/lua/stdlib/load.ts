/** The function `load` (luaB_load in lbaselib.c). */
import { load as loadText } from '../vm/api/calls.js'
import { argument, argumentCount, checkCString, give, throwArgument, throwError } from '../vm/arguments.js'
import { work } from '../vm/hook.js'
import { cString } from '../vm/bytes.js'
import { numberText } from '../vm/number-text.js'
import { readParts } from '../vm/parser.js'
import { protectedCall } from '../vm/protect.js'
import type { PartReader } from '../vm/scanner.js'
import { LuaError, OK, type LuaThread } from '../vm/state.js'
import { isFunction, type LuaClosure, type LuaValue, type NativeFunction } from '../vm/value.js'

/** The cost of compilation. */
const INSTRUCTIONS_PER_BYTE = 4

export const load: NativeFunction = (L) => {
  const chunk = argument(L, 1)
  const given = typeof chunk === 'string' ? chunk : numberText(chunk)
  const mode = argument(L, 3) === undefined ? 'bt' : checkCString(L, 3)
  const hasEnvironment = argumentCount(L) >= 4
  const environment = argument(L, 4)
  const name = argument(L, 2) === undefined ? cString(given ?? '=(load)') : checkCString(L, 2)
  let text = given
  if (text === undefined) {
    if (!isFunction(chunk)) return throwArgument(L, 1, 'function')
    const parts = readText(L, chunk, mode)
    if ('error' in parts) return fail(L, parts.error)
    ;({ text } = parts)
  }
  work(L, text.length * INSTRUCTIONS_PER_BYTE)
  if (loadText(L, text, name, mode) !== OK) return fail(L, L.stack[--L.top])
  const f = L.stack[L.top - 1] as LuaClosure
  if (hasEnvironment && f.upvalues[0]) f.upvalues[0].v = environment
  return 1
}

const fail = (L: LuaThread, message: LuaValue): number => {
  give(L, undefined)
  give(L, message)
  return 2
}

/** The error of a reader function, which is the error of `load`. */
class ReadError {
  constructor(readonly value: LuaValue) {}
}

/**
 * Concatenates the parts that a function returns. PUC Lua's parser calls the function when it needs the next part, so no part is read after
 * the first syntax error, nor after the first part of a chunk that `mode` does not allow.
 */
const readText = (
  L: LuaThread,
  f: LuaValue,
  mode: string,
): { readonly text: string } | { readonly error: LuaValue } => {
  let length = 0
  const next = (): string | undefined => {
    const part = callReader(L, f)
    length += part?.length ?? 0
    if (length > L.l_G.longestText) throw new ReadError('not enough memory')
    return part
  }
  try {
    const first = next()
    if (first === undefined) return { text: '' }
    if (!mode.includes('t') || first.startsWith('\x1b')) return { text: first }
    let unread: string | undefined = first
    const parts: PartReader = () => {
      const part = unread ?? next()
      unread = undefined
      return part
    }
    return { text: readParts(parts, L.l_G.version, L.nCcalls) }
  } catch (error) {
    if (error instanceof ReadError) return { error: error.value }
    throw error
  }
}

/** Calls the reader function. Returns undefined at the end of the text. */
const callReader = (L: LuaThread, f: LuaValue): string | undefined => {
  const at = L.top
  const status = protectedCall(L, f, [], { at, wanted: 1, handler: L.errorHandler, noYield: true })
  const value = L.stack[at]
  L.top = at
  if (status !== OK) throw new ReadError(value)
  if (value === undefined || value === '') return undefined
  const part = typeof value === 'string' ? value : numberText(value)
  if (part === undefined) throw new ReadError(wrongType(L))
  return part
}

/** The error of a reader that does not return a string, after the message handler. */
const wrongType = (L: LuaThread): LuaValue => {
  try {
    return throwError(L, 'reader function must return a string')
  } catch (error) {
    if (error instanceof LuaError) return error.value
    throw error
  }
}
