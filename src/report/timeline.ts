/**
 * A timeline: the items of a run as plain data, for pages and trace viewers. Items are on lanes (tasks, threads, connections, mail servers
 * …), have a virtual time, and are ordered even within one instant.
 */
import type { Micros } from '../engine/index.js'
import type { Simulation } from '../sim/index.js'

/**
 * - `world`: planned actions and runtime API commands
 * - `client`: requests of clients, when they have ended
 * - `task`, `thread`: of a process; each step is on both
 * - `event`, `log`: events, log lines, messages and standard output of a process
 * - `connection`: connections to one address, on several lanes if concurrent
 * - `mailbox`, `server`: mail servers, and all other servers
 */
export const LANE_KINDS = [
  'world',
  'client',
  'task',
  'event',
  'mailbox',
  'log',
  'connection',
  'server',
  'thread',
] as const
export type LaneKind = (typeof LANE_KINDS)[number]

export interface Lane {
  readonly kind: LaneKind
  readonly name: string
  /** the process it belongs to; empty for lanes of the world */
  readonly process: string
}

/** `held`: a task was runnable but delayed by the strategy. The others are types of trace records. */
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

/** An item. It is a span if it has an `end`, else a point. */
export interface Item {
  readonly kind: ItemKind
  /** index into `lanes` */
  readonly lane: number
  /** a second lane: the thread of a step */
  readonly also?: number
  readonly at: Micros
  /** sequence number: items start and end in this order, even within one instant */
  readonly order: number
  readonly end?: Micros
  readonly endOrder?: number
  /** one line */
  readonly text: string
  /** more information, on several lines */
  readonly more?: string
  readonly level?: 'good' | 'warning' | 'bad'
  /** the step in which it happened: index into `items` */
  readonly step?: number
}

export interface Timeline {
  /** the end of the run */
  readonly end: Micros
  readonly lanes: readonly Lane[]
  readonly items: readonly Item[]
  /** number of items dropped because the timeline was full */
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
