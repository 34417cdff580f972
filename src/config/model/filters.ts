/** Filters of proxies in the model of a configuration (`struct flt_conf`, include/haproxy/filters-t.h). */
import type { Micros } from '../../engine/clock.js'
import type { SampleExpression } from '../samples/expression.js'
import type { LogFormat } from '../samples/log-format.js'
import type { Condition } from './acl.js'
import type { SpoeAgentConfig } from './spoe.js'

/** A filter in the order of declaration. */
export type FilterConfig =
  BandwidthFilter | TraceFilter | CacheFilter | CompressionFilter | FcgiFilter | SpoeFilter | LuaFilter | OtherFilter

/** `bwlim-in`, `bwlim-out`: the limit of each stream, or of all streams with the same entry of a stick table. */
export interface BandwidthFilter {
  readonly kind: 'bwlim-in' | 'bwlim-out'
  readonly name: string
  /** bytes in a period */
  readonly limit: number
  /** of a limit for each stream */
  readonly period: Micros
  /** bytes that are forwarded at least */
  readonly minSize: number
  readonly shared: { readonly key: SampleExpression; readonly table: string | undefined } | undefined
}

/** `trace`: prints what filters are called for. */
export interface TraceFilter {
  readonly kind: 'trace'
  readonly name: string
  readonly quiet: boolean
  readonly randomForwarding: boolean
  readonly hexdump: boolean
}

export interface CacheFilter {
  readonly kind: 'cache'
  readonly cache: string
  /** made by a rule, not by a line of `filter` */
  readonly implicit: boolean
}

export interface CompressionFilter {
  readonly kind: 'compression'
}

export interface FcgiFilter {
  readonly kind: 'fcgi-app'
  readonly app: string
  /** made by `use-fcgi-app`, not by a line of `filter` */
  readonly implicit: boolean
  /** parameters of all requests, filled when the configuration is checked */
  readonly parameters: { readonly name: string; readonly value: LogFormat; readonly condition: Condition | undefined }[]
}

export interface SpoeFilter {
  readonly kind: 'spoe'
  /** by default the name of the agent; undefined: its file was not read */
  readonly engine: string | undefined
  readonly file: string
  /** undefined: its file was not read */
  readonly agent: SpoeAgentConfig | undefined
}

/** `lua.NAME` with its arguments. */
export interface LuaFilter {
  readonly kind: 'lua'
  /** without `lua.` */
  readonly name: string
  readonly args: readonly string[]
}

/** A filter that hapsim does not emulate. */
export interface OtherFilter {
  readonly kind: 'opentracing'
}

/** `compression …`. Texts are byte strings. */
export interface CompressionConfig {
  readonly responseAlgorithms: readonly string[]
  readonly requestAlgorithm: string | undefined
  readonly responseTypes: readonly string[]
  readonly requestTypes: readonly string[]
  readonly responses: boolean
  readonly requests: boolean
  readonly offload: boolean
  readonly requestMinSize: number
  readonly responseMinSize: number
}
