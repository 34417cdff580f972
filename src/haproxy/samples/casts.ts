/** Casts of samples from one type to another (`sample_casts`, src/sample.c). */
import { readInt64 } from '../../bytes/integers.js'
import { isCastable, isFreeCast, type SampleType } from '../../config/samples/types.js'
import { formatIp, looseIpv4, looseIpv6 } from '../../net/ip.js'
import { address, bin, sint, str, type BytesSample, type IntegerSample, type Sample } from './sample.js'

/** The first twelve bytes of an IPv4 address within IPv6, mapped and compatible (RFC 4291, 2.5.5). */
const MAPPED = `${'\0'.repeat(10)}\xff\xff`
const COMPATIBLE = '\0'.repeat(12)
/** The first two bytes of an address of 6to4 (RFC 3056), after which the IPv4 address follows. */
const SIX_TO_FOUR = '\x20\x02'

/** The bytes of an integer, most significant first. */
export const bigEndian = (value: bigint, size: number): string => {
  let bytes = ''
  for (let shift = BigInt(8 * (size - 1)); shift >= 0n; shift -= 8n)
    bytes += String.fromCharCode(Number((value >> shift) & 0xffn))
  return bytes
}

/** The unsigned integer of at most eight bytes, most significant first. */
export const fromBigEndian = (bytes: string): bigint => {
  let value = 0n
  for (let i = 0; i < bytes.length; i++) value = (value << 8n) | BigInt(bytes.charCodeAt(i))
  return value
}

/** `v6tov4` (src/tools.c): the IPv4 address that an IPv6 address holds. */
export const embeddedIpv4 = (bytes: string): string | undefined => {
  if (bytes.startsWith(MAPPED) || bytes.startsWith(COMPATIBLE)) return bytes.slice(12)
  return bytes.startsWith(SIX_TO_FOUR) ? bytes.slice(2, 6) : undefined
}

const addressOf = (bytes: string | undefined): BytesSample | undefined =>
  bytes === undefined ? undefined : address(bytes)

const untilNul = (bytes: string): string => {
  const nul = bytes.indexOf('\0')
  return nul < 0 ? bytes : bytes.slice(0, nul)
}

/** The text of a sample: binary data up to its first NUL. */
export const textOf = (sample: Sample): string => {
  switch (sample.type) {
    case 'bool':
    case 'sint':
      return String(sample.value)
    case 'ipv4':
    case 'ipv6':
      return formatIp(Array.from(sample.bytes, (c) => c.charCodeAt(0)))
    case 'bin':
      return untilNul(sample.bytes)
    default:
      return sample.bytes
  }
}

/** The integer of a sample; undefined for empty text and for types without a number, such as binary data. */
export const integerOf = (sample: Sample): IntegerSample | undefined => {
  switch (sample.type) {
    case 'sint':
    case 'bool':
      return sample
    case 'ipv4':
      return sint(fromBigEndian(sample.bytes))
    case 'str':
      return sample.bytes === '' ? undefined : sint(readInt64(sample.bytes))
    default:
      return undefined
  }
}

const bytesOf = (sample: Sample): string => {
  switch (sample.type) {
    case 'bool':
      return bigEndian(sample.value === 0n ? 0n : 1n, 8)
    case 'sint':
      return bigEndian(sample.value, 8)
    default:
      return sample.bytes
  }
}

const ipv4Of = (sample: Sample): BytesSample | undefined => {
  switch (sample.type) {
    case 'sint':
      return address(bigEndian(sample.value, 4))
    case 'ipv4':
      return sample
    case 'ipv6': {
      const embedded = embeddedIpv4(sample.bytes)
      return embedded === undefined ? undefined : address(embedded)
    }
    case 'str':
      return addressOf(looseIpv4(sample.bytes))
    default:
      return undefined
  }
}

const ipv6Of = (sample: Sample): BytesSample | undefined => {
  switch (sample.type) {
    case 'sint':
      return address(MAPPED + bigEndian(sample.value, 4))
    case 'ipv4':
      return address(MAPPED + sample.bytes)
    case 'ipv6':
      return sample
    case 'str':
      return addressOf(looseIpv6(sample.bytes))
    default:
      return undefined
  }
}

/**
 * Casts a sample to another type; undefined if it has no value of that type. Casts that change nothing in HAProxy keep the type, too: a
 * boolean used as an integer remains a boolean, text used as binary data remains text.
 */
export const cast = (sample: Sample, type: SampleType): Sample | undefined => {
  if (isFreeCast(sample.type, type)) return sample
  if (!isCastable(sample.type, type)) return undefined
  switch (type) {
    case 'bool':
    case 'sint':
      return integerOf(sample)
    case 'str':
      return str(textOf(sample))
    case 'bin':
      return bin(bytesOf(sample))
    case 'ipv4':
      return ipv4Of(sample)
    case 'ipv6':
      return ipv6Of(sample)
    case 'addr':
      return ipv4Of(sample) ?? ipv6Of(sample)
    case 'meth':
      return { type: 'meth', bytes: (sample as BytesSample).bytes }
    default:
      return undefined
  }
}
