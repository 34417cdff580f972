/** Addresses to listen at, of proxies and of `stats socket`, in the model of a configuration. */
import type { Address } from '../../net/address.js'
import type { Place } from '../syntax/place.js'

export interface StatsSocketConfig {
  readonly bind: BindConfig
  readonly level: 'user' | 'operator' | 'admin'
}

export interface BindConfig {
  /** as written, for messages and listener names */
  readonly text: string
  readonly address: Address
  readonly name: string | undefined
  readonly place: Place
  /** `id`; undefined: numbered by the proxy */
  readonly luid: number | undefined
  /** 0: the proxy's */
  readonly maxconn: number
  /** the permissions of a socket in the file system (`mode`); undefined: as the system makes it */
  readonly mode: number | undefined
  /** whose such a socket is, and which group's; undefined: as the system makes it */
  readonly uid: number | undefined
  readonly gid: number | undefined
  /** an IPv6 address takes no IPv4 clients (`v6only`) */
  readonly v6only: boolean
  /** it may be an address of another host (`transparent`) */
  readonly transparent: boolean
  /** it receives datagrams or QUIC, no streams */
  readonly datagram: boolean
}
