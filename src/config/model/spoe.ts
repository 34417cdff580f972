/** Engines of `filter spoe` in the model of a configuration (include/haproxy/spoe-t.h; doc/SPOE.txt). */
import type { Micros } from '../../engine/clock.js'
import type { SampleExpression } from '../samples/expression.js'
import type { Place } from '../syntax/place.js'
import type { Condition } from './acl.js'
import type { LogTarget } from './log.js'

/** When the messages of an event are sent. */
export type SpoeEvent =
  | 'on-client-session'
  | 'on-server-session'
  | 'on-frontend-tcp-request'
  | 'on-backend-tcp-request'
  | 'on-tcp-response'
  | 'on-frontend-http-request'
  | 'on-backend-http-request'
  | 'on-http-response'

/** `spoe-message`. */
export interface SpoeMessageConfig {
  readonly name: string
  readonly place: Place
  /** a name is '' if not given */
  readonly args: readonly { readonly name: string; readonly expression: SampleExpression }[]
  /** undefined: it is sent in groups only */
  readonly event: SpoeEvent | undefined
  /** whether it is sent at its event, or with its group */
  readonly condition: Condition | undefined
}

/** `spoe-group`: messages that the action `send-spoe-group` sends. */
export interface SpoeGroupConfig {
  readonly name: string
  readonly place: Place
  readonly messages: readonly SpoeMessageConfig[]
}

/** `spoe-agent`. */
export interface SpoeAgentConfig {
  readonly name: string
  readonly place: Place
  /** `use-backend` */
  readonly backend: string
  /** messages by event, in the order of `messages` */
  readonly events: ReadonlyMap<SpoeEvent, readonly SpoeMessageConfig[]>
  readonly groups: readonly SpoeGroupConfig[]
  readonly logs: readonly LogTarget[]
  /** `option dontlog-normal`: only errors are logged */
  readonly logsErrorsOnly: boolean
  /** bytes */
  readonly maxFrameSize: number
  /** `timeout processing`: time for an event or a group; undefined: not limited */
  readonly processingTimeout: Micros | undefined
  /** several frames are sent before the first is acknowledged */
  readonly pipelining: boolean
  /** events are processed after an error, too */
  readonly continueOnError: boolean
  /** agents can set variables that the configuration does not name */
  readonly forceSetVar: boolean
  /** prefix of the names of variables that agents set */
  readonly variablePrefix: string
  /** names of variables without the prefix: an error code, and times in milliseconds of the last event and of all of them */
  readonly errorVariable: string | undefined
  readonly processTimeVariable: string | undefined
  readonly totalTimeVariable: string | undefined
}
