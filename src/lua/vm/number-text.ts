/** Numbers from and to text, as Lua reads and writes them (`luaO_str2num`, `lua_Number2str`). */
import { fromFloat, normal, wrap } from './integer.js'
import { LuaFloat, POSITIVE_NAN, type Integer } from './value.js'

const DECIMAL = /^[ \f\n\r\t\v]*([+-]?)([0-9]+)[ \f\n\r\t\v]*$/
const HEXADECIMAL = /^[ \f\n\r\t\v]*([+-]?)0[xX]([0-9a-fA-F]+)[ \f\n\r\t\v]*$/
const FLOAT = /^[ \f\n\r\t\v]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \f\n\r\t\v]*$/
const HEXADECIMAL_FLOAT =
  /^[ \f\n\r\t\v]*([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?[ \f\n\r\t\v]*$/

/** The number that a text stands for; undefined when it is none. Decimal integers too big for 64 bits are floats. */
export const parseNumber = (text: string): Integer | LuaFloat | undefined => {
  const decimal = DECIMAL.exec(text)
  if (decimal) {
    const digits = decimal[2]!
    if (digits.length <= 15) return Number(decimal[1]! + digits) + 0
    const value = BigInt(digits)
    const signed = decimal[1] === '-' ? -value : value
    if (signed <= 0x7fffffffffffffffn && signed >= -0x8000000000000000n) return normal(signed)
    return new LuaFloat(Number(decimal[1]! + digits))
  }
  const hexadecimal = HEXADECIMAL.exec(text)
  if (hexadecimal) {
    const value = BigInt(`0x${hexadecimal[2]!}`)
    return wrap(hexadecimal[1] === '-' ? -value : value)
  }
  if (FLOAT.test(text)) return new LuaFloat(Number(text))
  const parts = HEXADECIMAL_FLOAT.exec(text)
  if (parts) return parseHexFloat(parts)
  return undefined
}

const parseHexFloat = ([, sign, whole = '', fraction = '', exponent = '0']: readonly (string | undefined)[]):
  LuaFloat | undefined => {
  const digits = whole + fraction
  if (digits === '') return undefined
  const shift = Number(exponent) - 4 * fraction.length
  const value = scale(BigInt(`0x${digits}`), shift)
  return new LuaFloat(sign === '-' ? -value : value)
}

/** `mantissa * 2^exponent`, rounded once. */
const scale = (mantissa: bigint, exponent: number): number => {
  if (mantissa === 0n) return 0
  const bits = mantissa.toString(2).length
  if (bits + exponent > 1100) return Infinity
  if (bits + exponent < -1200) return 0
  // what does not fit in the result's precision is folded into one sticky bit, so that only one rounding happens
  const keep = Math.min(64, 1075 + bits + exponent)
  const excess = bits - Math.max(keep, 2)
  if (excess > 0) {
    const cut = mantissa >> BigInt(excess)
    const lost = cut << BigInt(excess) !== mantissa
    return ldexp(roundTo(cut, lost, excess + exponent), 0)
  }
  return roundTo(mantissa, false, exponent)
}

const roundTo = (mantissa: bigint, lost: boolean, exponent: number): number => {
  const bits = mantissa.toString(2).length
  const precision = Math.min(53, 1074 + bits + exponent)
  const drop = bits - precision
  if (drop <= 0) return ldexp(Number(mantissa), exponent)
  const unit = 1n << BigInt(drop)
  const rest = mantissa & (unit - 1n)
  let kept = mantissa >> BigInt(drop)
  const half = unit >> 1n
  if (rest > half || (rest === half && (lost || (kept & 1n) === 1n))) kept++
  return ldexp(Number(kept), exponent + drop)
}

/** `n * 2^exponent` for what needs no rounding. */
const ldexp = (n: number, exponent: number): number => {
  let [value, left] = [n, exponent]
  while (left > 1000) [value, left] = [value * 2 ** 1000, left - 1000]
  while (left < -1000) [value, left] = [value * 2 ** -1000, left + 1000]
  return value * 2 ** left
}

/** C's `%.<precision>g`. */
export const formatG = (n: number, precision: number, alternate = false): string => {
  const p = precision === 0 ? 1 : precision
  if (n === 0) {
    const zero = Object.is(n, -0) ? '-0' : '0'
    return alternate ? `${zero}.${'0'.repeat(p - 1)}` : zero
  }
  const [mantissa, exponentText] = toExponential(n, p - 1).split('e') as [string, string]
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= p) {
    const digits = alternate ? withPoint(mantissa) : trimZeros(mantissa)
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const fixed = toFixed(n, p - 1 - exponent)
  return alternate ? withPoint(fixed) : trimZeros(fixed)
}

const withPoint = (digits: string): string => (digits.includes('.') ? digits : `${digits}.`)

const trimZeros = (digits: string): string => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits)

/** `Number.prototype.toExponential` for any number of digits, rounding as C does: what lies in the middle, to even. */
export const toExponential = (n: number, digits: number): string => {
  if (digits > 100) {
    const [mantissa, exponent] = n.toExponential(100).split('e') as [string, string]
    return `${mantissa}${'0'.repeat(digits - 100)}e${exponent}`
  }
  const text = n.toExponential(digits)
  if (digits > 60) return text
  const [mantissa, exponent] = n.toExponential(digits + 30).split('e') as [string, string]
  return isTie(mantissa, mantissa.length - 30) ? `${cutToEven(mantissa, mantissa.length - 30, text)}e${exponent}` : text
}

/** Whether what is cut off is exactly a half. */
const isTie = (digits: string, end: number): boolean => digits[end] === '5' && /^0*$/.test(digits.slice(end + 1))

/** The part that is kept if it is even, else what JavaScript, which rounds up, has made of it. */
const cutToEven = (digits: string, end: number, roundedUp: string): string => {
  const kept = digits.slice(0, end)
  const last = kept.replace(/\D+$/, '').at(-1)!
  return Number(last) % 2 === 0 ? kept.replace(/\.$/, '') : roundedUp.split('e')[0]!
}

/** C's `%.<digits>f`, with all digits of big numbers. */
export const toFixed = (n: number, digits: number): string => {
  if (Math.abs(n) >= 1e21) return `${BigInt(n)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`
  if (digits > 100) return `${n.toFixed(100)}${'0'.repeat(digits - 100)}`
  if (Object.is(n, -0)) return `-${(0).toFixed(digits)}`
  const text = n.toFixed(digits)
  if (digits > 60 || cannotTie(n, digits)) return signed(n, text)
  const long = n.toFixed(digits + 30)
  return signed(n, isTie(long, long.length - 30) ? cutToEven(long, long.length - 30, text) : text)
}

/** Whether what is cut off is far from a half, as it mostly is: told cheaply. */
const cannotTie = (n: number, digits: number): boolean => {
  if (digits > 9) return false
  const scaled = Math.abs(n) * 10 ** digits
  return scaled < 4294967296 && Math.abs(scaled - Math.floor(scaled) - 0.5) > 1e-5
}

/** JavaScript drops the sign of what is rounded to zero, C keeps it. */
const signed = (n: number, text: string): string => (n < 0 && text[0] !== '-' ? `-${text}` : text)

/** What `tostring` makes of a float. */
export const floatText = (value: LuaFloat): string => {
  const { n } = value
  if (n !== n) return value === POSITIVE_NAN ? 'nan' : '-nan'
  if (n === Infinity) return 'inf'
  if (n === -Infinity) return '-inf'
  if (Number.isInteger(n)) {
    if (Math.abs(n) < 1e14) return Object.is(n, -0) ? '-0.0' : `${n}.0`
    const text = formatG(n, 14)
    return text.includes('e') ? text : `${text}.0`
  }
  const text = formatG(n, 14)
  return /^-?[0-9]+$/.test(text) ? `${text}.0` : text
}

/** The text of a number; undefined for what is none. */
export const numberText = (value: unknown): string | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return value instanceof LuaFloat ? floatText(value) : undefined
}

/** The integer that a value stands for, strings included; undefined when there is none. */
export const toInteger = (value: unknown): Integer | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof LuaFloat) return fromFloat(value.n)
  return typeof value === 'string' ? toInteger(parseNumber(value)) : undefined
}

/** The float that a value stands for, strings included; undefined when there is none. */
export const toFloat = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value
  if (value instanceof LuaFloat) return value.n
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' ? toFloat(parseNumber(value)) : undefined
}
