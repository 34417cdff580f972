/**
 * Formats occurrences for a terminal: one line each with time and kind; mails are shown with their header. Long lines are wrapped and
 * indented. Colours are only an aid: the text has all information.
 */
import { Chalk, type ChalkInstance } from 'chalk'
import { printable, printableRecord } from '../bytes/printable.js'
import { MILLISECOND, SECOND, type Micros } from '../engine/clock.js'
import type { EventRecord } from '../haproxy/events/events.js'
import type { ClientRecord, HttpRequestRecord, MailRecord, MessageText, TcpDataRecord } from '../sim/index.js'
import { describeDelivery } from './describe-delivery.js'
import type { Detail } from './detail.js'
import { describeEvent } from './describe-event.js'
import { describeRequest } from './describe-request.js'
import type { RunSummary } from './json.js'
import type { Occurrence, SocketRecord } from './occurrence.js'
import { plural } from './plural.js'
import { describeTraffic } from './traffic-summary.js'
import { wrapText } from './wrap.js'
import { SEVERITY_CATEGORIES } from './severity.js'

const TIME_WIDTH = 10
const KIND_WIDTH = 7
/** The column at which the text of an occurrence starts. */
export const TEXT_COLUMN = TIME_WIDTH + 2 + KIND_WIDTH + 1
const INDENT = ' '.repeat(TEXT_COLUMN)

/** Minimum width of text on narrow terminals. */
const MIN_TEXT_WIDTH = 24

/**
 * The width available for text after time and kind.
 *
 * @param columns the width of the terminal; undefined: not wrapped
 */
export const textWidth = (columns: number | undefined): number | undefined =>
  columns === undefined ? undefined : Math.max(MIN_TEXT_WIDTH, columns - TEXT_COLUMN)

export class ConsoleView {
  readonly #chalk: ChalkInstance
  readonly #textWidth: number | undefined

  /**
   * @param colour whether to use colours
   * @param columns the width of the terminal; undefined: lines are not wrapped
   */
  constructor(colour: boolean, columns?: number) {
    this.#chalk = new Chalk({ level: colour ? 1 : 0 })
    this.#textWidth = textWidth(columns)
  }

  /** The first line: what is run, and in which world. */
  header(what: string): string {
    return this.#line(0, this.#chalk.bold('start'), printable(what))
  }

  /** Formats an occurrence, without a final line feed. */
  render(occurrence: Occurrence): string {
    return this.#format(printableRecord(occurrence))
  }

  #format(occurrence: Occurrence): string {
    const { at } = occurrence
    switch (occurrence.type) {
      case 'log':
        return this.#line(at, this.#level(occurrence.level), occurrence.message)
      case 'message':
        return this.#line(at, this.#level(occurrence.severity), occurrence.text)
      case 'event':
        return this.#event(occurrence)
      case 'mail':
        return this.#mail(occurrence)
      case 'cli':
        return this.#line(at, this.#chalk.blue('cli'), `> ${occurrence.command}`, occurrence.answer.trimEnd())
      case 'print':
        return this.#line(at, this.#chalk.magenta('print'), occurrence.text)
      case 'action':
        return this.#line(at, this.#chalk.blue('world'), this.#chalk.bold(occurrence.action))
      case 'client':
        return this.#client(occurrence)
      case 'http':
        return this.#http(occurrence)
      case 'tcp':
        return this.#tcp(occurrence)
      case 'socket':
        return this.#socket(occurrence)
    }
  }

  /** Formats a record shown only with `--verbose`. */
  detail({ at, type, text }: Detail): string {
    return this.#line(at, this.#chalk.dim(type), this.#chalk.dim(printable(text)))
  }

  #http({ at, server, method, path, body, status }: HttpRequestRecord): string {
    const lines = body === '' ? '' : this.#withBar(body.trimEnd())
    return this.#line(at, this.#chalk.green('http'), `${method} ${path} at ${server}, answered ${status}`, lines)
  }

  #client(record: ClientRecord): string {
    const { at, error, request, answer } = record
    const kind = error === undefined ? this.#chalk.green('client') : this.#chalk.yellow('client')
    const messages = [request && this.#message('>', request), answer && this.#message('<', answer)]
    return this.#line(at, kind, describeRequest(record), messages.filter((each) => each !== undefined).join('\n'))
  }

  /** A message with a direction before each line of its head, and a bar before those of its body. */
  #message(direction: string, { head, body }: MessageText): string {
    const lines = head.split('\n').map((line) => `${this.#chalk.green(direction)} ${line}`)
    return [...lines, ...(body === '' ? [] : [this.#withBar(truncated(body.trimEnd()))])].join('\n')
  }

  #tcp({ at, server, from, data }: TcpDataRecord): string {
    if (data === '') return this.#line(at, this.#chalk.green('tcp'), `${from} connected to ${server}`)
    return this.#line(at, this.#chalk.green('tcp'), `received at ${server}`, this.#withBar(data.trimEnd()))
  }

  #socket({ at, to, task, problem }: SocketRecord): string {
    const by = task === undefined ? '' : ` (${task})`
    const text = problem === undefined ? `connected to ${to}${by}` : `not connected to ${to}: ${problem}${by}`
    return this.#line(at, problem === undefined ? 'socket' : this.#chalk.yellow('socket'), text)
  }

  /** The last line of a run. */
  summary({ at, counts, trace, traffic }: RunSummary): string {
    const bad = SEVERITY_CATEGORIES.filter((severity) => counts[severity]).map((severity) => {
      const text = plural(counts[severity]!, severity.slice(0, -1))
      return severity === 'warnings' ? this.#chalk.yellow(text) : this.#chalk.red(text)
    })
    const requests = counts['client'] ?? 0
    const failed = counts['failedRequests'] ?? 0
    const parts = [
      ...bad,
      ...(requests === 0 ? [] : [plural(requests, 'request') + (failed === 0 ? '' : ` (${failed} failed)`)]),
      ...(traffic ? [describeTraffic(traffic)] : []),
      plural(counts.mail ?? 0, 'mail'),
      plural(counts.event ?? 0, 'event'),
      plural(counts.log ?? 0, 'log line'),
    ]
    return this.#line(at * MILLISECOND, this.#chalk.bold('end'), `${parts.join(', ')}; trace ${trace}`)
  }

  #line(at: Micros, kind: string, text: string, more = ''): string {
    const time = `${(at / SECOND).toFixed(3)}s`.padStart(TIME_WIDTH)
    const below = more === '' ? [] : wrapText(more, this.#textWidth, '  ')
    const [first = '', ...rest] = [...wrapText(text, this.#textWidth), ...below]
    return [`${this.#chalk.dim(time)}  ${padKind(kind)} ${first}`, ...rest.map((each) => INDENT + each)].join('\n')
  }

  /** Health checks are frequent and dimmed, so that state changes stand out. */
  #event(event: EventRecord): string {
    const text = describeEvent(event)
    return event.name === 'SERVER_CHECK'
      ? this.#line(event.at, this.#chalk.dim('event'), this.#chalk.dim(text))
      : this.#line(event.at, this.#chalk.cyan('event'), text)
  }

  #mail(mail: MailRecord): string {
    const { at, from, to, subject, body } = mail
    const head = [`From: ${from}`, `To: ${to}`, `Subject: ${this.#chalk.bold(subject)}`]
    const lines = isRepeated(subject, body) ? head : [...head, '', body.trimEnd() || this.#chalk.dim('(no body)')]
    return this.#line(at, this.#chalk.green('mail'), describeDelivery(mail), this.#withBar(lines.join('\n')))
  }

  /** Data received by a peer, with a bar before each line. */
  #withBar(text: string): string {
    const bar = this.#chalk.green('|')
    const room = this.#textWidth === undefined ? undefined : this.#textWidth - '| '.length
    return wrapText(text, room, '  ')
      .map((each) => `${bar} ${each}`.trimEnd())
      .join('\n')
  }

  #level(level: string): string {
    switch (level) {
      case 'emerg':
      case 'alert':
      case 'crit':
      case 'err':
        return this.#chalk.red(level)
      case 'warning':
        return this.#chalk.yellow(level)
      default:
        return level
    }
  }
}

/** Maximum number of characters of a body that is shown. */
const MAX_BODY = 2000

const truncated = (body: string): string =>
  body.length <= MAX_BODY ? body : `${body.slice(0, MAX_BODY)}… (${body.length - MAX_BODY} more characters)`

/** Whether the body of a mail only repeats the end of its subject, as in HAProxy's own mails. */
const isRepeated = (subject: string, body: string): boolean => {
  const text = normalizeSpace(body)
  return text !== '' && normalizeSpace(subject).endsWith(text)
}

const normalizeSpace = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '')

const COLOURS = /\x1b\[[0-9;]*m/g

const padKind = (kind: string): string => kind + ' '.repeat(Math.max(0, KIND_WIDTH - kind.replace(COLOURS, '').length))
