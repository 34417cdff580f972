/**
 * A timeline in the Chrome trace event format ("Trace Event Format", the JSON object form), which Perfetto and speedscope
 * open. HAProxy's threads are threads of their process, with each step as a slice; all other lanes are threads of a process
 * called "world" or of their own process. Times are microseconds, as in the timeline.
 */
import type { Item, Lane, LaneKind, Timeline } from './timeline.js'

/** One event; only the fields that its phase has are there. */
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
  /** binding point of a flow's end: the slice around it */
  readonly bp?: 'e'
  readonly args?: Readonly<Record<string, unknown>>
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ms'
  readonly otherData: Readonly<Record<string, string>>
  readonly traceEvents: readonly TraceEvent[]
}

/** Steps take no virtual time, but a slice without a length cannot be seen: things of one instant share a microsecond. */
const LONGEST = 1

export const chromeTrace = (timeline: Timeline): ChromeTrace => {
  const places = placesOf(timeline.lanes)
  const times = new Times(timeline.items)
  const events: TraceEvent[] = [...places.names]
  timeline.items.forEach((item, index) => {
    const place = places.of[item.also ?? item.lane]!
    const lane = timeline.lanes[item.lane]!
    const { ts, dur } = times.of(index)
    const args = item.more === undefined ? {} : { detail: item.more }
    const common = { name: nameOf(item, lane), cat: item.kind, ...place, ts, args }
    if (item.kind === 'step') {
      events.push({ ph: 'X', ...common, dur })
      events.push({ ph: 'X', ...common, ...places.of[item.lane]!, dur })
    } else if (item.end !== undefined || item.kind === 'connection')
      events.push({ ph: 'X', ...common, dur: Math.max(dur, (item.end ?? timeline.end) - ts) })
    // A flow needs slices at both its ends: a point that one leads to is a short slice.
    else if (isReached(item)) events.push({ ph: 'X', ...common, dur })
    else events.push({ ph: 'i', ...common, s: 't' })
    if (isReached(item)) {
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
      ...(timeline.omitted > 0 && { omitted: `${timeline.omitted} more things happened that are not in this trace` }),
    },
    traceEvents: events,
  }
}

const isReached = ({ step, kind }: Item): boolean => step !== undefined && (kind === 'connection' || kind === 'mail')

const nameOf = (item: Item, lane: Lane): string =>
  item.kind === 'connection'
    ? `${lane.name} (${item.text})`
    : item.kind === 'held'
      ? `${lane.name}: ${item.text}`
      : item.text

/** Where things that happen at one instant are put, so that their order is seen. */
class Times {
  readonly #shares: { readonly ts: number; readonly dur: number }[] = []

  constructor(items: readonly Item[]) {
    const ordered = items.map((_, index) => index).sort((a, b) => items[a]!.order - items[b]!.order)
    for (let from = 0; from < ordered.length;) {
      const { at } = items[ordered[from]!]!
      let to = from
      while (to < ordered.length && items[ordered[to]!]!.at === at) to++
      const share = LONGEST / (to - from)
      for (let i = from; i < to; i++) this.#shares[ordered[i]!] = { ts: at + (i - from) * share, dur: share }
      from = to
    }
  }

  of(index: number): { readonly ts: number; readonly dur: number } {
    return this.#shares[index]!
  }
}

/**
 * A process and a thread, in the words of the format, for each lane; and what says their names. Viewers that know no order
 * show threads by number: HAProxy's come first.
 */
const placesOf = (lanes: readonly Lane[]) => {
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
  mailbox: 5,
  server: 6,
  connection: 7,
}
