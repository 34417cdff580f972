/** A server in the model of a configuration, including settings from `default-server`. */
import type { Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import type { Ip } from '../../net/ip.js'
import type { TlsClient, TlsVersion } from '../../net/tls.js'
import type { LogFormat } from '../samples/log-format.js'
import type { Place } from '../syntax/place.js'
import type { SourceConfig } from './source.js'

/** A method of `init-addr`. */
export type InitAddress = 'last' | 'libc' | 'none' | Ip

/** Name resolution settings. */
export interface ServerResolution {
  /** name of the `resolvers` section */
  readonly resolvers: string | undefined
  readonly prefer: 'ipv4' | 'ipv6'
  readonly allowDuplicates: boolean
  readonly ignoreWeight: boolean
  /** as written */
  readonly networks: readonly string[]
  /** methods in order; empty: HAProxy's defaults */
  readonly initAddresses: readonly InitAddress[]
}

/** Values of `init-state`. */
export type InitState = 'none' | 'up' | 'fully-up' | 'down' | 'fully-down'

/** How many connections to a server are kept for further requests. */
export interface PoolConfig {
  /** `pool-max-conn`: the maximum number of idle connections; -1: unlimited */
  readonly max: number
  /** `pool-low-conn`: how many idle connections are kept beyond what is needed */
  readonly low: number
  /** `pool-purge-delay`: how often superfluous ones are closed; 0: no connection is kept */
  readonly purgeDelay: Micros
}

/** A server. */
export interface ServerConfig {
  readonly name: string
  readonly place: Place
  /** unique within its proxy: counted from 1 in the order of the text unless set by `id` */
  readonly puid: number
  /** referenced by a rule, so that it cannot be removed at run time (SRV_F_NON_PURGEABLE) */
  readonly nonPurgeable: boolean
  /** set by `id` */
  readonly forcedId: boolean
  readonly address: Address
  /** the host name, if configured instead of an address */
  readonly hostname: string | undefined
  /** the name of an SRV record (starts with `_`), if configured */
  readonly srvRecord: string | undefined
  /** the name was resolved; otherwise the address is the family's `0.0.0.0` or `::` */
  readonly resolved: boolean
  readonly resolution: ServerResolution
  /** offset to the destination port of the client connection; undefined: the address's port is used */
  readonly portOffset: number | undefined
  /** uses datagrams (log server) */
  readonly datagram: boolean
  readonly weight: number
  readonly backup: boolean
  readonly disabled: boolean
  readonly maxconn: number
  readonly minconn: number
  readonly maxqueue: number
  readonly pool: PoolConfig
  /** the expression of `pool-conn-name`: connections for which it has another value are not used again; undefined: that of `sni` */
  readonly poolConnName: string | undefined
  readonly cookie: string | undefined
  readonly slowstart: Micros
  readonly track: string | undefined
  readonly initState: InitState
  readonly check: CheckConfig
  readonly agent: AgentConfig
  readonly observe: 'none' | 'layer4' | 'layer7'
  /** number of consecutive errors in traffic that trigger {@link onError} */
  readonly errorLimit: number
  readonly onError: 'fastinter' | 'fail-check' | 'sudden-death' | 'mark-down'
  /** actions when the server goes down or comes back up */
  readonly onMarkedDown: 'shutdown-sessions' | undefined
  readonly onMarkedUp: 'shutdown-backup-sessions' | undefined
  /** traffic uses TLS */
  readonly ssl: boolean
  /** disabled by `no-ssl` */
  readonly noSsl: boolean
  /** `ssl` in `default-server`: TLS can be enabled at run time */
  readonly sslByDefault: boolean
  readonly tls: ServerTls
  /** PROXY protocol version */
  readonly sendProxy: 1 | 2 | undefined
  /** what version 2 says besides addresses */
  readonly proxyOptions: ReadonlySet<ProxyOption>
  /** `set-proxy-v2-tlv-fmt`: values that version 2 has first, in this order */
  readonly proxyTlvs: readonly ProxyTlv[]
  /** where connections come from; undefined: as its proxy says */
  readonly source: SourceConfig | undefined
  /** `tcp-ut`: how long sent data may remain unacknowledged; undefined: the system's */
  readonly userTimeout: Micros | undefined
  /** address of the SOCKS4 proxy */
  readonly socks4: Address | undefined
}

/** A value of a header of the PROXY protocol. */
export interface ProxyTlv {
  readonly type: number
  /** the format as written */
  readonly text: string
  /** undefined: it is the server's of `default-server`, where formats are not parsed */
  readonly format?: LogFormat
}

/** A value of `proxy-v2-options`; those of certificates and ciphers include `ssl`. */
export type ProxyOption =
  'ssl' | 'cert-cn' | 'cert-key' | 'cert-sig' | 'ssl-cipher' | 'authority' | 'crc32c' | 'unique-id'

/** TLS settings. */
export interface ServerTls {
  readonly client: TlsClient
  /** `verify`; undefined: use `ssl-server-verify` */
  readonly verify: 'none' | 'required' | undefined
  /** versions excluded by `no-tlsv12` etc. */
  readonly excluded: ReadonlySet<TlsVersion>
  /** `ssl-min-ver` or `ssl-max-ver` is set, which overrides {@link excluded} */
  readonly hasVersionRange: boolean
  /** the expression of `sni` */
  readonly sni: string | undefined
  /** SNI and ALPN of checks */
  readonly checkSni: string | undefined
  readonly checkAlpn: readonly string[] | undefined
}

/** Health check settings. */
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
  /** undefined: like the server's traffic, unless the check has its own port or address */
  readonly ssl: boolean | undefined
  readonly sendProxy: boolean
  readonly viaSocks4: boolean
}

/** Agent check settings. */
export interface AgentConfig {
  readonly enabled: boolean
  /** 0: like the health check */
  readonly inter: Micros
  /** undefined: the health check's, else the server's */
  readonly port: number | undefined
  readonly addr: Address | undefined
  /** byte string */
  readonly send: string | undefined
}
