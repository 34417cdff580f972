/** Values of calls as samples, and samples as values. */
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import { fromByteString, toByteString } from '../../bytes/text.js'
import { textOf } from '../../haproxy/samples/casts.js'
import { bin, bool, sint, str, type Sample } from '../../haproxy/samples/sample.js'

/** What a function of a script is called with, and what it returns. Integers beyond 2^53 are BigInts, binary data are bytes. */
export type CallValue = string | number | bigint | boolean | Uint8Array

/** Throws a RangeError for a value that no sample can have. */
export const toSample = (what: string, value: unknown): Sample => {
  if (typeof value === 'string') return str(toByteString(value))
  if (typeof value === 'boolean') return bool(value)
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return sint(value as bigint | number)
  if (value instanceof Uint8Array) return bin(fromBytes(value))
  throw new RangeError(`${what} must be text, an integer or a boolean`)
}

export const fromSample = (sample: Sample): CallValue => {
  switch (sample.type) {
    case 'bool':
      return sample.value !== 0n
    case 'sint': {
      const value = Number(sample.value)
      return Number.isSafeInteger(value) ? value : sample.value
    }
    case 'bin':
      return toBytes(sample.bytes)
    default:
      return fromByteString(textOf(sample))
  }
}
