/** A sample: a value with its type (`struct sample_data`, include/haproxy/sample_data-t.h). Text and addresses are byte strings. */
import type { SampleType } from '../../config/samples/types.js'

export type Sample =
  /** a boolean's value is an integer, which is kept when it is cast to one */
  | { readonly type: 'bool' | 'sint'; readonly value: bigint }
  | { readonly type: 'str' | 'bin'; readonly bytes: string }
  /** 4 or 16 bytes in network byte order */
  | { readonly type: 'ipv4' | 'ipv6'; readonly bytes: string }
  | { readonly type: 'meth'; readonly bytes: string }

/** Types of values; `any`, `same` and `addr` occur in signatures only. */
export type ValueType = Exclude<SampleType, 'any' | 'same' | 'addr'>

export type IntegerSample = Extract<Sample, { value: bigint }>
export type BytesSample = Extract<Sample, { bytes: string }>

export const bool = (value: boolean): Sample => ({ type: 'bool', value: value ? 1n : 0n })

/** A 64-bit integer; larger values wrap around as in C. */
export const sint = (value: bigint | number): IntegerSample => ({
  type: 'sint',
  value: BigInt.asIntN(64, BigInt(value)),
})

export const str = (bytes: string): BytesSample => ({ type: 'str', bytes })

/** A text that may be undefined. */
export const optionalStr = (bytes: string | undefined): BytesSample | undefined =>
  bytes === undefined ? undefined : str(bytes)

export const bin = (bytes: string): BytesSample => ({ type: 'bin', bytes })

/** An address of 4 or 16 bytes. */
export const address = (bytes: string): BytesSample => ({ type: bytes.length === 4 ? 'ipv4' : 'ipv6', bytes })

/** The bytes of a sample of a text or binary type. */
export const bytesOf = (sample: Sample): string => (sample as BytesSample).bytes

/** `tune.bufsize` */
export const BUFFER_SIZE = 16384

/** `smp_dup`: the value truncated to the size of a buffer, in which text ends with a NUL. */
export const duplicate = (sample: Sample, bufsize = BUFFER_SIZE): Sample => {
  if ('value' in sample || sample.type === 'ipv4' || sample.type === 'ipv6') return sample
  const most = sample.type === 'bin' ? bufsize : bufsize - 1
  return sample.bytes.length > most ? { ...sample, bytes: sample.bytes.slice(0, most) } : sample
}
