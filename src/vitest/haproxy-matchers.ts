/** Matchers of what a HAProxy process of a simulation said and did, and of its servers. */
import { MILLISECOND, type Micros } from '../engine/index.js'
import { FailureWatch } from '../explore/failure.js'
import type { EventRecord, LogRecord, MessageRecord, ServerEventName } from '../haproxy/index.js'
import { Haproxy, ServerView } from '../sim/index.js'
import { fitsFields, fitsText, listing, verdict, type TextPattern, type Verdict } from './pattern.js'

/** what an event should be about: its server, as `backend/server`, or fields of what it tells */
export interface EventPattern {
  readonly server?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** The types of the matchers, as `expect(haproxy)` and `expect(haproxy.server(…))` have them. */
export interface HaproxyMatchers {
  /** A log line has or matches `text`; at `level` where one is given. */
  toHaveLogged(text: TextPattern, level?: LogRecord['level']): void
  /** It told the operator something that has or matches `text`; of that severity where one is given. */
  toHaveSaid(text: TextPattern, severity?: MessageRecord['severity']): void
  /** A script printed a line that has or matches `text`. */
  toHavePrinted(text: TextPattern): void
  /** The event was published, for the server `backend/server` where one is given. */
  toHavePublished(event: ServerEventName, about?: string | EventPattern): void
  /** A script handles that event now, for the server `backend/server` where one is given: it has a subscription that is not paused. */
  toHandle(event: ServerEventName, server?: string): void
  /** A script raised an error, ran too long, or had a subscription paused. Mostly used with `.not`. */
  toHaveLuaErrors(): void
  /** A task, a handler or a command of a script waits, and nothing can wake it any more. Mostly used with `.not`. */
  toHaveStuckTasks(): void
  /** The server's status is, or matches, `status`: `UP`, `UP 1/2`, `DOWN`, `MAINT`, `no check` … as `show stat` has it. */
  toBeStatus(status: string | RegExp): void
}

export const haproxyMatchers = {
  toHaveLogged: (value: unknown, text: TextPattern, level?: string): Verdict => {
    const { name, logs } = processOf(value, 'toHaveLogged')
    return verdict(
      logs.some((each) => (level === undefined || each.level === level) && fitsText(each.message, text)),
      `${name} {not }to have logged ${quoted(text)}${level === undefined ? '' : ` at level ${level}`}`,
      () =>
        listing(
          'log lines',
          logs.map((each) => `${seconds(each.at)} ${each.level} ${each.message}`),
        ),
    )
  },
  toHaveSaid: (value: unknown, text: TextPattern, severity?: string): Verdict => {
    const { name, messages } = processOf(value, 'toHaveSaid')
    return verdict(
      messages.some((each) => (severity === undefined || each.severity === severity) && fitsText(each.text, text)),
      `${name} {not }to have said ${quoted(text)}${severity === undefined ? '' : ` as ${severity}`}`,
      () => listing('messages', messages.map(message)),
    )
  },
  toHavePrinted: (value: unknown, text: TextPattern): Verdict => {
    const { name, output } = processOf(value, 'toHavePrinted')
    return verdict(
      output.some((line) => fitsText(line, text)),
      `a script of ${name} {not }to have printed ${quoted(text)}`,
      () => listing('printed lines', output),
    )
  },
  toHavePublished: (value: unknown, event: string, about: string | EventPattern = {}): Verdict => {
    const { name, events } = processOf(value, 'toHavePublished')
    const { server, data = {} } = typeof about === 'string' ? { server: about } : about
    const wanted = Object.keys(data).length === 0 ? '' : ` with ${JSON.stringify(data)}`
    return verdict(
      events.some(
        (each) => each.name === event && (server === undefined || pathOf(each) === server) && fitsData(each, data),
      ),
      `${name} {not }to have published ${event}${server === undefined ? '' : ` of ${server}`}${wanted}`,
      () =>
        listing(
          'events',
          events.map(
            (each) => `${seconds(each.at)} ${each.name} ${pathOf(each)}${wanted && ` ${JSON.stringify(each.data)}`}`,
          ),
        ),
    )
  },
  toHandle: (value: unknown, event: string, server?: string): Verdict => {
    const haproxy = processOf(value, 'toHandle')
    const own = server === undefined ? undefined : haproxy.server(server).server.existingSubscriptions
    const ofAll = haproxy.process.events.audience(event)
    const ofServer = own?.audience(event) ?? 0
    return verdict(
      ofAll + ofServer > 0,
      `a script of ${haproxy.name} {not }to handle ${event}${server === undefined ? '' : ` of ${server}`}`,
      () =>
        ofAll + ofServer === 0
          ? 'No subscription would be given that event now.'
          : `Given to ${ofAll} subscription(s) of all servers${server === undefined ? '' : ` and ${ofServer} of ${server} alone`}.`,
    )
  },
  toHaveLuaErrors: (value: unknown): Verdict => {
    const { name, messages } = processOf(value, 'toHaveLuaErrors')
    const errors = messages.filter(isLuaError)
    return verdict(errors.length > 0, `scripts of ${name} {not }to have failed`, () =>
      listing('errors', errors.map(message)),
    )
  },
  toHaveStuckTasks: (value: unknown): Verdict => {
    const { name, stuckTasks } = processOf(value, 'toHaveStuckTasks')
    return verdict(stuckTasks.length > 0, `scripts of ${name} {not }to be stuck`, () =>
      listing(
        'tasks that are stuck',
        stuckTasks.map(({ name: task, place, reason }) => `${task}${place ? `, at ${place}` : ''}: ${reason}`),
      ),
    )
  },
  toBeStatus: (value: unknown, wanted: string | RegExp): Verdict => {
    if (!(value instanceof ServerView))
      throw new TypeError('toBeStatus asks about a server, as haproxy.server("backend/server") gives it')
    const { status, server } = value
    return verdict(
      typeof wanted === 'string' ? status === wanted : fitsText(status, wanted),
      `the status of ${server.path} {not }to be ${quoted(wanted)}`,
      () => `It is ${quoted(status)}.`,
    )
  },
}

const processOf = (value: unknown, matcher: string): Haproxy => {
  if (value instanceof Haproxy) return value
  throw new TypeError(`${matcher} asks about a process, as sim.haproxy(…) makes it`)
}

const isLuaError = (record: MessageRecord): boolean => {
  const watch = new FailureWatch(new Set(['lua', 'limit', 'paused']))
  watch.take(record)
  return watch.failure !== undefined
}

const fitsData = ({ data }: EventRecord, pattern: object): boolean =>
  typeof data === 'object' && data !== null ? fitsFields(data, pattern) : Object.keys(pattern).length === 0

const pathOf = (event: EventRecord): string => `${event.proxy}/${event.server}`
const message = ({ at, severity, text }: MessageRecord): string => `${seconds(at)} ${severity} ${text}`
const quoted = (text: TextPattern): string => (typeof text === 'string' ? JSON.stringify(text) : String(text))
const seconds = (at: Micros): string => `${(at / MILLISECOND / 1000).toFixed(3)}s`
