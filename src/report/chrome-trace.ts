/**
 * Converts a timeline to the Chrome trace event format ("Trace Event Format", JSON object form), which Perfetto and speedscope open.
 * HAProxy's threads are threads of their process, with each step as a slice; all other lanes are threads of a process named "world" or of
 * a separate process. Times are in microseconds, as in the timeline.
 */
import type { Item, Lane, LaneKind, Timeline } from './timeline.js'

/** An event; only the fields of its phase are present. */
export interface TraceEvent {
  readonly ph: 'M' | 'X' | 'i' | 's' | 'f'
  readonly name: string
  readonly cat?: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  /** scope of an instant event: its thread */
  readonly s?: 't'
  readonly id?: number
  /** binding point of a flow end: the enclosing slice */
  readonly bp?: 'e'
  readonly args?: Readonly<Record<string, unknown>>
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ms'
  readonly otherData: Readonly<Record<string, string>>
  readonly traceEvents: readonly TraceEvent[]
}

/** Steps take no virtual time, but empty slices are invisible: items of one instant share a microsecond. */
const INSTANT_LENGTH = 1

/** Converts a timeline. */
export const chromeTrace = (timeline: Timeline): ChromeTrace => {
  const places = assignThreads(timeline.lanes)
  const times = new InstantSpread(timeline.items)
  const events: TraceEvent[] = [...places.names]
  timeline.items.forEach((item, index) => {
    const place = places.of[item.also ?? item.lane]!
    const lane = timeline.lanes[item.lane]!
    const { ts, dur } = times.of(index)
    const args = item.more === undefined ? {} : { detail: item.more }
    const common = { name: eventName(item, lane), cat: item.kind, ...place, ts, args }
    if (item.kind === 'step') {
      events.push({ ph: 'X', ...common, dur })
      events.push({ ph: 'X', ...common, ...places.of[item.lane]!, dur })
    } else if (item.end !== undefined || item.kind === 'connection')
      events.push({ ph: 'X', ...common, dur: Math.max(dur, (item.end ?? timeline.end) - ts) })
    // flows need slices at both ends, so their targets are short slices
    else if (hasFlow(item)) events.push({ ph: 'X', ...common, dur })
    else events.push({ ph: 'i', ...common, s: 't' })
    if (hasFlow(item)) {
      const step = timeline.items[item.step!]!
      const flow = { name: item.kind, cat: 'flow', id: index }
      events.push({ ph: 's', ...flow, ...places.of[step.lane]!, ts: times.of(item.step!).ts })
      events.push({ ph: 'f', ...flow, ...place, ts, bp: 'e' })
    }
  })
  return {
    displayTimeUnit: 'ms',
    otherData: {
      clock: 'virtual',
      ...(timeline.omitted > 0 && { omitted: `${timeline.omitted} more items are not in this trace` }),
    },
    traceEvents: events,
  }
}

const hasFlow = ({ step, kind }: Item): boolean => step !== undefined && (kind === 'connection' || kind === 'mail')

const eventName = (item: Item, lane: Lane): string =>
  item.kind === 'connection'
    ? `${lane.name} (${item.text})`
    : item.kind === 'held'
      ? `${lane.name}: ${item.text}`
      : item.text

/** Spreads the items of an instant to show their order. */
class InstantSpread {
  readonly #shares: { readonly ts: number; readonly dur: number }[] = []

  constructor(items: readonly Item[]) {
    const ordered = items.map((_, index) => index).sort((a, b) => items[a]!.order - items[b]!.order)
    for (let from = 0; from < ordered.length;) {
      const { at } = items[ordered[from]!]!
      let to = from
      while (to < ordered.length && items[ordered[to]!]!.at === at) to++
      const share = INSTANT_LENGTH / (to - from)
      for (let i = from; i < to; i++) this.#shares[ordered[i]!] = { ts: at + (i - from) * share, dur: share }
      from = to
    }
  }

  of(index: number): { readonly ts: number; readonly dur: number } {
    return this.#shares[index]!
  }
}

/**
 * Assigns a process and thread id to each lane, with metadata events for their names. Some viewers sort threads by number, so HAProxy's
 * come first.
 */
const assignThreads = (lanes: readonly Lane[]) => {
  const processes = new Map<string, number>()
  const names: TraceEvent[] = []
  const of: { readonly pid: number; readonly tid: number }[] = []
  const ordered = lanes.map((_, index) => index).sort((a, b) => ORDER[lanes[a]!.kind] - ORDER[lanes[b]!.kind])
  ordered.forEach((index, place) => {
    const { process: own, kind, name } = lanes[index]!
    const process = own !== '' ? own : kind === 'connection' ? 'connections' : 'world'
    let pid = processes.get(process)
    if (pid === undefined) {
      processes.set(process, (pid = processes.size + 1))
      names.push({ ph: 'M', name: 'process_name', pid, tid: 0, ts: 0, args: { name: process } })
    }
    const tid = place + 1
    of[index] = { pid, tid }
    names.push({ ph: 'M', name: 'thread_name', pid, tid, ts: 0, args: { name } })
    names.push({ ph: 'M', name: 'thread_sort_index', pid, tid, ts: 0, args: { sort_index: tid } })
  })
  return { names, of }
}

const ORDER: Readonly<Record<LaneKind, number>> = {
  thread: 0,
  task: 1,
  event: 2,
  log: 3,
  world: 4,
  client: 5,
  mailbox: 6,
  server: 7,
  connection: 8,
}
