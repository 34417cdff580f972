/** Conversion between numbers and text (`luaO_str2num`, `lua_Number2str`). */
import { exponentOf2, roundedFrom } from './double.js'
import { fromFloat, normal, wrap } from './integer.js'
import { LuaFloat, POSITIVE_NAN } from './value.js'
import type { Integer } from './integer.js'

const DECIMAL = /^[ \f\n\r\t\v]*([+-]?)([0-9]+)[ \f\n\r\t\v]*$/
const HEXADECIMAL = /^[ \f\n\r\t\v]*([+-]?)0[xX]([0-9a-fA-F]+)[ \f\n\r\t\v]*$/
const FLOAT = /^[ \f\n\r\t\v]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \f\n\r\t\v]*$/
const HEXADECIMAL_FLOAT =
  /^[ \f\n\r\t\v]*([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?[ \f\n\r\t\v]*$/

/** Converts a string to a number; undefined if it is not a numeral. Decimal integers beyond 64 bits become floats. */
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
  const value = roundedFrom(BigInt(`0x${digits}`), shift)
  return new LuaFloat(sign === '-' ? -value : value)
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

/**
 * `Number.prototype.toExponential` with C's rounding: JavaScript rounds ties up, C to even.
 *
 * @param digits after the decimal point, 0 to 100
 */
export const toExponential = (n: number, digits: number): string => {
  const text = n.toExponential(digits)
  const e = text.indexOf('e')
  return isTie(n, digits - Number(text.slice(e + 1))) ? lastDigitEven(text, e) : text
}

/** C's `%.<digits>f`, with all digits of large numbers. */
export const toFixed = (n: number, digits: number): string => {
  if (Math.abs(n) >= 1e21) return `${BigInt(n)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`
  if (Object.is(n, -0)) return `-${toFixed(0, digits)}`
  if (digits > 100) return exactDecimals(n, digits)
  const text = n.toFixed(digits)
  return signed(n, isTie(n, digits) ? lastDigitEven(text, text.length) : text)
}

/**
 * Whether `n` is a tie between two numbers with that number of decimals (before the decimal point if negative): then `2 * n * 10^decimals`
 * is an odd integer, as the powers of 2 and 5 in `n` show.
 */
const isTie = (n: number, decimals: number): boolean =>
  n !== 0 && exponentOf2(n) === -decimals - 1 && (decimals >= 0 || BigInt(n) % 5n ** BigInt(-decimals) === 0n)

/** Corrects a tie that JavaScript rounded up to an odd digit before `end`; the even digit is the one below. */
const lastDigitEven = (text: string, end: number): string => {
  const last = text.charCodeAt(end - 1) - 48
  return last % 2 === 0 ? text : `${text.slice(0, end - 1)}${last - 1}${text.slice(end)}`
}

/** The decimal digits of a number below 1e21, rounded to `digits`, which may be more than JavaScript supports. */
const exactDecimals = (n: number, digits: number): string => {
  const magnitude = Math.abs(n)
  const shift = n === 0 ? 0 : Math.max(0, -exponentOf2(n))
  // two factors, because 2^1074 exceeds the range of a double
  const odd = BigInt(magnitude * 2 ** Math.min(shift, 1000) * 2 ** Math.max(shift - 1000, 0))
  const scaled = odd * 10n ** BigInt(digits)
  let kept = scaled >> BigInt(shift)
  const twiceRest = (scaled - (kept << BigInt(shift))) << 1n
  const unit = 1n << BigInt(shift)
  if (twiceRest > unit || (twiceRest === unit && (kept & 1n) === 1n)) kept++
  const text = kept.toString().padStart(digits + 1, '0')
  return signed(n, `${text.slice(0, -digits)}.${text.slice(-digits)}`)
}

/** JavaScript drops the sign of numbers that are rounded to zero, C keeps it. */
const signed = (n: number, text: string): string => (n < 0 && text[0] !== '-' ? `-${text}` : text)

/** The result of `tostring` for a float. */
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

/** Formats a number; undefined if the value is not a number. */
export const numberText = (value: unknown): string | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return value instanceof LuaFloat ? floatText(value) : undefined
}

/** Converts a value, including a string, to an integer; undefined if it has no integer representation. */
export const toInteger = (value: unknown): Integer | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof LuaFloat) return fromFloat(value.n)
  return typeof value === 'string' ? toInteger(parseNumber(value)) : undefined
}

/** Converts a value, including a string, to a float; undefined if it is not a number. */
export const toFloat = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value
  if (value instanceof LuaFloat) return value.n
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' ? toFloat(parseNumber(value)) : undefined
}
