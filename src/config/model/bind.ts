/** Listeners of proxies and `stats socket` lines in the model of a configuration. */
import type { Address } from '../../net/address.js'
import type { TcpListenerOptions } from '../../net/tcp-options.js'
import type { TlsListener } from '../../net/tls.js'
import type { Place } from '../syntax/place.js'

/** A listener of the runtime API. */
export interface StatsSocketConfig {
  readonly bind: BindConfig
  readonly level: 'user' | 'operator' | 'admin'
}

/** A listener. */
export interface BindConfig {
  /** as written, for messages and listener names */
  readonly text: string
  readonly address: Address
  readonly name: string | undefined
  readonly place: Place
  /** `id`; undefined: assigned by the proxy */
  readonly luid: number | undefined
  /** 0: the proxy's */
  readonly maxconn: number
  /** priority of the tasks of its streams, -1024 (highest) to 1024 */
  readonly nice: number
  /** permissions of a UNIX socket (`mode`); undefined: the system's default */
  readonly mode: number | undefined
  /** owner of a UNIX socket; undefined: unchanged */
  readonly uid: number | undefined
  readonly gid: number | undefined
  /** an IPv6 listener does not accept IPv4 clients (`v6only`) */
  readonly v6only: boolean
  /** binding to a non-local address is allowed (`transparent`) */
  readonly transparent: boolean
  readonly tcp: TcpListenerOptions
  /** `proto`: what the connections are parsed as; undefined: what suits the mode of the proxy */
  readonly mux: string | undefined
  /** clients begin with a header of the PROXY protocol (`accept-proxy`) */
  readonly acceptsProxy: boolean
  /** clients begin with a header of NetScaler's Client IP protocol with this magic number (`accept-netscaler-cip`) */
  readonly netscalerMagic: number | undefined
  /** `ssl`; undefined: plain TCP */
  readonly tls: TlsListener | undefined
  /** it receives datagrams (UDP or QUIC) instead of streams */
  readonly datagram: boolean
}
