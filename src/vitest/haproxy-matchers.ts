/** Matchers for the output, events and servers of a simulated HAProxy process. */
import { MILLISECOND, type Micros } from '../engine/index.js'
import { FailureDetector } from '../explore/failure.js'
import type { EventRecord, LogRecord, MessageRecord, ServerEventName } from '../haproxy/index.js'
import { Haproxy, ServerView } from '../sim/index.js'
import { matchesFields, matchesText, listing, matcherResult, type TextPattern, type MatcherResult } from './pattern.js'

/** The server of an event, as `backend/server`, or fields of its data. */
export interface EventPattern {
  readonly server?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** The types of the matchers on `expect(haproxy)` and `expect(haproxy.server(…))`. */
export interface HaproxyMatchers {
  /** A log line contains or matches `text`, at `level` if given. */
  toHaveLogged(text: TextPattern, level?: LogRecord['level']): void
  /** A message on stderr contains or matches `text`, with that severity if given. */
  toHaveSaid(text: TextPattern, severity?: MessageRecord['severity']): void // language: allow
  /** A script printed a line that contains or matches `text`. */
  toHavePrinted(text: TextPattern): void
  /** The event was published, for the server `backend/server` if given. */
  toHavePublished(event: ServerEventName, about?: string | EventPattern): void
  /** A script has an active subscription to the event, for the server `backend/server` if given. */
  toHandle(event: ServerEventName, server?: string): void
  /** A script raised an error, timed out, or had a subscription paused. Mostly used with `.not`. */
  toHaveLuaErrors(): void
  /** A task, handler or command of a script is waiting, and nothing can wake it. Mostly used with `.not`. */
  toHaveStuckTasks(): void
  /** The status of a server is or matches `status`: `UP`, `UP 1/2`, `DOWN`, `MAINT`, `no check` …, as in `show stat`. */
  toBeStatus(status: string | RegExp): void
}

export const haproxyMatchers = {
  toHaveLogged: (value: unknown, text: TextPattern, level?: string): MatcherResult => {
    const { name, logs } = processOf(value, 'toHaveLogged')
    return matcherResult(
      logs.some((each) => (level === undefined || each.level === level) && matchesText(each.message, text)),
      `${name} {not }to have logged ${quoted(text)}${level === undefined ? '' : ` at level ${level}`}`,
      () =>
        listing(
          'log lines',
          logs.map((each) => `${seconds(each.at)} ${each.level} ${each.message}`),
        ),
    )
  },
  // language: allow
  toHaveSaid: (value: unknown, text: TextPattern, severity?: string): MatcherResult => {
    const { name, messages } = processOf(value, 'toHaveSaid')
    return matcherResult(
      messages.some((each) => (severity === undefined || each.severity === severity) && matchesText(each.text, text)),
      `${name} {not }to have said ${quoted(text)}${severity === undefined ? '' : ` as ${severity}`}`,
      () => listing('messages', messages.map(message)),
    )
  },
  toHavePrinted: (value: unknown, text: TextPattern): MatcherResult => {
    const { name, output } = processOf(value, 'toHavePrinted')
    return matcherResult(
      output.some((line) => matchesText(line, text)),
      `a script of ${name} {not }to have printed ${quoted(text)}`,
      () => listing('printed lines', output),
    )
  },
  toHavePublished: (value: unknown, event: string, about: string | EventPattern = {}): MatcherResult => {
    const { name, events } = processOf(value, 'toHavePublished')
    const { server, data = {} } = typeof about === 'string' ? { server: about } : about
    const wanted = Object.keys(data).length === 0 ? '' : ` with ${JSON.stringify(data)}`
    return matcherResult(
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
  toHandle: (value: unknown, event: string, server?: string): MatcherResult => {
    const haproxy = processOf(value, 'toHandle')
    const own = server === undefined ? undefined : haproxy.server(server).server.existingSubscriptions
    const ofAll = haproxy.process.events.audience(event)
    const ofServer = own?.audience(event) ?? 0
    return matcherResult(
      ofAll + ofServer > 0,
      `a script of ${haproxy.name} {not }to handle ${event}${server === undefined ? '' : ` of ${server}`}`,
      () =>
        ofAll + ofServer === 0
          ? 'No subscription receives that event at present.'
          : `Received by ${ofAll} subscription(s) of all servers${server === undefined ? '' : ` and ${ofServer} of ${server} alone`}.`,
    )
  },
  toHaveLuaErrors: (value: unknown): MatcherResult => {
    const { name, messages } = processOf(value, 'toHaveLuaErrors')
    const errors = messages.filter(isLuaError)
    return matcherResult(errors.length > 0, `scripts of ${name} {not }to have failed`, () =>
      listing('errors', errors.map(message)),
    )
  },
  toHaveStuckTasks: (value: unknown): MatcherResult => {
    const { name, stuckTasks } = processOf(value, 'toHaveStuckTasks')
    return matcherResult(stuckTasks.length > 0, `scripts of ${name} {not }to be stuck`, () =>
      listing(
        'stuck tasks',
        stuckTasks.map(({ name: task, place, reason }) => `${task}${place ? `, at ${place}` : ''}: ${reason}`),
      ),
    )
  },
  toBeStatus: (value: unknown, wanted: string | RegExp): MatcherResult => {
    if (!(value instanceof ServerView))
      throw new TypeError('toBeStatus expects a server, as returned by haproxy.server("backend/server")')
    const { status, server } = value
    return matcherResult(
      typeof wanted === 'string' ? status === wanted : matchesText(status, wanted),
      `the status of ${server.path} {not }to be ${quoted(wanted)}`,
      () => `It is ${quoted(status)}.`,
    )
  },
}

const processOf = (value: unknown, matcher: string): Haproxy => {
  if (value instanceof Haproxy) return value
  throw new TypeError(`${matcher} expects a process, as returned by sim.haproxy(…)`)
}

const isLuaError = (record: MessageRecord): boolean => {
  const detector = new FailureDetector(new Set(['lua', 'limit', 'paused']))
  detector.observe(record)
  return detector.failure !== undefined
}

const fitsData = ({ data }: EventRecord, pattern: object): boolean =>
  typeof data === 'object' && data !== null ? matchesFields(data, pattern) : Object.keys(pattern).length === 0

const pathOf = (event: EventRecord): string => `${event.proxy}/${event.server}`
const message = ({ at, severity, text }: MessageRecord): string => `${seconds(at)} ${severity} ${text}`
const quoted = (text: TextPattern): string => (typeof text === 'string' ? JSON.stringify(text) : String(text))
const seconds = (at: Micros): string => `${(at / MILLISECOND / 1000).toFixed(3)}s`
