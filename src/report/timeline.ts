/**
 * A timeline: what happened in a run as plain data, for pages and trace viewers. Things happen on lanes (tasks, threads,
 * connections, mail servers …), at a virtual time, and in an order, which is what tells things of one instant apart.
 */
import type { Micros } from '../engine/index.js'
import type { Simulation } from '../sim/index.js'

/**
 * - `world`: planned actions and commands given to the runtime API
 * - `task`, `thread`: of a process; every step is on both
 * - `event`, `log`: what a process publishes, and what it says to logs, operators and on its standard output
 * - `connection`: those to one address, side by side when there are several at a time
 * - `mailbox`, `server`: the servers in the world; mail servers, and all others
 */
export const LANE_KINDS = ['world', 'task', 'event', 'mailbox', 'log', 'connection', 'server', 'thread'] as const
export type LaneKind = (typeof LANE_KINDS)[number]

export interface Lane {
  readonly kind: LaneKind
  readonly name: string
  /** whose lane it is; empty for those of the world */
  readonly process: string
}

/** `held`: a task was runnable, and a strategy let others go before it. All other kinds are those of the trace's records. */
export type ItemKind =
  | 'step'
  | 'held'
  | 'event'
  | 'log'
  | 'message'
  | 'print'
  | 'mail'
  | 'request'
  | 'server'
  | 'action'
  | 'cli'
  | 'connection'

/** Something that happened. It is a span when it has an `end`, a point otherwise. */
export interface Item {
  readonly kind: ItemKind
  /** place in `lanes` */
  readonly lane: number
  /** another lane that it is on: the thread of a step */
  readonly also?: number
  readonly at: Micros
  /** counts all that happens: items begin and end in this order, also within one instant */
  readonly order: number
  readonly end?: Micros
  readonly endOrder?: number
  /** one line */
  readonly text: string
  /** what else there is to say, in lines */
  readonly more?: string
  readonly level?: 'good' | 'warning' | 'bad'
  /** the step in which it happened: place in `items` */
  readonly step?: number
}

export interface Timeline {
  /** when the run ended */
  readonly end: Micros
  readonly lanes: readonly Lane[]
  readonly items: readonly Item[]
  /** how much happened after the timeline was full, and is not in it */
  readonly omitted: number
}

/** An item while the timeline is recorded. */
export type MutableItem = { -readonly [Key in keyof Item]: Item[Key] }

/** An item to be added: it happens now and comes last, unless it says otherwise. */
export type NewItem = Omit<MutableItem, 'at' | 'order'> & { at?: Micros; order?: number }

/** A timeline that is being recorded. */
export interface TimelineWriter {
  readonly simulation: Simulation
  /** The index of the lane of that kind and name, which is created if needed. */
  lane(kind: LaneKind, name: string, process?: string): number
  /** The index of the lane of a simulated server; with its first mail it becomes a mailbox. */
  serverLane(name: string, kind: 'server' | 'mailbox'): number
  /** Adds an item and returns it; undefined if the timeline is full. */
  add(item: NewItem): MutableItem | undefined
  /** Removes an item if it is the last one. */
  dropLast(item: Item): void
  /** Returns the next value of {@link Item.order}. */
  nextOrder(): number
}
