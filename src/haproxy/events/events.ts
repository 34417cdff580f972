/**
 * The event publisher (src/event_hdl.c): lists of subscriptions, one for the whole process and one for each server with
 * subscribers. Publishing calls the subscribers at once, the latest subscription first, as HAProxy does with asynchronous
 * handlers; a subscriber that handles events later, as Lua does, has a queue.
 */
import type { Micros } from '../../engine/clock.js'
import type { TraceValue } from '../../engine/trace.js'

/** The events of the SERVER family (`EVENT_HDL_SUB_SERVER_…`). */
export const SERVER_EVENTS = [
  'SERVER_ADD',
  'SERVER_DEL',
  'SERVER_UP',
  'SERVER_DOWN',
  'SERVER_STATE',
  'SERVER_ADMIN',
  'SERVER_CHECK',
  'SERVER_INETADDR',
] as const
export type ServerEventName = (typeof SERVER_EVENTS)[number]

/** A snapshot of a check's result (`struct event_hdl_cb_data_server_checkres`). */
export interface CheckResultData {
  readonly agent: boolean
  /** UNKNOWN, NEUTRAL, FAILED, PASSED, CONDPASS */
  readonly result: string
  /** whole milliseconds; -1 if none was measured */
  readonly duration: number
  /** `code` is there for statuses of layers 5 to 7 that have data */
  readonly reason: { readonly short: string; readonly desc: string; readonly code: number | undefined }
  readonly health: { readonly cur: number; readonly rise: number; readonly fall: number }
}

export interface StateChangeData {
  /** whether an administrative change caused it */
  readonly admin: boolean
  /** set if a check caused it, unless its result was logged before */
  readonly check: CheckResultData | undefined
  /** the text of the cause; may be empty */
  readonly cause: string
  readonly oldState: string
  readonly newState: string
  readonly requeued: number
}

export interface AdminChangeData {
  readonly cause: string
  /** sets of flags, bits of `ServerAdmin` */
  readonly oldAdmin: number
  readonly newAdmin: number
  readonly requeued: number
}

/** The data of events of the SERVER family: that of all of them, and that of some. */
export interface ServerEvent {
  readonly name: ServerEventName
  /** calendar time, microseconds since 1970 */
  readonly when: Micros
  readonly server: {
    readonly name: string
    readonly puid: number
    readonly rid: number
    readonly proxyName: string
    readonly proxyUuid: number
  }
  readonly state?: StateChangeData
  readonly admin?: AdminChangeData
  readonly check?: CheckResultData
}

/** The fields of every event, regardless of its family. */
export interface PublishedEvent {
  readonly name: string
}

/** One subscriber. */
export interface Subscription {
  /** while true, it misses events */
  paused: boolean
  readonly active: boolean
  /** Ends it. Does nothing when it has ended already. */
  unsubscribe(): void
}

class Subscriber<E extends PublishedEvent> implements Subscription {
  paused = false
  active = true

  constructor(
    readonly list: SubscriptionList<E>,
    readonly events: ReadonlySet<string>,
    readonly handle: (event: E) => void,
    readonly ended: (() => void) | undefined,
  ) {}

  unsubscribe(): void {
    if (!this.active) return
    this.active = false
    this.list.remove(this)
    this.ended?.()
  }
}

export class SubscriptionList<E extends PublishedEvent = ServerEvent> {
  #subscribers: Subscriber<E>[] = []

  get size(): number {
    return this.#subscribers.length
  }

  /**
   * @param events names of events; those that are never published are accepted
   * @param ended called once when the subscription ends, by `unsubscribe` or with the object it belongs to
   */
  subscribe(events: Iterable<E['name']>, handle: (event: E) => void, ended?: () => void): Subscription {
    const subscriber = new Subscriber<E>(this, new Set<string>(events), handle, ended)
    this.#subscribers = [subscriber, ...this.#subscribers]
    return subscriber
  }

  publish(event: E): void {
    for (const subscriber of this.#subscribers)
      if (subscriber.active && !subscriber.paused && subscriber.events.has(event.name)) subscriber.handle(event)
  }

  /** How many subscribers an event of that name reaches now; those that are paused miss it. */
  audience(name: string): number {
    return this.#subscribers.filter((each) => each.active && !each.paused && each.events.has(name)).length
  }

  /** Ends every subscription. */
  clear(): void {
    for (const subscriber of [...this.#subscribers]) subscriber.unsubscribe()
  }

  /** @internal */
  remove(subscriber: Subscription): void {
    this.#subscribers = this.#subscribers.filter((each) => each !== subscriber)
  }
}

/** What the trace keeps of an event. */
export type EventRecord = {
  readonly type: 'event'
  readonly at: Micros
  readonly process: string
  readonly name: ServerEventName
  readonly proxy: string
  readonly server: string
  readonly data: TraceValue
}
