/** Values of maps (`map_parse_int`, `map_parse_ip` and `map_parse_str` in src/map.c). Text is a byte string. */
import { readInt64 } from '../../bytes/integers.js'
import { looseIpv4, looseIpv6 } from '../../net/ip.js'

/** Types of the values of a map. */
export type MapOutput = 'str' | 'sint' | 'addr'

export type MapValue =
  | { readonly type: 'str'; readonly bytes: string }
  | { readonly type: 'sint'; readonly value: bigint }
  /** in network byte order */
  | { readonly type: 'ipv4' | 'ipv6'; readonly bytes: string }

/** The value that `text` stands for; undefined if it is invalid. */
export const mapValue = (output: MapOutput, text: string): MapValue | undefined => {
  if (output === 'str') return { type: 'str', bytes: text }
  // read_int64 reads nothing at all as 0
  if (output === 'sint') return /^[+-]?\d*$/.test(text) ? { type: 'sint', value: readInt64(text) } : undefined
  const ipv4 = looseIpv4(text)
  if (ipv4 !== undefined) return { type: 'ipv4', bytes: ipv4 }
  const ipv6 = looseIpv6(text)
  return ipv6 === undefined ? undefined : { type: 'ipv6', bytes: ipv6 }
}
