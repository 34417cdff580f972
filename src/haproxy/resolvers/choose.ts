/** Chooses the address of a server among the records of a response (resolv_get_ip_from_response in src/resolvers.c). */
import ipaddr from 'ipaddr.js'
import type { Micros } from '../../engine/clock.js'
import { isIp } from '../../net/address.js'
import type { Server } from '../server/server.js'
import type { AddressRecord } from './message.js'

/** An address from responses, and the servers that use it. */
export interface KnownRecord extends AddressRecord {
  lastSeen: Micros
  readonly servers: Set<Server>
}

/**
 * The record that `server` takes its address from, if any. Preferred are, in this order, an address of the preferred family, of a
 * preferred network, one that no other server of the backend has, its current one, and the first of `records`.
 */
export const chooseRecord = (server: Server, records: readonly KnownRecord[]): KnownRecord | undefined => {
  const { prefer, networks, allowDuplicates } = server.config.resolution
  const current = server.hasAddress && isIp(server.address) ? server.address.ip : undefined
  const best: Partial<Record<'ipv4' | 'ipv6', KnownRecord>> = {}
  let most = -1
  for (const record of records) {
    const isTaken = [...record.servers].some((other) => other !== server && other.proxy === server.proxy)
    if (isTaken && !allowDuplicates) continue
    const score =
      (record.family === prefer ? 8 : 0) +
      (networks.some((network) => contains(network, record.ip)) ? 4 : 0) +
      (isTaken ? 0 : 2) +
      (record.ip === current ? 1 : 0)
    if (score <= most) continue
    most = score
    best[record.family] = record
  }
  return best[prefer] ?? best[prefer === 'ipv4' ? 'ipv6' : 'ipv4']
}

/** The first record of the preferred family, or of the other one. */
export const preferredRecord = (
  records: readonly KnownRecord[],
  prefer: AddressRecord['family'],
): AddressRecord | undefined => records.find(({ family }) => family === prefer) ?? records[0]

/** @param network an address, with or without the length or the bits of a mask */
const contains = (network: string, ip: string): boolean => {
  const address = ipaddr.parse(ip)
  const [base, mask] = network.split('/')
  const start = ipaddr.parse(base!)
  if (start.kind() !== address.kind()) return false
  const whole = start.kind() === 'ipv4' ? 32 : 128
  const length =
    mask === undefined
      ? whole
      : mask.includes('.')
        ? ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask()!
        : Number(mask)
  return address.match(start, length)
}
