/** HAProxy's protocols of listeners (src/proto_tcp.c, src/proto_uxst.c). */
import type { Address } from '../../net/address.js'

/** Their names, in HAProxy's order. */
export const PROTOCOLS = ['tcpv6', 'tcpv4', 'abnsz_stream', 'abns_stream', 'unix_stream'] as const

export type Protocol = (typeof PROTOCOLS)[number]

const FAMILIES: Readonly<Record<Exclude<Address['family'], Inherited | 'rhttp'>, Protocol>> = {
  ipv6: 'tcpv6',
  ipv4: 'tcpv4',
  abnsz: 'abnsz_stream',
  abns: 'abns_stream',
  unix: 'unix_stream',
}

type Inherited = 'fd' | 'sockpair'

export const isInherited = (family: Address['family']): family is Inherited => family === 'fd' || family === 'sockpair'

/** The protocol of an address; inherited descriptors count as Unix sockets. */
export const protocolOf = ({ family }: Address): Protocol =>
  isInherited(family) || family === 'rhttp' ? 'unix_stream' : FAMILIES[family]
