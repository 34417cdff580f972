/** Records the timeline of a simulation: steps and delays of tasks from its scheduler, everything else from its trace. */
import { STALL, Wake, type Micros, type Task } from '../engine/index.js'
import type { Simulation } from '../sim/index.js'
import { formatLength } from './length.js'
import { RecordLanes } from './timeline-records.js'
import type { Item, Lane, LaneKind, MutableItem, NewItem, Timeline, TimelineWriter } from './timeline.js'

/** Options of {@link collectTimeline}. */
export interface TimelineOptions {
  /** maximum number of items; later ones are dropped (default: 50,000) */
  readonly limit?: number
}

const DEFAULT_LIMIT = 50_000
const MAX_LINE = 400
const MAX_MORE = 8_000

/**
 * Records the items of a simulation from now on. Call it before anything runs; the timeline grows during the run and can be
 * used at any time.
 */
export const collectTimeline = (simulation: Simulation, options: TimelineOptions = {}): Timeline =>
  new TimelineRecorder(simulation, options.limit ?? DEFAULT_LIMIT)

/** A delayed task. */
interface DelayedTask {
  readonly at: Micros
  readonly order: number
  readonly past: Set<string>
}

const MAX_NAMES = 6

class TimelineRecorder implements Timeline, TimelineWriter {
  readonly lanes: Lane[] = []
  readonly items: MutableItem[] = []
  omitted = 0
  readonly #lanesByKey = new Map<string, number>()
  readonly #taskLanes = new Map<Task, number>()
  /** the task using a lane: consecutive tasks of one name share a lane */
  readonly #occupants = new Map<number, Task>()
  readonly #delayed = new Map<Task, DelayedTask>()
  #order = 0
  #step: number | undefined

  constructor(
    readonly simulation: Simulation,
    readonly limit: number,
  ) {
    const { scheduler, trace } = simulation
    const { onStep, onChoice } = scheduler
    const records = new RecordLanes(this)
    scheduler.onStep = (task, thread) => {
      onStep?.(task, thread)
      this.#addStep(task, thread)
    }
    scheduler.onChoice = (ready, chosen) => {
      onChoice?.(ready, chosen)
      const passedOver = chosen === STALL ? ready.size : chosen === ready.first() ? 0 : Infinity
      for (let i = 0; i < passedOver && i < ready.size; i++) {
        const task = ready.at(i)
        if (task === chosen) break
        this.#startDelay(task, chosen === STALL)
      }
    }
    trace.listen((record) => records.observe(record))
  }

  get end(): Micros {
    return this.simulation.clock.now
  }

  toJSON(): Timeline {
    const { end, lanes, items, omitted } = this
    return { end, lanes, items, omitted }
  }

  lane(kind: LaneKind, name: string, process = ''): number {
    const key = `${kind}\n${process}\n${name}`
    let lane = this.#lanesByKey.get(key)
    if (lane === undefined) {
      lane = this.lanes.push({ kind, name, process }) - 1
      this.#lanesByKey.set(key, lane)
    }
    return lane
  }

  serverLane(name: string, kind: 'server' | 'mailbox'): number {
    const key = `server\n\n${name}`
    const lane = this.#lanesByKey.get(key) ?? this.lane('server', name)
    if (kind === 'mailbox') this.lanes[lane] = { ...this.lanes[lane]!, kind }
    return lane
  }

  add(item: NewItem): MutableItem | undefined {
    const order = item.order ?? this.nextOrder()
    if (this.items.length >= this.limit) {
      this.omitted++
      return undefined
    }
    const whole: MutableItem = { at: this.end, ...item, order, text: truncate(oneLine(item.text), MAX_LINE) }
    if (whole.more !== undefined) whole.more = truncate(whole.more, MAX_MORE)
    const running = this.simulation.scheduler.current !== undefined
    if (whole.kind !== 'step' && whole.kind !== 'held' && running && this.#step !== undefined) whole.step = this.#step
    this.items.push(whole)
    return whole
  }

  dropLast(item: Item): void {
    if (this.items.at(-1) === item) this.items.pop()
  }

  nextOrder(): number {
    return this.#order++
  }

  #addStep(task: Task, thread: number): void {
    const process = task.group.name
    const lane = this.#taskLane(task)
    const waiting = this.#delayed.get(task)
    this.#delayed.delete(task)
    for (const { past } of this.#delayed.values()) if (past.size <= MAX_NAMES) past.add(task.name)
    const order = this.nextOrder()
    if (waiting) this.#addDelay(lane, task, waiting, order)
    const item = this.add({
      kind: 'step',
      lane,
      also: this.lane('thread', `thread ${thread}`, process),
      order,
      text: task.name,
      more: `woken by ${wakeReasons(task.reasons)}`,
    })
    this.#step = item && this.items.length - 1
  }

  /** A task starts waiting when it is passed over: at the position of the task that runs instead, or after the time that passes. */
  #startDelay(task: Task, stalls: boolean): void {
    if (this.#delayed.has(task)) return
    this.#delayed.set(task, { at: this.end, order: stalls ? this.nextOrder() : this.#order, past: new Set() })
  }

  #addDelay(lane: number, task: Task, { at, order, past }: DelayedTask, endOrder: number): void {
    const length = this.end - at
    const names = [...past].filter((name) => name !== task.name)
    const others = names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), '…'] : names
    const time = length === 0 ? '' : ` ${formatLength(length)}`
    const text = `delayed${time}${others.length === 0 ? '' : `, past ${others.join(', ')}`}`
    this.add({ kind: 'held', lane, at, order, end: this.end, endOrder, text, level: 'warning' })
  }

  #taskLane(task: Task): number {
    const known = this.#taskLanes.get(task)
    if (known !== undefined) return known
    for (let number = 1; ; number++) {
      const lane = this.lane('task', number === 1 ? task.name : `${task.name} #${number}`, task.group.name)
      const occupant = this.#occupants.get(lane)
      if (occupant !== undefined && !occupant.dead) continue
      if (occupant) this.#taskLanes.delete(occupant)
      this.#occupants.set(lane, task)
      this.#taskLanes.set(task, lane)
      return lane
    }
  }
}

const REASONS = Object.entries(Wake).map(([name, bit]) => [name.toLowerCase(), bit] as const)

const wakeReasons = (bits: number): string =>
  REASONS.filter(([, bit]) => bits & bit)
    .map(([name]) => name)
    .join(', ') || 'nothing'

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim()

const truncate = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more characters)`
