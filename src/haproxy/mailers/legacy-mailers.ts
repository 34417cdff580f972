/**
 * The built-in mailer, which sends the mails of `email-alert` until a script switches it off (src/mailers.c). A mail is a
 * check of the mail server that says a mail: what goes wrong is not said, and nothing is sent twice.
 */
import { SHORT_DAY_NAMES, SHORT_MONTH_NAMES } from '../../engine/calendar.js'
import { toByteString } from '../../bytes/text.js'
import type { MailersConfig } from '../../config/model/mailers.js'
import type { EmailAlertConfig } from '../../config/model/proxy.js'
import { SECOND, type Micros } from '../../engine/clock.js'
import { Wake, type Task } from '../../engine/task.js'
import type { ConnectionEvents } from '../../net/network.js'
import { connect, expect, makeProgram, send, type Program } from '../dialogue/program.js'
import { Talk, type TalkOwner } from '../dialogue/session.js'
import type { Target } from '../dialogue/connection.js'
import { offsetText } from '../../engine/time-zone/index.js'
import type { ProcessContext } from '../context.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Check } from '../checks/check.js'
import { LOG_INFO } from '../logs/logger.js'
import type { Server, ServerObserver } from '../server/server.js'
import { checkText, reportLines } from '../server/state-report.js'
import type { Transition } from '../server/transition.js'

/** A process that has a built-in mailer. */
export interface MailingProcess extends ProcessContext {
  /** a script has switched it off (`core.disable_legacy_mailers`) */
  readonly legacyMailersDisabled: boolean
}

/** Longer messages are not mailed. */
const MESSAGE_LIMIT = 1024

/** Warns of every backend whose mails the built-in mailer sends. */
export const warnOfLegacyMailers = (process: MailingProcess, proxies: readonly Proxy[]): void => {
  if (process.legacyMailersDisabled) return
  for (const proxy of proxies) {
    if (!proxy.backend || proxy.config.emailAlert === undefined) continue
    process.logger.say(
      'warning',
      `Legacy mailers used by ${proxy.kindText} '${proxy.name}' will not be supported anymore in version 3.3. You should use Lua to send email-alerts, see 'examples/lua/mailers.lua' file.`,
    )
  }
}

/** Sends the reports of servers as mails. */
export class LegacyMailer implements ServerObserver {
  readonly #queues = new Map<Proxy, readonly MailQueue[]>()

  constructor(readonly process: MailingProcess) {}

  stateChanged(server: Server, transition: Transition): void {
    if (!this.#isWanted(server)) return
    for (const { level, text, mailed } of reportLines(server, transition)) if (mailed) this.#send(server, level, text)
  }

  checkCompleted(server: Server, check: Check): void {
    const { logHealthChecks } = server.proxy.config
    if (logHealthChecks && this.#isWanted(server)) this.#send(server, LOG_INFO, checkText(server, check))
  }

  #isWanted({ proxy }: Server): boolean {
    return !this.process.legacyMailersDisabled && proxy.config.emailAlert !== undefined
  }

  /** Mails `message` if the server's backend wants mails of that level. @param level 0 … 7 */
  #send(server: Server, level: number, message: string): void {
    const { proxy } = server
    const alert = proxy.config.emailAlert
    if (alert === undefined || level > alert.level) return
    const text = toByteString(message)
    if (text.length >= MESSAGE_LIMIT) {
      this.process.logger.say('alert', `Email alert [${proxy.name}] could not format message`)
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

/** The mails of a backend to one mail server, one after the other. */
class MailQueue implements TalkOwner {
  readonly process: ProcessContext
  readonly server = undefined
  readonly events: ConnectionEvents
  readonly #waiting: Program[] = []
  readonly #task: Task
  #talk: Talk | undefined
  #deadline: Micros = 0

  constructor(
    readonly proxy: Proxy,
    readonly mailers: MailersConfig,
    readonly mailer: MailersConfig['mailers'][number],
  ) {
    this.process = proxy.process
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
    return { address: this.mailer.address, proxyProtocol: undefined, socks4: undefined, tls: undefined }
  }

  connecting(): void {
    const { timeouts } = this.proxy.config
    this.#deadline = this.process.clock.now + this.mailers.timeoutMail
    if (timeouts.check !== undefined && timeouts.connect !== undefined)
      this.#deadline = Math.min(this.#deadline, this.process.clock.now + timeouts.connect)
  }

  connected(): void {
    const limit = this.proxy.config.timeouts.check
    if (limit !== undefined) this.#deadline = this.process.clock.now + limit
  }

  #step(): void {
    for (;;) {
      this.#talk ??= this.#nextTalk()
      if (this.#talk === undefined) return this.#task.cancelTimer()
      if (this.#talk.advance() === undefined && this.process.clock.now < this.#deadline)
        return this.#task.wakeAt(this.#deadline)
      this.#talk.close()
      this.#talk = undefined
    }
  }

  #nextTalk(): Talk | undefined {
    const program = this.#waiting.shift()
    return program && new Talk(program, this)
  }
}

/** The dialogue that brings a mail (`enqueue_one_email_alert`). */
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
