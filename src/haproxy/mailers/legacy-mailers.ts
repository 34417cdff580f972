/**
 * The built-in mailer, which sends the mails of `email-alert` until a script switches it off (src/mailers.c). A mail is sent by the
 * rules of a `tcp-check`, as HAProxy does it: errors are not reported and nothing is retried.
 */
import { SHORT_DAY_NAMES, SHORT_MONTH_NAMES } from '../../engine/calendar.js'
import { toByteString } from '../../bytes/text.js'
import type { MailersConfig } from '../../config/model/mailers.js'
import type { EmailAlertConfig } from '../../config/model/proxy.js'
import { SECOND } from '../../engine/clock.js'
import { Wake, type Task } from '../../engine/task.js'
import type { ConnectionEvents } from '../../net/network.js'
import { Deadline } from '../dialogue/deadline.js'
import { connect, expect, makeProgram, send, type Program } from '../../config/checks/program.js'
import { CheckSession, type SessionOwner } from '../dialogue/session.js'
import type { Target } from '../dialogue/connection.js'
import { offsetText } from '../../engine/time-zone/index.js'
import type { ProcessContext } from '../context.js'
import type { Proxy, ProxyContext } from '../proxy/proxy.js'
import type { Check } from '../checks/check.js'
import { LOG_INFO } from '../logs/logger.js'
import type { ServerObserver } from '../server/observers.js'
import type { Server } from '../server/server.js'
import { checkResultText, reportChange, type ReportSink } from '../server/state-report.js'
import type { Transition } from '../server/transition.js'

/** A process that has a built-in mailer. */
export interface MailingProcess extends ProcessContext {
  /** a script has switched it off (`core.disable_legacy_mailers`) */
  readonly legacyMailersDisabled: boolean
}

/** Longer messages are not mailed, in bytes. */
const MESSAGE_LIMIT = 1024

/** Warns of every backend whose mails the built-in mailer sends. */
export const warnOfLegacyMailers = (process: MailingProcess, proxies: readonly Proxy[]): void => {
  if (process.legacyMailersDisabled) return
  for (const proxy of proxies) {
    if (!proxy.backend || proxy.config.emailAlert === undefined) continue
    process.logger.message(
      'warning',
      `Legacy mailers used by ${proxy.kindText} '${proxy.name}' will not be supported anymore in version 3.3. You should use Lua to send email-alerts, see 'examples/lua/mailers.lua' file.`,
    )
  }
}

/** Sends the reports of servers as mails. */
export class LegacyMailer implements ServerObserver {
  readonly #queues = new Map<Proxy, readonly MailQueue[]>()
  readonly #sendLine: ReportSink = (server, level, text, mailed) => {
    if (mailed) this.#send(server, level, text)
  }

  constructor(readonly process: MailingProcess) {}

  stateChanged(server: Server, transition: Transition): void {
    if (this.#isWanted(server)) reportChange(server, transition, this.#sendLine)
  }

  checkCompleted(server: Server, check: Check): void {
    if (server.proxy.config.options.has('log-health-checks') && this.#isWanted(server))
      this.#send(server, LOG_INFO, checkResultText(server, check))
  }

  #isWanted({ proxy }: Server): boolean {
    return !this.process.legacyMailersDisabled && proxy.config.emailAlert !== undefined
  }

  /**
   * Sends `message` by mail if the mail settings of the server's backend include that level.
   *
   * @param level 0 … 7
   */
  #send(server: Server, level: number, message: string): void {
    const { proxy } = server
    const alert = proxy.config.emailAlert
    if (alert === undefined || level > alert.level) return
    const text = toByteString(message)
    if (text.length >= MESSAGE_LIMIT) {
      this.process.logger.message('alert', `Email alert [${proxy.name}] could not format message`)
      return
    }
    const program = mailProgram(alert, this.process, text)
    for (const queue of this.#queuesOf(proxy, alert)) queue.add(program)
  }

  #queuesOf(proxy: Proxy, { mailers }: EmailAlertConfig): readonly MailQueue[] {
    let queues = this.#queues.get(proxy)
    if (queues === undefined) {
      queues = mailers.mailers.map((mailer) => new MailQueue(proxy, mailers, mailer))
      this.#queues.set(proxy, queues)
    }
    return queues
  }
}

/** The mails of a backend to one mail server, which are sent one at a time. */
class MailQueue implements SessionOwner {
  readonly process: ProxyContext
  readonly server = undefined
  readonly events: ConnectionEvents
  readonly #waiting: Program[] = []
  readonly #task: Task
  #session: CheckSession | undefined
  readonly deadline: Deadline

  constructor(
    readonly proxy: Proxy,
    readonly mailers: MailersConfig,
    readonly mailer: MailersConfig['mailers'][number],
  ) {
    this.process = proxy.process
    this.deadline = new Deadline(proxy, mailers.timeoutMail)
    const wake = () => this.#task.wake(Wake.IO)
    this.events = { connected: wake, readable: wake, writable: wake, failed: wake }
    this.#task = this.process.threads.spawn({
      name: `mails of ${proxy.name} to ${mailer.name}`,
      run: () => this.#step(),
    })
  }

  add(program: Program): void {
    this.#waiting.push(program)
    this.#task.wake(Wake.MESSAGE)
  }

  target(): Target {
    return {
      address: this.mailer.address,
      origin: [undefined, undefined],
      proxyProtocol: undefined,
      socks4: undefined,
      tls: undefined,
    }
  }

  #step(): void {
    for (;;) {
      this.#session ??= this.#nextSession()
      if (this.#session === undefined) return this.#task.cancelTimer()
      if (this.#session.advance() === undefined && !this.deadline.hasPassed) return this.#task.wakeAt(this.deadline.at)
      this.#session.close()
      this.#session = undefined
    }
  }

  #nextSession(): CheckSession | undefined {
    const program = this.#waiting.shift()
    return program && new CheckSession(program, this)
  }
}

/** The rules that send a mail (`enqueue_one_email_alert`). */
const mailProgram = ({ from, to, myhostname }: EmailAlertConfig, process: ProcessContext, text: string): Program => {
  const [sender, receiver] = [toByteString(from), toByteString(to)]
  const mail =
    `From: ${sender}\r\nTo: ${receiver}\r\nDate: ${dateText(process)}\r\n` +
    `Subject: [HAProxy Alert] ${text}\r\n\r\n${text}\r\n\r\n.\r\n`
  const dialogue: readonly (readonly [string, string])[] = [
    ['220 ', `HELO ${toByteString(myhostname ?? process.machine.hostname)}\r\n`],
    ['250 ', `MAIL FROM:<${sender}>\r\n`],
    ['250 ', `RCPT TO:<${receiver}>\r\n`],
    ['250 ', 'DATA\r\n'],
    ['354 ', mail],
    ['250 ', 'QUIT\r\n'],
  ]
  return makeProgram('mail', [
    { ...connect(), implicit: false, useServerOptions: false },
    ...dialogue.flatMap(([answer, words]) => [expectText(answer), send(0, words)]),
    expectText('221 '),
  ])
}

const expectText = (data: string) => expect(0, { type: 'string', data }, { minRecv: 0 })

/** `Mon, 01 Jan 2024 00:00:05 +0000 (UTC)`, in local time */
const dateText = ({ clock, localTime }: ProcessContext): string => {
  const date = localTime.date(Math.floor(clock.wall / SECOND))
  const { weekDay, day, month, year, hour, minute, second, abbreviation } = date
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = [hour, minute, second].map(two).join(':')
  return `${SHORT_DAY_NAMES[weekDay]}, ${two(day)} ${SHORT_MONTH_NAMES[month - 1]} ${year} ${time} ${offsetText(date)} (${abbreviation})`
}
