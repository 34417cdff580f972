/** A server in the model of a configuration: its line, with what `default-server` says. */
import type { Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import type { Ip } from '../../net/ip.js'
import type { TlsClient, TlsVersion } from '../../net/tls.js'
import type { Place } from '../syntax/place.js'

/** Where a server gets its address from when the process starts: see `init-addr`. */
export type InitAddress = 'last' | 'libc' | 'none' | Ip

export interface ServerResolution {
  /** the name of a section `resolvers` */
  readonly resolvers: string | undefined
  readonly prefer: 'ipv4' | 'ipv6'
  readonly allowDuplicates: boolean
  readonly ignoreWeight: boolean
  /** as written */
  readonly networks: readonly string[]
  /** in the order in which they are tried; empty: HAProxy's usual ones */
  readonly initAddresses: readonly InitAddress[]
}

/** Values of `init-state`. */
export type InitState = 'none' | 'up' | 'fully-up' | 'down' | 'fully-down'

export interface ServerConfig {
  readonly name: string
  readonly place: Place
  /** unique within its proxy, from 1 in the order of the text; `id` may set it */
  readonly puid: number
  /** a line about traffic refers to it: it cannot be removed while the process runs */
  readonly nonPurgeable: boolean
  /** `id` set it */
  readonly forcedId: boolean
  readonly address: Address
  /** the host name, where one was written instead of an address */
  readonly hostname: string | undefined
  /** the name of SRV records, where one was written, which begins with `_` */
  readonly srvRecord: string | undefined
  /** the name was resolved; otherwise the address is the family's `0.0.0.0` or `::` */
  readonly resolved: boolean
  readonly resolution: ServerResolution
  /** the port is that of the client's connection plus this; undefined: it is the address's */
  readonly portOffset: number | undefined
  /** takes datagrams (a log server) */
  readonly datagram: boolean
  readonly weight: number
  readonly backup: boolean
  readonly disabled: boolean
  readonly maxconn: number
  readonly minconn: number
  readonly maxqueue: number
  readonly cookie: string | undefined
  readonly slowstart: Micros
  readonly track: string | undefined
  readonly initState: InitState
  readonly check: CheckConfig
  readonly agent: AgentConfig
  readonly observe: 'none' | 'layer4' | 'layer7'
  /** so many errors in a row, seen in traffic, make {@link onError} happen */
  readonly errorLimit: number
  readonly onError: 'fastinter' | 'fail-check' | 'sudden-death' | 'mark-down'
  /** what becomes of sessions when it goes down, and of those of backup servers when it comes back */
  readonly onMarkedDown: 'shutdown-sessions' | undefined
  readonly onMarkedUp: 'shutdown-backup-sessions' | undefined
  /** it is spoken to in TLS */
  readonly ssl: boolean
  /** `no-ssl` was the last word about that */
  readonly noSsl: boolean
  /** `default-server` says `ssl` for it: TLS can be switched on while it runs */
  readonly sslByDefault: boolean
  readonly tls: ServerTls
  /** the version of the PROXY protocol that is sent to it */
  readonly sendProxy: 1 | 2 | undefined
  /** the SOCKS4 proxy through which it is reached */
  readonly socks4: Address | undefined
}

/** How TLS is spoken to a server, where it is. */
export interface ServerTls {
  readonly client: TlsClient
  /** `verify`; undefined: as `ssl-server-verify` says */
  readonly verify: 'none' | 'required' | undefined
  /** `no-tlsv12` and the like */
  readonly excluded: ReadonlySet<TlsVersion>
  /** `ssl-min-ver` and the like were given: {@link excluded} counts for nothing then */
  readonly hasVersionRange: boolean
  /** the expression of `sni` */
  readonly sni: string | undefined
  /** what checks ask for and offer */
  readonly checkSni: string | undefined
  readonly checkAlpn: readonly string[] | undefined
}

export interface CheckConfig {
  readonly enabled: boolean
  readonly inter: Micros
  /** 0: `inter` */
  readonly fastinter: Micros
  /** 0: `inter` */
  readonly downinter: Micros
  readonly rise: number
  readonly fall: number
  /** undefined: the server's own */
  readonly port: number | undefined
  readonly addr: Address | undefined
  /** undefined: as the server is, where neither port nor address are the check's own */
  readonly ssl: boolean | undefined
  readonly sendProxy: boolean
  readonly viaSocks4: boolean
}

export interface AgentConfig {
  readonly enabled: boolean
  /** 0: as the health check's */
  readonly inter: Micros
  /** undefined: as the health check's, else the server's */
  readonly port: number | undefined
  readonly addr: Address | undefined
  /** byte string */
  readonly send: string | undefined
}
