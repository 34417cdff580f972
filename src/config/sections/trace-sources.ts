/** Trace sources while a section `traces` is parsed, and what HAProxy lists of them (`struct trace_source`, include/haproxy/trace-t.h). */
import { KNOWN_TRACES } from '../known/traces.js'
import { SectionKey } from '../section-drafts.js'

/** A name with its description. */
export interface Described {
  readonly name: string
  readonly text: string
}

/** Lists of events: those that are reported, and those that start, stop and pause a trace. */
export type EventList = 'event' | 'start' | 'stop' | 'pause'

export class TraceSource implements Described {
  readonly events: Described[] = []
  readonly locks: Described[] = []
  readonly verbosities: Described[] = []
  state: 'stopped' | 'waiting' | 'running' = 'stopped'
  /** the events of each list; all are reported by default */
  readonly lists: Record<EventList, ReadonlySet<string> | 'any'> = {
    event: 'any',
    start: new Set(),
    stop: new Set(),
    pause: new Set(),
  }
  level = 'user'
  lock = 'nothing'
  verbosity = ''
  sink = 'none'
  /** the source whose locked pointer it follows */
  follows: TraceSource | undefined

  constructor(
    readonly name: string,
    readonly text: string,
  ) {}
}

/** All sources of a configuration, and the sinks. */
export class TraceSources {
  readonly name = 'traces'
  readonly all: TraceSource[] = []
  readonly sinks: Described[] = []

  constructor() {
    for (const row of KNOWN_TRACES.trim().split('\n')) {
      const [kind, name, text] = row.split('|') as [string, string, string]
      const source = this.all.at(-1)!
      if (kind === 'source') this.all.push(new TraceSource(name, text))
      else if (kind === 'sink') this.sinks.push({ name, text })
      else source[kind === 'event' ? 'events' : kind === 'lock' ? 'locks' : 'verbosities'].push({ name, text })
    }
    for (const source of this.all) source.verbosity = source.verbosities[0]!.name
  }

  find(name: string): TraceSource | undefined {
    return this.all.find((each) => each.name === name)
  }
}

/** The trace sources of a configuration. */
export const TRACE_SOURCES = new SectionKey<TraceSources>('traces')

const STATES = { stopped: '.', waiting: 'w', running: 'R' } as const

const row = (mark: string, { name, text }: Described, width = 10): string =>
  `  ${mark} ${name.padEnd(width)} : ${text}\n`

/** The sources with their states. */
export const sourceList = (sources: readonly TraceSource[]): string =>
  sources.map(({ state, name, text }) => ` [${STATES[state]}] ${name.padEnd(10)} : ${text}\n`).join('')

/** The events of a list. */
export const eventList = (source: TraceSource, list: EventList): string => {
  const enabled = source.lists[list]
  const isEnabled = (name: string): boolean => enabled === 'any' || enabled.has(name)
  return (
    `Supported events for source ${source.name} (+=enabled, -=disabled):\n` +
    (list === 'event' ? '' : "  - now          : don't wait for events, immediately change the state\n") +
    '  - none         : disable all event types\n  - any          : enable all event types\n' +
    source.events.map((event) => row(isEnabled(event.name) ? '+' : '-', event, 12)).join('')
  )
}

/** Names of which one is in use. */
export const choiceList = (choices: readonly Described[], current: string | undefined): string =>
  choices.map((each) => row(each.name === current ? '*' : ' ', each)).join('')

/** Levels, from few to many reports. */
export const LEVELS: readonly Described[] = [
  { name: 'error', text: 'report errors' },
  { name: 'user', text: 'also information useful to the end user' },
  { name: 'proto', text: 'also protocol-level updates' },
  { name: 'state', text: 'also report internal state changes' },
  { name: 'data', text: 'also report data transfers' },
  { name: 'developer', text: 'also report information useful only to the developer' },
]
