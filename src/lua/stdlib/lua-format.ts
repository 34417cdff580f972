/** `string.format` (str_format in lstrlib.c). Parsed formats are cached. */
import {
  argument,
  argumentCount,
  checkAny,
  checkFloat,
  checkInteger,
  checkText,
  give,
  throwArgumentError,
  throwError,
} from '../vm/arguments.js'
import { work, workOn } from '../vm/hook.js'
import { notEnoughMemory } from '../vm/operations.js'
import { floatText, formatG, numberText, toExponential, toFixed } from '../vm/number-text.js'
import { objectAddress, type LuaThread } from '../vm/state.js'
import { LightUserdata, LuaFloat, type LuaValue, type NativeFunction } from '../vm/value.js'
import type { Integer } from '../vm/integer.js'
import { displayText } from './display.js'

interface Directive {
  readonly conversion: string
  readonly left: boolean
  readonly plus: boolean
  readonly space: boolean
  readonly alternate: boolean
  readonly zero: boolean
  readonly width: number
  /** -1 if absent */
  readonly precision: number
  /** whether there is only a conversion */
  readonly plain: boolean
  /** error in the flags or width, raised after the check of the argument's type */
  readonly invalid: string | undefined
}

type Piece = string | Directive | { readonly error: string }

/** Permitted flags, and whether a precision is permitted, by conversion. */
const ALLOWED: Readonly<Record<string, readonly [flags: string, precision: boolean]>> = {
  c: ['-', false],
  d: ['-+0 ', true],
  i: ['-+0 ', true],
  u: ['-0', true],
  a: ['-+#0 ', true],
  A: ['-+#0 ', true],
  f: ['-+#0 ', true],
  F: ['-+#0 ', true],
  e: ['-+#0 ', true],
  E: ['-+#0 ', true],
  g: ['-+#0 ', true],
  G: ['-+#0 ', true],
  o: ['-#0', true],
  x: ['-#0', true],
  X: ['-#0', true],
  p: ['-', false],
  q: ['', false],
  s: ['-', true],
}

/** What each version reads as a directive: flags, width, point, precision; then the conversion. */
const DIRECTIVE_53 = /%([-+ #0]*)([0-9]*)(?:(\.)([0-9]*))?([^])?/y
const DIRECTIVE_54 = /%([-+ #0-9.]*)([^])?/y
const MODIFIERS_54 = /^([-+ #0]*)([0-9]*)(?:(\.)([0-9]*))?$/

const parse = (format: string, lua54: boolean): Piece[] => {
  const pieces: Piece[] = []
  for (let at = 0; at < format.length;) {
    const percent = format.indexOf('%', at)
    const end = percent < 0 ? format.length : percent
    if (end > at) pieces.push(format.slice(at, end))
    if (percent < 0) break
    if (format[percent + 1] === '%') {
      pieces.push('%')
      at = percent + 2
      continue
    }
    const pattern = lua54 ? DIRECTIVE_54 : DIRECTIVE_53
    pattern.lastIndex = percent
    const match = pattern.exec(format)!
    pieces.push(lua54 ? directive54(match) : directive53(match))
    at = pattern.lastIndex
  }
  return pieces
}

/** The maximum length of a directive in 5.4 without `%` (`MAX_FORMAT` in lstrlib.c). */
const LONGEST = 21

const directive54 = ([text, modifiers = '', conversion]: RegExpExecArray): Piece => {
  if (modifiers.length >= LONGEST) return { error: 'invalid format (too long)' }
  const allowed = conversion === undefined || conversion === 'F' ? undefined : ALLOWED[conversion]
  if (!allowed) return { error: `invalid conversion '${text.replace(/\0$/, '')}' to 'format'` }
  if (conversion === 'q' && modifiers !== '') return { error: "specifier '%q' cannot have modifiers" }
  const parts = MODIFIERS_54.exec(modifiers)
  const [, flags = '', width = '', dot, digits = ''] = parts ?? []
  const isWrong =
    parts === null ||
    [...flags].some((flag) => !allowed[0].includes(flag)) ||
    width.length > 2 ||
    digits.length > 2 ||
    (dot !== undefined && !allowed[1])
  const invalid = isWrong ? `invalid conversion specification: '${text}'` : undefined
  return makeDirective(conversion!, { flags, width, dot, digits }, invalid)
}

const directive53 = ([, flags = '', width = '', dot, digits = '', conversion]: RegExpExecArray): Piece => {
  const isKnown = conversion !== undefined && conversion !== 'F' && conversion !== 'p' && conversion in ALLOWED
  if (!isKnown) return { error: `invalid option '%${conversion ?? '<\\0>'}' to 'format'` }
  if (flags.length > 5) return { error: 'invalid format (repeated flags)' }
  if (width.length > 2 || digits.length > 2) return { error: 'invalid format (width or precision too long)' }
  return makeDirective(conversion, { flags, width, dot, digits }, undefined)
}

interface Modifiers {
  readonly flags: string
  readonly width: string
  readonly dot: string | undefined
  readonly digits: string
}

const makeDirective = (
  conversion: string,
  { flags, width, dot, digits }: Modifiers,
  invalid: string | undefined,
): Directive => ({
  conversion,
  left: flags.includes('-'),
  plus: flags.includes('+'),
  space: flags.includes(' '),
  alternate: flags.includes('#'),
  zero: flags.includes('0'),
  width: Number(width),
  precision: dot === undefined ? -1 : Number(digits),
  plain: flags === '' && width === '' && dot === undefined,
  invalid,
})

/** Pads the sign and digits of a number to the field width. */
const field = (d: Directive, sign: string, prefix: string, digits: string, zeros: boolean): string => {
  const length = sign.length + prefix.length + digits.length
  if (length >= d.width) return sign + prefix + digits
  if (d.left) return (sign + prefix + digits).padEnd(d.width)
  if (zeros) return sign + prefix + '0'.repeat(d.width - length) + digits
  return (sign + prefix + digits).padStart(d.width)
}

const signOf = (d: Directive, negative: boolean): string => (negative ? '-' : d.plus ? '+' : d.space ? ' ' : '')

/** C writes no digits for 0 with a precision of 0. */
const precise = (digits: string, precision: number): string =>
  precision === 0 && digits === '0' ? '' : digits.padStart(precision, '0')

const decimal = (d: Directive, value: Integer): string => {
  const negative = value < 0
  const digits = precise(String(value).slice(negative ? 1 : 0), d.precision)
  return field(d, signOf(d, negative), '', digits, d.zero && d.precision < 0)
}

const unsigned = (d: Directive, value: Integer): string => {
  const upper = d.conversion === 'X'
  const radix = d.conversion === 'u' ? 10 : d.conversion === 'o' ? 8 : 16
  const bits = value < 0 ? BigInt.asUintN(64, BigInt(value)) : value
  const text = bits.toString(radix)
  let digits = precise(upper ? text.toUpperCase() : text, d.precision)
  if (d.alternate && radix === 8 && digits[0] !== '0') digits = `0${digits}`
  const prefix = d.alternate && radix === 16 && value !== 0 ? `0${d.conversion}` : ''
  return field(d, '', prefix, digits, d.zero && d.precision < 0)
}

const floating = (d: Directive, n: number, negativeNaN: boolean): string => {
  const negative = n < 0 || Object.is(n, -0) || (n !== n && negativeNaN)
  const upper = d.conversion < 'a'
  const sign = signOf(d, negative)
  if (!Number.isFinite(n)) {
    const text = n !== n ? 'nan' : 'inf'
    return field(d, sign, '', upper ? text.toUpperCase() : text, false)
  }
  const text = magnitude(d, Math.abs(n))
  const isHex = d.conversion === 'a' || d.conversion === 'A'
  const digits = upper ? text.toUpperCase() : text
  return isHex ? field(d, sign, digits.slice(0, 2), digits.slice(2), d.zero) : field(d, sign, '', digits, d.zero)
}

const magnitude = (d: Directive, n: number): string => {
  const precision = d.precision < 0 ? 6 : d.precision
  switch (d.conversion) {
    case 'f':
    case 'F':
      return toFixed(n, precision) + (d.alternate && precision === 0 ? '.' : '')
    case 'e':
    case 'E': {
      const [mantissa, exponent] = toExponential(n, precision).split('e') as [string, string]
      const point = d.alternate && precision === 0 ? '.' : ''
      return `${mantissa}${point}e${exponent[0]!}${exponent.slice(1).padStart(2, '0')}`
    }
    case 'g':
    case 'G':
      return formatG(n, precision, d.alternate)
  }
  return hexadecimalFloat(n, d.precision, d.alternate)
}

/** C's `%a`. */
const hexadecimalFloat = (n: number, precision: number, alternate: boolean): string => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, n)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  let mantissa = (bits & 0xfffffffffffffn) | (biased > 0 ? 1n << 52n : 0n)
  const exponent = n === 0 ? 0 : biased > 0 ? biased - 1023 : -1022
  let digits = 13
  if (precision >= 0 && precision < 13) {
    const drop = BigInt(4 * (13 - precision))
    const half = 1n << (drop - 1n)
    const rest = mantissa & ((1n << drop) - 1n)
    mantissa >>= drop
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++
    digits = precision
  }
  const text = mantissa.toString(16).padStart(digits + 1, '0')
  let fraction = text.slice(text.length - digits)
  if (digits === 0) fraction = ''
  const whole = text.slice(0, text.length - digits)
  if (precision < 0) fraction = fraction.replace(/0+$/, '')
  else fraction = fraction.padEnd(precision, '0')
  const point = fraction !== '' || alternate ? '.' : ''
  return `0x${whole}${point}${fraction}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

/** `%q`: the value as a Lua literal. */
const quoted = (L: LuaThread, n: number): string => {
  const value = argument(L, n)
  if (typeof value === 'string') return quotedText(value)
  if (typeof value === 'number') return String(value)
  if (typeof value === 'bigint') return value === -0x8000000000000000n ? '0x8000000000000000' : String(value)
  if (value instanceof LuaFloat)
    return L.l_G.lua54 || Number.isFinite(value.n) ? quotedFloat(value.n) : floatText(value)
  if (value === undefined || typeof value === 'boolean') {
    checkAny(L, n)
    return value === undefined ? 'nil' : String(value)
  }
  return throwArgumentError(L, n, 'value has no literal form')
}

const quotedText = (text: string): string =>
  `"${text.replace(/["\\\n]|[\0-\x1f\x7f](?=([0-9]?))/g, (c, next: string | undefined) => {
    if (c === '"' || c === '\\' || c === '\n') return `\\${c}`
    const code = String(c.charCodeAt(0))
    return `\\${next ? code.padStart(3, '0') : code}`
  })}"`

const quotedFloat = (n: number): string => {
  if (n === Infinity) return '1e9999'
  if (n === -Infinity) return '-1e9999'
  if (n !== n) return '(0/0)'
  return (n < 0 || Object.is(n, -0) ? '-' : '') + hexadecimalFloat(Math.abs(n), -1, false)
}

const pointer = (L: LuaThread, d: Directive, n: number): string => {
  checkAny(L, n)
  check(L, d)
  const value = argument(L, n)
  const target = value instanceof LightUserdata ? value.p : value
  const has =
    (typeof target === 'object' && !(target instanceof LuaFloat) && target !== null) || typeof target === 'function'
  const text = has ? objectAddress(L.l_G, target) : typeof target === 'string' ? stringAddress(target) : '(null)'
  return d.left ? text.padEnd(d.width) : text.padStart(d.width)
}

/** Equal short strings are one object in Lua: their address is derived from the contents. */
const stringAddress = (text: string): string => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return `0x${(0x560000000000 + hash * 16).toString(16)}`
}

const check = (L: LuaThread, { invalid }: Directive): void => {
  if (invalid !== undefined) throwError(L, invalid)
}

const convert = (L: LuaThread, d: Directive, n: number): string => {
  switch (d.conversion) {
    case 'd':
    case 'i': {
      const value = checkInteger(L, n)
      check(L, d)
      return d.plain ? String(value) : decimal(d, value)
    }
    case 'x':
    case 'X':
    case 'o':
    case 'u': {
      const value = checkInteger(L, n)
      check(L, d)
      return unsigned(d, value)
    }
    case 'c': {
      check(L, d)
      const text = String.fromCharCode(Number(BigInt.asUintN(8, BigInt(checkInteger(L, n)))))
      return d.left ? text.padEnd(d.width) : text.padStart(d.width)
    }
    case 's':
      return text(L, d, n)
    case 'q':
      return quoted(L, n)
    case 'p':
      return pointer(L, d, n)
  }
  if (d.conversion === 'a' || d.conversion === 'A') check(L, d)
  const value = checkFloat(L, n)
  check(L, d)
  return floating(d, value, value !== value && numberText(argument(L, n)) !== 'nan')
}

const text = (L: LuaThread, d: Directive, n: number): string => {
  checkAny(L, n)
  const value: LuaValue = argument(L, n)
  let shown = typeof value === 'string' ? value : displayText(L, value)
  if (d.plain) return shown
  if (shown.includes('\0')) throwArgumentError(L, n, 'string contains zeros')
  check(L, d)
  if (d.precision >= 0) shown = shown.slice(0, d.precision)
  return d.left ? shown.padEnd(d.width) : shown.padStart(d.width)
}

const MOST_KEPT = 200

/** Returns `string.format` for a state. */
/** The cost of writing a value. */
const INSTRUCTIONS_PER_DIRECTIVE = 8

export const makeFormat = (): NativeFunction => {
  const known = new Map<string, Piece[]>()
  return (L) => {
    const format = checkText(L, 1)
    let pieces = known.get(format)
    if (pieces === undefined) {
      pieces = parse(format, L.l_G.lua54)
      if (known.size >= MOST_KEPT) known.clear()
      known.set(format, pieces)
    }
    const count = argumentCount(L)
    workOn(L, format.length)
    let result = ''
    let n = 1
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        result += piece
        continue
      }
      if (++n > count) throwArgumentError(L, n, 'no value')
      work(L, INSTRUCTIONS_PER_DIRECTIVE)
      if ('error' in piece) throwError(L, piece.error)
      else result += convert(L, piece, n)
    }
    workOn(L, result.length)
    if (result.length > L.l_G.longestText) notEnoughMemory(L)
    return give(L, result)
  }
}
