/** What runs an action of a rule (`enum act_return`, include/haproxy/action-t.h). */
import type { LuaFilter } from '../../config/model/filters.js'
import type { Action, Rule } from '../../config/model/rules.js'
import type { LuaAction } from '../../config/rules/actions/lua.js'
import type { Filter } from '../filters/filter.js'
import type { Proxy } from '../proxy/proxy.js'
import type { SampleContext, SampleScripts } from '../samples/context.js'
import type { StreamContext } from '../streams/context.js'
import type { Session } from '../streams/session.js'
import type { Applet, Stream } from '../streams/stream.js'

/**
 * - `continue`: the next rule
 * - `stop`: no further rules of this list
 * - `done`: the message needs no further analysis
 * - `yield`: the action is called again, later
 * - `deny`: the message is refused with the reply that is set
 * - `abort`: the reply has been sent
 * - `error`: an internal error
 * - `invalid`: the message is invalid
 */
export type Outcome = 'continue' | 'stop' | 'done' | 'yield' | 'deny' | 'abort' | 'error' | 'invalid'

/** What an action is run for. */
export interface ActionScope {
  readonly rule: Rule
  readonly context: StreamContext
  /** the proxy whose rule it is */
  readonly proxy: Proxy
  readonly session: Session
  /** undefined in `tcp-request connection` and `session` */
  readonly stream: Stream | undefined
  /** the rule is one of `tcp-request connection` */
  readonly isConnectionRule: boolean
  /** what expressions of the action are evaluated for */
  readonly samples: SampleContext
  readonly isResponse: boolean
  /** it may not yield */
  readonly isFinal: boolean
  /** it is not called again after it has yielded */
  readonly isFirst: boolean
}

/** What scripts have registered for streams: actions, services, filters, fetches and converters. */
export interface StreamScripts extends SampleScripts {
  /** Makes the filter of a stream; undefined if it does not take part in it, `refused` if the stream is to be refused. */
  attachFilter(config: LuaFilter, stream: Stream): Filter | 'refused' | undefined
  /** Runs an action, or resumes it where it has yielded. */
  runAction(action: LuaAction, scope: ActionScope): Outcome
  /** The service of that name, without `lua.`. */
  service(name: string): Applet | undefined
}

export type RunAction = (action: Action, scope: ActionScope) => Outcome

/** The actions that are emulated, by their kind. */
export type ActionRegistry = ReadonlyMap<string, RunAction>
