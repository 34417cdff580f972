/** A frontend, backend or listen in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { CheckRule } from '../checks/rules.js'
import type { Place } from '../syntax/place.js'
import type { BindConfig } from './bind.js'
import type { LogTarget } from './log.js'
import type { MailersConfig } from './mailers.js'
import type { ServerConfig } from './server.js'

export type ProxyMode = 'tcp' | 'http' | 'log' | 'spop'

export interface ProxyConfig {
  readonly name: string
  readonly kind: 'frontend' | 'backend' | 'listen'
  readonly place: Place
  /** the number that HAProxy calls id or uuid; unique among proxies, from 1 in the order of the text, `id` may set it */
  readonly uuid: number
  /** `id` set it */
  readonly forcedId: boolean
  readonly mode: ProxyMode
  readonly disabled: boolean
  readonly maxconn: number | undefined
  readonly timeouts: ProxyTimeouts
  /** own targets, `log global` being expanded */
  readonly logs: readonly LogTarget[]
  readonly logTag: string | undefined
  readonly logHealthChecks: boolean
  readonly allbackups: boolean
  /** `option socket-stats`: listeners are counted one by one */
  readonly socketStats: boolean
  readonly description: string | undefined
  /** attempts to connect after a failed one */
  readonly retries: number
  readonly healthCheck: HealthCheckConfig
  /** an answer of 404 lets a server that is up stop in good order */
  readonly disableOn404: boolean
  /** HTTP checks tell the server its state */
  readonly sendState: boolean
  /** what `option external-check` runs */
  readonly externalCheck: { readonly command: string; readonly path: string | undefined } | undefined
  readonly emailAlert: EmailAlertConfig | undefined
  readonly balance: string
  /** `hash-type consistent`: servers of a hashing algorithm are placed on a ring, which takes new weights at run time */
  readonly consistentHash: boolean
  readonly binds: readonly BindConfig[]
  readonly servers: readonly ServerConfig[]
  readonly defaultBackend: string | undefined
  /** a rule of checks speaks TLS */
  readonly checkConnectsSsl: boolean
  /** the file that has the states in which its servers begin: a name, the one of `global`, or none */
  readonly stateFile: { readonly name: string } | 'global' | undefined
}

export interface ProxyTimeouts {
  readonly connect: Micros | undefined
  readonly client: Micros | undefined
  readonly server: Micros | undefined
  readonly check: Micros | undefined
  readonly queue: Micros | undefined
  readonly tunnel: Micros | undefined
  readonly httpRequest: Micros | undefined
  readonly httpKeepAlive: Micros | undefined
  readonly tarpit: Micros | undefined
  readonly clientHs: Micros | undefined
  readonly clientFin: Micros | undefined
  readonly serverFin: Micros | undefined
}

/** How the servers of a proxy are checked. Texts are byte strings. */
export type HealthCheckConfig =
  /** nothing is said: a connection is enough */
  | { readonly kind: 'connect' }
  | { readonly kind: 'tcp' | 'http'; readonly rules: readonly CheckRule[] }
  | { readonly kind: 'smtp'; readonly hello: string }
  | { readonly kind: 'mysql'; readonly user: string | undefined; readonly version: 'pre-41' | 'post-41' }
  | { readonly kind: 'pgsql'; readonly user: string }
  | { readonly kind: 'ssl-hello' | 'ldap' | 'redis' | 'spop' }
  /** by a command, see {@link ProxyConfig.externalCheck} */
  | { readonly kind: 'external' }

export interface EmailAlertConfig {
  /** the `mailers` section */
  readonly mailers: MailersConfig
  readonly from: string
  readonly to: string
  /** undefined: the name of the machine */
  readonly myhostname: string | undefined
  /** 0 … 7 (default: 1, alert) */
  readonly level: number
}
