/** The converter `has_ctl`: whether there are control characters (`sample_conv_has_ctl`, src/sample.c). */
import { textArgument, type Converter } from '../keyword.js'
import { bool, bytesOf } from '../sample.js'

/** A bit for each byte from 0 to 0x1f, and one for 0x7f. */
const ALL = 0x1ffffffffn
const DELETE = 0x7f
const DELETE_BIT = 32n
const MASKS: Readonly<Record<string, bigint>> = { '': 0x1fffffdffn, any: ALL, http: 0x2401n }

const MAX = (1n << 63n) - 1n

/** `strtoll` with the base 0: the value, or the number of characters that are part of a number. */
const readMask = (text: string): bigint | { readonly read: number } => {
  const [all, sign, digits] = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)?/.exec(text)!
  if (digits === undefined) return { read: 0 }
  if (all.length < text.length) return { read: all.length }
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits)
  if (sign === '-') return value > MAX ? -MAX - 1n : -value
  return value > MAX ? MAX : value
}

const maskOf = (text: string): ReturnType<typeof readMask> =>
  Object.hasOwn(MASKS, text) ? MASKS[text]! : readMask(text)

const hasBit = (mask: bigint, byte: number): boolean => {
  if (byte >= 0x20 && byte !== DELETE) return false
  return ((mask >> (byte === DELETE ? DELETE_BIT : BigInt(byte))) & 1n) === 1n
}

export const CONTROL_CONVERTERS: readonly Converter[] = [
  {
    name: 'has_ctl',
    check: (args) => {
      const text = textArgument(args, 0)
      const mask = maskOf(text)
      if (typeof mask === 'object')
        return (
          `cannot parse value '${text}', problem at position ${mask.read}; ` +
          "expecting an integer value (decimal or hex with '0x' prefix).\n"
        )
      const excess = BigInt.asUintN(64, mask) & ~ALL
      return excess === 0n ? undefined : `unsupported excess bits 0x${excess.toString(16)} in argument value ${text}`
    },
    bind: (args) => {
      const mask = maskOf(textArgument(args, 0)) as bigint
      const refused = Uint8Array.from({ length: 256 }, (_, byte) => (hasBit(mask, byte) ? 1 : 0))
      return (sample) => {
        const bytes = bytesOf(sample)
        for (let i = 0; i < bytes.length; i++) if (refused[bytes.charCodeAt(i)] === 1) return bool(true)
        return bool(false)
      }
    },
  },
]
