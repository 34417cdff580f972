/** Sections `fcgi-app` in the model of a configuration (`struct fcgi_app` in include/haproxy/fcgi-app-t.h). */
import type { Regex } from '../../regex/index.js'
import type { Condition } from './acl.js'
import type { LogTarget } from './log.js'

/** A rule about the parameters of requests, or about header fields that become parameters. Names are lower-case byte strings. */
export type FcgiRuleConfig =
  /** the value is a log-format, which is parsed for each proxy */
  | {
      readonly kind: 'set-param'
      readonly name: string
      readonly value: string
      readonly condition: Condition | undefined
    }
  | { readonly kind: 'pass-header' | 'hide-header'; readonly name: string; readonly condition: Condition | undefined }

/** A FastCGI application. */
export interface FcgiAppConfig {
  readonly name: string
  readonly docroot: string
  /** the file that stands for a directory */
  readonly index: string | undefined
  /** splits paths into script name and path info */
  readonly pathInfo: Regex | undefined
  /** connections are kept after a request */
  readonly keepConnections: boolean
  /** variables of the application are asked for */
  readonly getValues: boolean
  /** several requests share a connection, up to {@link maxRequests} */
  readonly multiplexes: boolean
  readonly maxRequests: number
  /** `log-stderr` */
  readonly logs: readonly LogTarget[]
  /** in the order of evaluation, those that all applications have first */
  readonly rules: readonly FcgiRuleConfig[]
}
