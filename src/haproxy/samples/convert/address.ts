/** The converter `ipmask` (`sample_conv_ipmask`, src/sample.c). */
import { cast } from '../casts.js'
import type { Converter } from '../keyword.js'
import { address, type BytesSample } from '../sample.js'

const masked = (bytes: string, mask: string): string =>
  String.fromCharCode(...Array.from(bytes, (c, i) => c.charCodeAt(0) & mask.charCodeAt(i)))

export const ADDRESS_CONVERTERS: readonly Converter[] = [
  {
    name: 'ipmask',
    bind: ([ipv4Mask, ipv6Mask]) => {
      const mask4 = ipv4Mask?.type === 'address' ? ipv4Mask.bytes : ''
      const mask6 = ipv6Mask?.type === 'address' ? ipv6Mask.bytes : undefined
      return (sample) => {
        // IPv4-mapped addresses are masked as IPv4
        const ipv4 = cast(sample, 'ipv4') as BytesSample | undefined
        if (ipv4) return address(masked(ipv4.bytes, mask4))
        return mask6 === undefined ? undefined : address(masked((sample as BytesSample).bytes, mask6))
      }
    },
  },
]
