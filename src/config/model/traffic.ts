/** What the lines of a proxy say of traffic, in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { LogFormat } from '../samples/log-format.js'
import type { SampleExpression } from '../samples/expression.js'
import type { Place } from '../syntax/place.js'
import type { Condition } from './acl.js'
import type { FilterConfig } from './filters.js'
import type { Action, Rule, RuleSetName } from './rules.js'

/** `use_backend` and `use-server`. */
export interface TargetRule {
  readonly name: string
  /** the name, if it is known only when the rule is evaluated */
  format?: LogFormat | undefined
  readonly condition: Condition | undefined
  readonly place: Place
}

/** A line of `stick`. */
export interface StickRule {
  readonly expression: SampleExpression
  readonly stores: boolean
  readonly matches: boolean
  readonly table: string | undefined
  readonly condition: Condition | undefined
}

/** A slot for a part of logs: the value of a header field, or what a rule puts there. */
export interface CaptureSlot {
  /** a byte string */
  readonly name: string | undefined
  /** bytes that are kept */
  readonly length: number
}

export interface TrafficConfig {
  rules(ruleSet: RuleSetName): readonly Rule[]
  readonly redirects: readonly { readonly action: Action; readonly condition: Condition | undefined }[]
  readonly switching: readonly TargetRule[]
  readonly servers: readonly TargetRule[]
  /** evaluated on requests, and on responses */
  readonly sticking: readonly StickRule[]
  readonly storing: readonly StickRule[]
  /** `force-persist` and `ignore-persist` */
  readonly persistence: readonly { readonly force: boolean; readonly condition: Condition }[]
  /** `monitor fail` */
  readonly monitorFailures: readonly Condition[]
  /** in the order of declaration */
  readonly filters: readonly FilterConfig[]
  readonly requestCaptures: readonly CaptureSlot[]
  readonly responseCaptures: readonly CaptureSlot[]
  /** `capture cookie` */
  readonly cookieCapture: { readonly name: string; readonly length: number } | undefined
  /** `tcp-request inspect-delay` and `tcp-response inspect-delay` */
  readonly requestInspectDelay: Micros | undefined
  readonly responseInspectDelay: Micros | undefined
}
