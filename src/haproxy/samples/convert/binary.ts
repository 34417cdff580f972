/** Converters from binary data to digits, and to parts of the data. */
import { fromBigEndian } from '../casts.js'
import { integerArgument, operand, operandProblem, textArgument, type Conversion, type Converter } from '../keyword.js'
import { bytesOf, sint, str, type BytesSample, type Sample } from '../sample.js'
import type { Argument } from '../../../config/samples/arguments.js'

const hex = (bytes: string): string => {
  let digits = ''
  for (let i = 0; i < bytes.length; i++) digits += bytes.charCodeAt(i).toString(16).toUpperCase().padStart(2, '0')
  return digits
}

/** Eight digits for each byte that fits, most significant bit first. */
const binaryDigits = (bytes: string, bufsize: number): string => {
  let digits = ''
  for (let i = 0; i < bytes.length && digits.length + 8 <= bufsize; i++)
    digits += bytes.charCodeAt(i).toString(2).padStart(8, '0')
  return digits
}

const truncateProblem = (args: readonly Argument[]): string | undefined => {
  const truncate = integerArgument(args, 2)
  return truncate === 0n || truncate === 1n ? undefined : `Unsupported truncate value (${truncate})`
}

/** Numbers of `size` bytes with a separator between them; the last may be shorter, unless incomplete ones are dropped. */
const chunksToDecimal = (name: string, read: (bytes: string) => bigint): Converter => ({
  name,
  check: (args) => {
    const size = integerArgument(args, 1)
    return size <= 0n || size > 8n ? `chunk_size out of [1..8] range (${size})` : truncateProblem(args)
  },
  bind: (args) => {
    const separator = textArgument(args, 0)
    const size = Number(integerArgument(args, 1))
    const truncate = integerArgument(args, 2) === 1n
    return (sample, { bufsize }) => {
      const bytes = bytesOf(sample)
      const last = truncate ? bytes.length - size + 1 : bytes.length
      const most = bufsize - 2 - separator.length
      let text = ''
      for (let at = 0; at < last && text.length <= (at === 0 ? bufsize - 2 : most); at += size) {
        const before = text
        if (at > 0) text += separator
        text += String(read(bytes.slice(at, at + size)))
        if (text.length >= bufsize) return str(before)
      }
      return str(text)
    }
  },
})

const be2hex: Converter = {
  name: 'be2hex',
  check: (args) => {
    const size = integerArgument(args, 1)
    if (size <= 0n && (textArgument(args, 0) !== '' || integerArgument(args, 2) !== 0n))
      return `chunk_size needs to be positive (${size})`
    return truncateProblem(args)
  },
  bind: (args) => {
    const separator = textArgument(args, 0)
    const chunk = Number(BigInt.asIntN(32, integerArgument(args, 1)))
    const truncate = integerArgument(args, 2) === 1n
    return (sample, { bufsize }) => {
      const bytes = bytesOf(sample)
      const isWhole = separator === '' && !truncate
      const size = isWhole ? bytes.length : chunk
      // HAProxy does not return where the integer that it makes of the size is 0
      if (size < 0 || (size === 0 && !isWhole) || 2 * size + separator.length > bufsize) return undefined
      const last = truncate ? bytes.length - size + 1 : bytes.length
      const most = bufsize - 2 * size
      let text = ''
      for (let at = 0; at < last && text.length <= (at === 0 ? most : most - separator.length); at += size) {
        if (at > 0) text += separator
        text += hex(bytes.slice(at, at + size))
      }
      return str(text)
    }
  },
}

const hexToInteger: Conversion = (sample) => {
  const text = bytesOf(sample)
  return /^[0-9a-fA-F]*$/.test(text) ? sint(text === '' ? 0n : BigInt(`0x${text}`)) : undefined
}

const bytes: Converter = {
  name: 'bytes',
  variables: [0, 1],
  check: (args) => {
    const first = operandProblem(args, 0)
    if (first !== undefined) return first
    if (isNumber(args, 0) && numberOf(args, 0) < 0) return 'expects a non-negative integer'
    if (args.length < 2) return undefined
    const second = operandProblem(args, 1)
    if (second !== undefined) return second
    return isNumber(args, 1) && numberOf(args, 1) <= 0 ? 'expects a positive integer' : undefined
  },
  bind: (args) => {
    const offsetOf = operand(args, 0)
    const lengthOf = args.length > 1 ? operand(args, 1) : undefined
    return (sample, context) => {
      const bytes = bytesOf(sample)
      const offset = offsetOf(context)
      if (offset === undefined || offset < 0n) return undefined
      const kept = (part: string): Sample => ({ ...(sample as BytesSample), bytes: part })
      // missing bytes could still be received
      if (offset >= bytes.length) return context.isFinal ? kept('') : undefined
      const from = Number(offset)
      if (!lengthOf) return kept(bytes.slice(from))
      const length = lengthOf(context)
      if (length === undefined || length < 0n) return undefined
      if (length > bytes.length - from && !context.isFinal) return undefined
      return kept(bytes.slice(from, from + Number(length)))
    }
  },
}

const isNumber = (args: readonly Argument[], index: number): boolean => /^[+-]?\d*$/.test(textArgument(args, index))
const numberOf = (args: readonly Argument[], index: number): number => Number(textArgument(args, index)) || 0

/** HAProxy shifts each byte as an `int`: the fifth is shifted like the first, and the fourth may be negative. */
const littleEndian = (bytes: string): bigint => {
  let value = 0n
  for (let i = 0; i < bytes.length; i++) value |= BigInt(bytes.charCodeAt(i) << (8 * (i % 4)))
  return BigInt.asUintN(64, value)
}

export const BINARY_CONVERTERS: readonly Converter[] = [
  {
    name: 'hex',
    bind:
      () =>
      (sample, { bufsize }) =>
        str(hex(bytesOf(sample)).slice(0, bufsize)),
  },
  {
    name: 'base2',
    bind:
      () =>
      (sample, { bufsize }) =>
        str(binaryDigits(bytesOf(sample), bufsize)),
  },
  { name: 'hex2i', bind: () => hexToInteger },
  chunksToDecimal('be2dec', fromBigEndian),
  chunksToDecimal('le2dec', littleEndian),
  be2hex,
  bytes,
]
