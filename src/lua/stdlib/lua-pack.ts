/** `string.pack`, `unpack` and `packsize` (lstrlib.c); native sizes and byte order are those of Linux on 64-bit little-endian machines. */
import {
  checkCString,
  checkInteger,
  checkNumber,
  checkText,
  give,
  optionalIndex,
  throwArgumentError,
  throwError,
} from '../vm/arguments.js'
import { normal } from '../vm/integer.js'
import { work, workOn } from '../vm/hook.js'
import { notEnoughMemory } from '../vm/operations.js'
import type { LuaThread } from '../vm/state.js'
import { LuaFloat, POSITIVE_NAN, type NativeFunction } from '../vm/value.js'
import type { Integer } from '../vm/integer.js'

type Kind = 'int' | 'uint' | 'float' | 'double' | 'char' | 'string' | 'zero' | 'padding' | 'align' | 'nothing'

interface Option {
  readonly kind: Kind
  readonly size: number
  /** padding bytes before it */
  readonly padding: number
  readonly little: boolean
}

const SIZES: Readonly<Record<string, readonly [Kind, number]>> = {
  b: ['int', 1],
  B: ['uint', 1],
  h: ['int', 2],
  H: ['uint', 2],
  l: ['int', 8],
  L: ['uint', 8],
  j: ['int', 8],
  J: ['uint', 8],
  T: ['uint', 8],
  f: ['float', 4],
  n: ['double', 8],
  d: ['double', 8],
  z: ['zero', 0],
  x: ['padding', 1],
  ' ': ['nothing', 0],
}
const LARGEST = 16
const MAX_SIZE = 0x7fffffff

/** The cost of parsing and executing an option. */
const INSTRUCTIONS_PER_OPTION = 8

class FormatReader {
  #at = 0
  #little = true
  #maxAlign = 1

  constructor(
    readonly L: LuaThread,
    readonly format: string,
  ) {}

  get done(): boolean {
    return this.#at >= this.format.length
  }

  /** @param total the number of bytes before it */
  next(total: number): Option {
    work(this.L, INSTRUCTIONS_PER_OPTION)
    const { kind, size } = this.#option()
    let align = size
    if (kind === 'align') {
      const following = this.done ? undefined : this.#option()
      align = following?.size ?? 0
      if (following === undefined || following.kind === 'char' || align === 0)
        throwArgumentError(this.L, 1, "invalid next option for option 'X'")
    }
    let padding = 0
    const aligned =
      kind === 'align' ||
      kind === 'int' ||
      kind === 'uint' ||
      kind === 'float' ||
      kind === 'double' ||
      kind === 'string'
    if (align > 1 && aligned) {
      align = Math.min(align, this.#maxAlign)
      if ((align & (align - 1)) !== 0) throwArgumentError(this.L, 1, 'format asks for alignment not power of 2')
      padding = (align - (total & (align - 1))) & (align - 1)
    }
    return { kind, size: kind === 'align' ? 0 : size, padding, little: this.#little }
  }

  #option(): { kind: Kind; size: number } {
    const character = this.format[this.#at++]!
    const simple = SIZES[character]
    if (simple) return { kind: simple[0], size: simple[1] }
    switch (character) {
      case 'i':
        return { kind: 'int', size: this.#limited(4) }
      case 'I':
        return { kind: 'uint', size: this.#limited(4) }
      case 's':
        return { kind: 'string', size: this.#limited(8) }
      case 'c': {
        const size = this.#number()
        if (size === undefined) throwError(this.L, "missing size for format option 'c'")
        return { kind: 'char', size: size! }
      }
      case 'X':
        return { kind: 'align', size: 0 }
      case '<':
      case '=':
        this.#little = true
        break
      case '>':
        this.#little = false
        break
      case '!':
        this.#maxAlign = this.#limited(8)
        break
      default:
        throwError(this.L, `invalid format option '${character}'`)
    }
    return { kind: 'nothing', size: 0 }
  }

  #number(): number | undefined {
    const digits = /[0-9]*/y
    digits.lastIndex = this.#at
    const text = digits.exec(this.format)![0]
    if (text === '') return undefined
    let value = 0
    let used = 0
    // as in C, no more digits than fit in an int
    while (used < text.length && value <= (MAX_SIZE - 9) / 10) value = value * 10 + Number(text[used++])
    this.#at += used
    return value
  }

  #limited(defaultSize: number): number {
    const size = this.#number() ?? defaultSize
    if (size > LARGEST || size <= 0) throwError(this.L, `integral size (${size}) out of limits [1,${LARGEST}]`)
    return size
  }
}

const integerBytes = (value: Integer, size: number, little: boolean): string => {
  let bits = BigInt.asUintN(size * 8, BigInt(value))
  let text = ''
  for (let i = 0; i < size; i++) {
    const byte = String.fromCharCode(Number(bits & 255n))
    text = little ? text + byte : byte + text
    bits >>= 8n
  }
  return text
}

const SIGN = 0x80

const floatBytes = (value: Integer | LuaFloat, size: number, little: boolean): string => {
  const view = new DataView(new ArrayBuffer(size))
  const n = value instanceof LuaFloat ? value.n : Number(value)
  if (size === 4) view.setFloat32(0, n, little)
  else view.setFloat64(0, n, little)
  // JavaScript does not preserve the sign of NaN
  const top = little ? size - 1 : 0
  if (n !== n) view.setUint8(top, value === POSITIVE_NAN ? view.getUint8(top) & ~SIGN : view.getUint8(top) | SIGN)
  return String.fromCharCode(...new Uint8Array(view.buffer))
}

const pack: NativeFunction = (L) => {
  const format = new FormatReader(L, checkCString(L, 1))
  let text = ''
  let n = 1
  // PUC Lua marks the end of the arguments by nil, which is what a missing one is reported as
  give(L, undefined)
  while (!format.done) {
    const option = format.next(text.length)
    text += '\0'.repeat(option.padding)
    if (option.kind !== 'nothing' && option.kind !== 'padding' && option.kind !== 'align') n++
    text += packed(L, option, n)
    if (text.length > L.l_G.longestText) notEnoughMemory(L)
  }
  workOn(L, text.length)
  return give(L, text)
}

const packed = (L: LuaThread, { kind, size, little }: Option, n: number): string => {
  switch (kind) {
    case 'int':
    case 'uint': {
      const value = checkInteger(L, n)
      if (size < 8) {
        const limit = kind === 'int' ? 2 ** (size * 8 - 1) : 2 ** (size * 8)
        const fits = kind === 'int' ? value >= -limit && value < limit : value >= 0 && value < limit
        if (!fits) throwArgumentError(L, n, kind === 'int' ? 'integer overflow' : 'unsigned overflow')
      }
      return integerBytes(kind === 'uint' ? BigInt.asUintN(64, BigInt(value)) : value, size, little)
    }
    case 'float':
    case 'double':
      return floatBytes(checkNumber(L, n), size, little)
    case 'char': {
      const text = checkText(L, n)
      if (text.length > size) throwArgumentError(L, n, 'string longer than given size')
      return text.padEnd(size, '\0')
    }
    case 'string': {
      const text = checkText(L, n)
      if (size < 8 && text.length >= 2 ** (size * 8))
        throwArgumentError(L, n, 'string length does not fit in given size')
      return integerBytes(text.length, size, little) + text
    }
    case 'zero': {
      const text = checkText(L, n)
      if (text.includes('\0')) throwArgumentError(L, n, 'string contains zeros')
      return `${text}\0`
    }
    case 'padding':
      return '\0'
  }
  return ''
}

const packsize: NativeFunction = (L) => {
  const format = new FormatReader(L, checkCString(L, 1))
  let total = 0
  while (!format.done) {
    const { kind, size, padding } = format.next(total)
    if (kind === 'string' || kind === 'zero')
      throwArgumentError(L, 1, L.l_G.lua54 ? 'variable-length format' : 'variable-size format in packsize')
    if (total > MAX_SIZE - size - padding) throwArgumentError(L, 1, 'format result too large')
    total += size + padding
  }
  return give(L, total)
}

const unpackInteger = (
  L: LuaThread,
  text: string,
  at: number,
  size: number,
  little: boolean,
  signed: boolean,
): Integer => {
  let bits = 0n
  for (let i = Math.min(size, 8) - 1; i >= 0; i--)
    bits = (bits << 8n) | BigInt(text.charCodeAt(little ? at + i : at + size - 1 - i))
  if (size < 8) return normal(signed ? BigInt.asIntN(size * 8, bits) : bits)
  const value = BigInt.asIntN(64, bits)
  const filler = signed && value < 0n ? 255 : 0
  for (let i = 8; i < size; i++)
    if (text.charCodeAt(little ? at + i : at + size - 1 - i) !== filler)
      throwError(L, `${size}-byte integer does not fit into Lua Integer`)
  return normal(value)
}

const unpackFloat = (text: string, at: number, size: number, little: boolean): LuaFloat => {
  const view = new DataView(new ArrayBuffer(size))
  for (let i = 0; i < size; i++) view.setUint8(i, text.charCodeAt(at + i))
  const n = size === 4 ? view.getFloat32(0, little) : view.getFloat64(0, little)
  const isPositive = (view.getUint8(little ? size - 1 : 0) & SIGN) === 0
  return n !== n && isPositive ? POSITIVE_NAN : new LuaFloat(n)
}

const unpack: NativeFunction = (L) => {
  const format = new FormatReader(L, checkCString(L, 1))
  const text = checkText(L, 2)
  const position = optionalIndex(L, 3, 1)
  let at = position > 0 ? position - 1 : position === 0 ? (L.l_G.lua54 ? 0 : -1) : Math.max(text.length + position, 0)
  if (at > text.length || at < 0) throwArgumentError(L, 3, 'initial position out of string')
  let count = 0
  const short = (): never => throwArgumentError(L, 2, 'data string too short')
  while (!format.done) {
    const { kind, size, padding, little } = format.next(at)
    if (padding + size > text.length - at) short()
    at += padding
    count++
    switch (kind) {
      case 'int':
      case 'uint':
        give(L, unpackInteger(L, text, at, size, little, kind === 'int'))
        break
      case 'float':
      case 'double':
        give(L, unpackFloat(text, at, size, little))
        break
      case 'char':
        give(L, text.slice(at, at + size))
        break
      case 'string': {
        const length = Number(unpackInteger(L, text, at, size, little, false))
        if (length < 0 || length > text.length - at - size) short()
        give(L, text.slice(at + size, at + size + length))
        at += length
        break
      }
      case 'zero': {
        const end = text.indexOf('\0', at)
        if (end < 0) throwArgumentError(L, 2, "unfinished string for format 'z'")
        give(L, text.slice(at, end))
        at = end + 1
        break
      }
      default:
        count--
    }
    at += size
  }
  give(L, at + 1)
  return count + 1
}

export const PACK_FUNCTIONS: Readonly<Record<string, NativeFunction>> = { pack, packsize, unpack }
