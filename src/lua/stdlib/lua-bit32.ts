/** The library bit32 of Lua 5.2, which Debian's Lua 5.3 includes (lbitlib.c): operations on 32 bits, results from 0 to 2^32 - 1. */
import { argument, argumentCount, checkInteger, give, throwArgumentError, throwError } from '../vm/arguments.js'
import type { LuaThread } from '../vm/state.js'
import type { NativeFunction } from '../vm/value.js'

/** The lowest 32 bits of an argument, as a signed integer for JavaScript's operators. */
const bits = (L: LuaThread, n: number): number => Number(BigInt.asIntN(32, BigInt(checkInteger(L, n))))

const giveBits = (L: LuaThread, value: number): number => give(L, value >>> 0)

/** Combines all arguments, starting with `start`. */
const combine = (L: LuaThread, start: number, join: (a: number, b: number) => number): number => {
  let result = start
  for (let i = 1; i <= argumentCount(L); i++) result = join(result, bits(L, i))
  return result
}

const and = (L: LuaThread): number => combine(L, -1, (a, b) => a & b)

/** A logical shift: to the left if `count` is positive. */
const shift = (value: number, count: number): number => {
  if (count <= -32 || count >= 32) return 0
  return count >= 0 ? value << count : value >>> -count
}

const displacement = (L: LuaThread): number => {
  const count = Number(checkInteger(L, 2))
  return Math.max(-64, Math.min(64, count))
}

const rotate = (value: number, count: number): number => {
  const left = ((count % 32) + 32) % 32
  return left === 0 ? value : (value << left) | (value >>> (32 - left))
}

const rotation = (L: LuaThread): number => Number(BigInt.asIntN(32, BigInt(checkInteger(L, 2))))

/** The caller evaluates the number of bits first, because C compilers evaluate arguments in that order. */
const displaced = (L: LuaThread, by: (value: number, count: number) => number, count: number): number =>
  giveBits(L, by(bits(L, 1), count))

const arshift: NativeFunction = (L) => {
  const [value, count] = [bits(L, 1), displacement(L)]
  if (count < 0 || value >= 0) return giveBits(L, shift(value, -count))
  return giveBits(L, value >> Math.min(count, 31))
}

/** The field and width at argument `n`. */
const field = (L: LuaThread, n: number): { readonly at: number; readonly mask: number } => {
  const at = Number(checkInteger(L, n))
  const width = argument(L, n + 1) === undefined ? 1 : Number(checkInteger(L, n + 1))
  if (at < 0) throwArgumentError(L, n, 'field cannot be negative')
  if (width <= 0) throwArgumentError(L, n + 1, 'width must be positive')
  if (at + width > 32) throwError(L, 'trying to access non-existent bits')
  return { at, mask: width === 32 ? -1 : (1 << width) - 1 }
}

const extract: NativeFunction = (L) => {
  const value = bits(L, 1)
  const { at, mask } = field(L, 2)
  return giveBits(L, (value >>> at) & mask)
}

const replace: NativeFunction = (L) => {
  const [value, part] = [bits(L, 1), bits(L, 2)]
  const { at, mask } = field(L, 3)
  return giveBits(L, (value & ~(mask << at)) | ((part & mask) << at))
}

export const BIT32_FUNCTIONS: Readonly<Record<string, NativeFunction>> = {
  arshift,
  band: (L) => giveBits(L, and(L)),
  bnot: (L) => giveBits(L, ~bits(L, 1)),
  bor: (L) =>
    giveBits(
      L,
      combine(L, 0, (a, b) => a | b),
    ),
  btest: (L) => give(L, and(L) !== 0),
  bxor: (L) =>
    giveBits(
      L,
      combine(L, 0, (a, b) => a ^ b),
    ),
  extract,
  lrotate: (L) => displaced(L, rotate, rotation(L)),
  lshift: (L) => displaced(L, shift, displacement(L)),
  replace,
  rrotate: (L) => displaced(L, rotate, -rotation(L)),
  rshift: (L) => displaced(L, shift, -displacement(L)),
}
