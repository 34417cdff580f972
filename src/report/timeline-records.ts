/** Converts trace records to items of a timeline. */
import type { Micros, TraceRecord } from '../engine/index.js'
import type { EventRecord } from '../haproxy/events/events.js'
import type { LogRecord, MessageRecord } from '../haproxy/logs/logger.js'
import type { PrintRecord } from '../lua/index.js'
import type { ActionRecord, CliRecord, ClientRecord, MailRecord } from '../sim/index.js'
import { ConnectionLanes, type ConnectionRecord } from './timeline-connections.js'
import { describeDelivery } from './describe-delivery.js'
import { describeEvent } from './describe-event.js'
import { describeRequest } from './describe-request.js'
import type { Item, TimelineWriter } from './timeline.js'
import { plural } from './plural.js'

type Level = Exclude<Item['level'], undefined>

interface ServerRecord extends TraceRecord {
  readonly server: string
  readonly mode: string
}

interface RequestRecord extends TraceRecord {
  readonly server: string
  readonly method: string
  readonly path: string
}

export class RecordLanes {
  readonly #connections: ConnectionLanes
  #lastLog: { readonly at: Micros; readonly text: string } | undefined
  #lastMessage: Item | undefined

  constructor(readonly timeline: TimelineWriter) {
    this.#connections = new ConnectionLanes(timeline)
  }

  /** Adds a record; unknown types are ignored. */
  observe(record: TraceRecord): void {
    switch (record.type) {
      case 'log':
        return this.#log(record as LogRecord)
      case 'message':
        return this.#message(record as MessageRecord)
      case 'print':
        return this.#print(record as PrintRecord)
      case 'event':
        return this.#event(record as EventRecord)
      case 'mail':
        return this.#mail(record as MailRecord)
      case 'cli':
        return this.#cli(record as CliRecord)
      case 'action':
        return void this.timeline.add({ kind: 'action', lane: this.#world, text: (record as ActionRecord).action })
      case 'client':
        return this.#client(record as ClientRecord)
      case 'server':
        return this.#server(record as ServerRecord)
      case 'request':
        return this.#request(record as RequestRecord)
      case 'connect':
      case 'accept':
      case 'refuse':
      case 'reset':
      case 'fail':
      case 'close':
        return this.#connections.observe(record as ConnectionRecord)
    }
  }

  get #world(): number {
    return this.timeline.lane('world', 'world')
  }

  /** HAProxy reports most things twice, on stderr and in the log: only the log line is kept. */
  #log({ at, process, level, message }: LogRecord): void {
    if (this.#lastMessage?.at === at && withoutQuotes(this.#lastMessage.text) === withoutQuotes(message))
      this.timeline.dropLast(this.#lastMessage)
    this.#lastLog = { at, text: message }
    this.timeline.add({
      kind: 'log',
      lane: this.timeline.lane('log', 'log', process),
      text: message,
      more: `level ${level}`,
      ...levelOf(level),
    })
  }

  #message({ at, process, severity, text }: MessageRecord): void {
    if (this.#lastLog?.at === at && withoutQuotes(this.#lastLog.text) === withoutQuotes(text)) return
    const lane = this.timeline.lane('log', 'stderr messages', process)
    this.#lastMessage = this.timeline.add({
      kind: 'message',
      lane,
      text,
      more: `${severity}: ${text}`,
      ...levelOf(severity),
    })
  }

  #print({ process, text }: PrintRecord): void {
    this.timeline.add({ kind: 'print', lane: this.timeline.lane('log', 'standard output', process), text, more: text })
  }

  /** The record precedes the delivery of the event, so the current subscribers receive it. */
  #event(record: EventRecord): void {
    const { process, name, data } = record
    const subscribers = this.#subscriberCount(record)
    this.timeline.add({
      kind: 'event',
      lane: this.timeline.lane('event', name, process),
      text: `${describeEvent(record)} · ${subscribers === 0 ? 'no subscriber' : plural(subscribers, 'subscriber')}`,
      ...(Object.keys(data as object).length > 0 && { more: JSON.stringify(data, undefined, 2) }),
      ...(name === 'SERVER_DOWN' ? { level: 'bad' } : name === 'SERVER_UP' ? { level: 'good' } : {}),
    })
  }

  #subscriberCount({ process: of, proxy, server, name }: EventRecord): number {
    const process = this.timeline.simulation.processes.find((each) => each.process.name === of)?.process
    if (process === undefined) return 0
    const own = process.backendNamed(proxy)?.server(server)?.existingSubscriptions
    return process.events.audience(name) + (own?.audience(name) ?? 0)
  }

  #mail(mail: MailRecord): void {
    const { server, from, to, subject, date, body, user, tls } = mail
    const delivery = user === undefined && !tls ? '' : `${describeDelivery(mail)}\n`
    this.timeline.add({
      kind: 'mail',
      lane: this.timeline.serverLane(server, 'mailbox'),
      text: subject === '' ? `mail to ${to}` : subject,
      more: `${delivery}From: ${from}\nTo: ${to}\nDate: ${date}\nSubject: ${subject}\n\n${body}`,
      level: 'good',
    })
  }

  #cli({ command, answer }: CliRecord): void {
    this.timeline.add({ kind: 'cli', lane: this.#world, text: `> ${command}`, more: answer })
  }

  #client(record: ClientRecord): void {
    const { client, error, request, answer } = record
    const more = [request, answer].flatMap((message) => (message ? [message.head, '', message.body] : []))
    this.timeline.add({
      kind: 'request',
      lane: this.timeline.lane('client', client),
      text: describeRequest(record),
      ...(more.length > 0 && { more: more.join('\n') }),
      ...(error !== undefined && { level: 'bad' }),
    })
  }

  #server({ server, mode }: ServerRecord): void {
    const text = MODES[mode] ?? mode
    const level: Level = mode === 'accept' ? 'good' : 'bad'
    this.timeline.add({ kind: 'server', lane: this.timeline.serverLane(server, 'server'), text, level })
  }

  #request({ server, method, path }: RequestRecord): void {
    this.timeline.add({
      kind: 'request',
      lane: this.timeline.serverLane(server, 'server'),
      text: `${method} ${path}`,
    })
  }
}

/** stderr has `backend 'be1' has no server` for `backend be1 has no server` in the log. */
const withoutQuotes = (text: string): string => text.replaceAll("'", '').trim()

const MODES: Readonly<Record<string, string>> = {
  accept: 'accepts connections',
  refuse: 'refuses connections',
  hang: 'does not respond',
  vanish: 'is unreachable',
  reset: 'resets connections',
}

const levelOf = (level: string): { level?: Level } => {
  switch (level) {
    case 'emerg':
    case 'alert':
    case 'crit':
    case 'err':
      return { level: 'bad' }
    case 'warning':
      return { level: 'warning' }
    default:
      return {}
  }
}
