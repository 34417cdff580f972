/** The statistics page of a proxy (`struct uri_auth`, include/haproxy/uri_auth-t.h). */
import type { Micros } from '../../engine/clock.js'
import type { Condition } from './acl.js'
import type { Rule } from './rules.js'

export interface StatsPageConfig {
  readonly uri: string
  readonly realm: string | undefined
  /** 0: the page is not reloaded */
  readonly refresh: Micros
  /** `user:password` */
  readonly accounts: readonly string[]
  /** names of proxies that are shown, `.` for the one with the page; empty: all */
  readonly scope: readonly string[]
  readonly hideVersion: boolean
  readonly showLegends: boolean
  readonly showModules: boolean
  /** '' for the node of `global`; undefined: not shown */
  readonly node: string | undefined
  readonly description: string | undefined
  /** when commands are allowed */
  readonly admin: readonly Condition[]
  readonly rules: readonly Rule[]
}
