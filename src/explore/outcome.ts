/**
 * Outcomes: the user-visible result of a run, by which runs are grouped. An outcome consists of the sequence of events, states and mails of
 * each server, Lua errors, warnings and alerts, data received by the servers of `--http` and `--tcp`, and answers to clients. Times, durations,
 * dates and the order between unrelated servers are ignored.
 */
import { RunningHash, type TraceRecord } from '../engine/index.js'
import type { EventRecord, LogRecord, MessageRecord } from '../haproxy/index.js'
import type { ClientRecord, HttpRequestRecord, MailRecord, TcpDataRecord } from '../sim/index.js'

export interface Outcome {
  /** equal for equal outcomes */
  readonly key: string
  /** lines by subject (`be1/srv1`, `messages`) */
  readonly lines: Readonly<Record<string, readonly string[]>>
}

export interface OutcomeOptions {
  /** whether times, durations and dates matter (default: no) */
  readonly times?: boolean
  /** whether the order between servers matters (default: no) */
  readonly order?: boolean
}

/** Collects the outcome of a run from its trace. */
export class OutcomeCollector {
  readonly #lines = new Map<string, string[]>()

  constructor(readonly options: OutcomeOptions = {}) {}

  observe(record: TraceRecord): void {
    switch (record.type) {
      case 'event':
        return this.#event(record as EventRecord)
      case 'mail':
        return this.#mail(record as MailRecord)
      case 'log':
        return this.#log(record as LogRecord)
      case 'message':
        return this.#message(record as MessageRecord)
      case 'http':
        return this.#http(record as HttpRequestRecord)
      case 'tcp':
        return this.#tcp(record as TcpDataRecord)
      case 'client':
        return this.#client(record as ClientRecord)
    }
  }

  get outcome(): Outcome {
    const subjects = [...this.#lines.keys()].sort()
    const hash = new RunningHash()
    for (const subject of subjects) {
      hash.string(subject)
      for (const line of this.#lines.get(subject)!) hash.string(line)
    }
    return {
      key: hash.hex,
      lines: Object.fromEntries(subjects.map((subject) => [subject, this.#lines.get(subject)!])),
    }
  }

  #event({ at, name, proxy, server, data }: EventRecord): void {
    const state = (data as { state?: { oldState: string; newState: string } }).state
    const check = (data as { check?: { reason: { short: string } } }).check
    const detail = state ? ` ${state.oldState} -> ${state.newState}` : check ? ` ${check.reason.short}` : ''
    this.#add(`${proxy}/${server}`, at, `${name}${detail}`)
  }

  #mail({ at, server, subject, to }: MailRecord): void {
    this.#add(mentionedServer(subject) ?? 'mails', at, `mail to ${to} at ${server}: ${subject}`)
  }

  #log({ at, level, message }: LogRecord): void {
    if (REPORTED_LEVELS.has(level)) this.#add(mentionedServer(message) ?? 'messages', at, `${level}: ${message}`)
  }

  #message({ at, severity, text }: MessageRecord): void {
    if (severity === 'alert' || severity === 'warning')
      this.#add(mentionedServer(text) ?? 'messages', at, `${severity}: ${text}`)
  }

  #http({ at, server, method, path, body }: HttpRequestRecord): void {
    this.#add(`requests to ${server}`, at, `${method} ${path} ${body}`.trimEnd())
  }

  #tcp({ at, server, data }: TcpDataRecord): void {
    if (data !== '') this.#add(`received at ${server}`, at, data.trimEnd())
  }

  #client({ at, method, url, status, reason, error, answer }: ClientRecord): void {
    const subject = `answers to ${method} ${url}`
    if (error !== undefined) return this.#add(subject, at, error)
    this.#add(subject, at, `${status} ${reason}`)
    if (!answer) return
    const [, ...fields] = answer.head.split('\n')
    for (const line of fields) this.#add(subject, at, `  ${line}`)
    if (answer.body !== '') this.#add(subject, at, `  ${answer.body.trimEnd()}`)
  }

  #add(subject: string, at: number, line: string): void {
    const place = this.options.order ? 'all' : subject
    const text = this.options.times ? `${at} ${line}` : withoutTimes(line)
    const lines = this.#lines.get(place)
    if (lines) lines.push(text)
    else this.#lines.set(place, [text])
  }
}

const REPORTED_LEVELS: ReadonlySet<string> = new Set(['emerg', 'alert', 'crit', 'err', 'warning'])

/** The first server mentioned in a text. */
const mentionedServer = (text: string): string | undefined => /\b[Ss]erver ([^\s/]+\/[^\s/.,]+)/.exec(text)?.[1]

const withoutTimes = (text: string): string =>
  text
    .replace(/\b\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT\b/g, '(date)')
    .replace(/, check duration: -?\d+ms/g, '')
    .replace(/\b\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}(?: \(\w+\))?/g, '(date)')
