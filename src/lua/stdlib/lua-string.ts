/** The library string (lstrlib.c), except patterns, formats and packing. In 5.4, arithmetic on strings uses metamethods. */
import {
  argument,
  argumentCount,
  checkIndex,
  checkText,
  give,
  optionalIndex,
  throwArgument,
  throwArgumentError,
  throwError,
} from '../vm/arguments.js'
import { plainTypeName } from '../vm/type-of.js'
import { metamethodOf } from '../vm/metamethod.js'
import { callWithoutYield } from '../vm/native-operations.js'
import { parseNumber } from '../vm/number-text.js'
import { BYTES_PER_INSTRUCTION, workOn } from '../vm/hook.js'
import type { LuaThread } from '../vm/state.js'
import { Arithmetic, notEnoughMemory, rawArithmetic } from '../vm/operations.js'
import { FALLBACK, isFunction, LuaFloat, type LuaValue, type NativeFunction } from '../vm/value.js'
import { makeFormat } from './lua-format.js'
import { patternFunctions } from './lua-pattern.js'
import { PACK_FUNCTIONS } from './lua-pack.js'

const isSmall = (value: LuaValue): value is number => typeof value === 'number'

const slice = (text: string, from: number, to: number): string => {
  const { length } = text
  const start = from > 0 ? from - 1 : from === 0 ? 0 : Math.max(length + from, 0)
  const end = to >= 0 ? to : length + to + 1
  return end > start ? text.slice(start, end) : ''
}

const sub: NativeFunction = (L) => {
  const text = checkText(L, 1)
  return give(L, slice(text, checkIndex(L, 2), optionalIndex(L, 3, -1)))
}
sub.direct2 = (_, text, from) => (typeof text === 'string' && isSmall(from) ? slice(text, from, -1) : FALLBACK)
sub.direct3 = (_, text, from, to) =>
  typeof text === 'string' && isSmall(from) && isSmall(to) ? slice(text, from, to) : FALLBACK

const byte: NativeFunction = (L) => {
  const text = checkText(L, 1)
  const from = optionalIndex(L, 2, 1)
  const part = slice(text, from, optionalIndex(L, 3, from))
  if (part.length > 900_000) throwError(L, 'string slice too long')
  workOn(L, part.length, 1)
  for (let i = 0; i < part.length; i++) give(L, part.charCodeAt(i))
  return part.length
}
byte.direct1 = (_, text) => (typeof text === 'string' && text.length > 0 ? text.charCodeAt(0) : FALLBACK)
byte.direct2 = (_, text, at) =>
  typeof text === 'string' && isSmall(at) && at > 0 && at <= text.length ? text.charCodeAt(at - 1) : FALLBACK

/** The number of arguments that are processed in the time of the call instruction. */
const FEW = 4

const char: NativeFunction = (L) => {
  let text = ''
  workOn(L, argumentCount(L), FEW)
  for (let i = 1; i <= argumentCount(L); i++) {
    const code = checkIndex(L, i)
    if (code < 0 || code > 255) throwArgumentError(L, i, 'value out of range')
    text += String.fromCharCode(code)
  }
  return give(L, text)
}
char.direct1 = (_, code) => (isSmall(code) && code >= 0 && code <= 255 ? String.fromCharCode(code) : FALLBACK)

const len: NativeFunction = (L) => give(L, checkText(L, 1).length)
len.direct1 = (_, text) => (typeof text === 'string' ? text.length : FALLBACK)

/** Returns a string that may be long, and counts the work. */
const giveLong = (L: LuaThread, text: string): number => {
  workOn(L, text.length)
  return give(L, text)
}

/** Changes only ASCII letters: the locale is C. */
const OTHER_THAN_ASCII = /[\x80-\xff]/

const upperOf = (text: string): string =>
  OTHER_THAN_ASCII.test(text) ? text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : text.toUpperCase()

const lowerOf = (text: string): string =>
  OTHER_THAN_ASCII.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text.toLowerCase()

/** Work on strings up to this length is not counted. */
const SHORT = BYTES_PER_INSTRUCTION - 1

const upper: NativeFunction = (L) => giveLong(L, upperOf(checkText(L, 1)))
upper.direct1 = (_, text) => (typeof text === 'string' && text.length <= SHORT ? upperOf(text) : FALLBACK)

const lower: NativeFunction = (L) => giveLong(L, lowerOf(checkText(L, 1)))
lower.direct1 = (_, text) => (typeof text === 'string' && text.length <= SHORT ? lowerOf(text) : FALLBACK)

/** `MAXSIZE` */
const MAX_SIZE = 0x7fffffff

const rep: NativeFunction = (L) => {
  const text = checkText(L, 1)
  const times = checkIndex(L, 2)
  const separator = argument(L, 3) === undefined ? '' : checkText(L, 3)
  if (times <= 0) return give(L, '')
  const length = (text.length + separator.length) * times
  if (length > MAX_SIZE) throwError(L, 'resulting string too large')
  if (length - separator.length > L.l_G.longestText) notEnoughMemory(L)
  return giveLong(L, (text + separator).repeat(times - 1) + text)
}

const reverse: NativeFunction = (L) => giveLong(L, Buffer.from(checkText(L, 1), 'latin1').reverse().toString('latin1'))

const dump: NativeFunction = (L) => {
  if (!isFunction(argument(L, 1))) throwArgument(L, 1, 'function')
  return throwError(L, 'unable to dump given function')
}

const isNumber = (value: LuaValue): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof LuaFloat

/** Arithmetic on strings: numerals are converted; otherwise the metamethod of the other operand is called. */
const arithmetic =
  (op: Arithmetic, name: string): NativeFunction =>
  (L) => {
    const [a, b] = [argument(L, 1), argument(L, 2)]
    const [x, y] = [toNumber(a), toNumber(b)]
    if (x !== undefined && y !== undefined) return give(L, rawArithmetic(L, op, x, y))
    const method = typeof b === 'string' || isNumber(b) ? undefined : metamethodOf(L, b, `__${name}`)
    if (method === undefined)
      return throwError(L, `attempt to ${name} a '${plainTypeName(a)}' with a '${plainTypeName(b)}'`)
    return give(L, callWithoutYield(L, method, [a, b]))
  }

const toNumber = (value: LuaValue): LuaValue =>
  typeof value === 'string' ? parseNumber(value) : isNumber(value) ? value : undefined

/** Metamethods of strings in 5.4. */
export const STRING_METAMETHODS: Readonly<Record<string, NativeFunction>> = {
  __add: arithmetic(Arithmetic.ADD, 'add'),
  __sub: arithmetic(Arithmetic.SUB, 'sub'),
  __mul: arithmetic(Arithmetic.MUL, 'mul'),
  __mod: arithmetic(Arithmetic.MOD, 'mod'),
  __pow: arithmetic(Arithmetic.POW, 'pow'),
  __div: arithmetic(Arithmetic.DIV, 'div'),
  __idiv: arithmetic(Arithmetic.IDIV, 'idiv'),
  __unm: arithmetic(Arithmetic.UNM, 'unm'),
}

export const stringFunctions = (): Readonly<Record<string, NativeFunction>> => ({
  byte,
  char,
  dump,
  len,
  lower,
  rep,
  reverse,
  sub,
  upper,
  format: makeFormat(),
  ...patternFunctions(),
  ...PACK_FUNCTIONS,
})
