/** An SMTP server that takes all mails and keeps them (RFC 5321), and misbehaves at any step on request. */
import type { Micros, TraceRecord } from '../../engine/index.js'
import type { Address } from '../../net/address.js'
import type { Connection } from '../../net/network.js'
import { validateTlsServer, type TlsServer } from '../../net/sim/index.js'
import { toMicros, type Duration } from '../duration.js'
import type { Mail } from './mail.js'
import { Server, type ServerOptions } from './server.js'
import { checkedAccounts, type Accounts, type Mechanism } from './smtp-auth.js'
import { SmtpSession, type SmtpSessionServer } from './smtp-session.js'
import { SMTP_EXTENSION_STEPS, SMTP_STEPS, type SmtpStep, type StepBehavior } from './smtp-steps.js'
import type { World } from './world.js'

const STEPS: readonly SmtpStep[] = [...SMTP_STEPS, ...SMTP_EXTENSION_STEPS]

/** A mail was accepted. */
export interface MailRecord extends TraceRecord {
  readonly type: 'mail'
  /** the name of the SMTP server */
  readonly server: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly date: string
  readonly body: string
  /** whom the client has logged in as; not there where it has not */
  readonly user?: string
  readonly mechanism?: Mechanism
  /** there where it came over TLS */
  readonly tls?: true
}

export interface SmtpOptions extends ServerOptions {
  /** what it calls itself in its replies (default: its host's name) */
  readonly hostname?: string
  /** passwords by user: AUTH is offered, and mails are taken only from who has logged in */
  readonly accounts?: Accounts | undefined
  /** mails are taken from those, too, who have not logged in */
  readonly authOptional?: boolean | undefined
  /** STARTTLS is offered; how TLS is spoken then, `true` for as usual. {@link ServerOptions.tls} is TLS from the first byte */
  readonly starttls?: TlsServer | true | undefined
  /** nothing is taken before TLS: neither AUTH nor mails */
  readonly requireTls?: boolean | undefined
}

export class SmtpServer extends Server<SmtpSession> implements SmtpSessionServer {
  /** the mails that it has accepted, in that order; a mail counts once the final 250 was sent */
  readonly mails: Mail[] = []
  /** how many connections it has taken */
  connections = 0
  readonly hostname: string
  /** @internal */
  readonly accounts: Accounts | undefined
  /** @internal */
  readonly authOptional: boolean
  /** @internal */
  readonly starttls: TlsServer | undefined
  /** @internal */
  readonly requireTls: boolean
  readonly #behaviors = new Map<SmtpStep, StepBehavior>()
  readonly #listeners = new Set<(mail: Mail) => void>()
  #delay: Micros = 0

  constructor(world: World, address: Address, options: SmtpOptions = {}) {
    super(world, address, options)
    this.hostname = options.hostname ?? world.host.name
    this.accounts = checkedAccounts(options.accounts)
    this.authOptional = options.authOptional === true
    this.starttls = validateTlsServer(options.starttls === true ? {} : options.starttls)
    this.requireTls = options.requireTls === true
  }

  /** Everything as usual again: what {@link answer}, {@link slow}, {@link dropAt}, {@link resetAt} and {@link hangAt} changed as well. */
  override accept(): this {
    this.#behaviors.clear()
    this.#delay = 0
    return super.accept()
  }

  /**
   * Gives `code` at `step` from now on. 4xx and 5xx refuse what was asked for; 421 also closes, as RFC 5321 has it.
   * @param text of the reply; several lines make it a multi-line one. Throws a RangeError for what is no reply code.
   */
  answer(step: SmtpStep, code: number, text: string | readonly string[] = usualText(code)): this {
    if (!Number.isInteger(code) || code < 200 || code > 599) throw new RangeError(`${code} is not an SMTP reply code`)
    return this.#behave(step, { code, text })
  }

  /** Waits so long before each reply: milliseconds, or a duration of HAProxy's. */
  slow(delay: Duration): this {
    this.#delay = toMicros(delay)
    return this
  }

  /** Closes the connection where it would reply at `step`. */
  dropAt(step: SmtpStep): this {
    return this.#behave(step, 'drop')
  }

  /** Resets the connection where it would reply at `step`. */
  resetAt(step: SmtpStep): this {
    return this.#behave(step, 'reset')
  }

  /** Says nothing any more from where it would reply at `step`; the connection stays. */
  hangAt(step: SmtpStep): this {
    return this.#behave(step, 'hang')
  }

  /** Calls `listener` for each mail from now on; returns how to stop that. */
  onMail(listener: (mail: Mail) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @internal */
  get delay(): Micros {
    return this.#delay
  }

  /** @internal the behavior set for a step, if any */
  behaviorAt(step: SmtpStep): StepBehavior | undefined {
    return this.#behaviors.get(step)
  }

  /** @internal */
  received(mail: Mail): void {
    this.mails.push(mail)
    const { from, to, subject, date, body, user, mechanism, tls } = mail
    this.world.scheduler.trace.write('mail', {
      server: this.name,
      ...{ from, to, subject, date, body },
      ...(user !== undefined && { user, mechanism }),
      ...(tls && { tls }),
    })
    for (const listener of this.#listeners) listener(mail)
  }

  protected session(connection: Connection): SmtpSession {
    this.connections++
    return new SmtpSession(this, connection)
  }

  #behave(step: SmtpStep, behavior: StepBehavior): this {
    if (!STEPS.includes(step)) throw new RangeError(`'${step}' is not one of ${STEPS.join(', ')}`)
    this.#behaviors.set(step, behavior)
    return this
  }
}

/** RFC 5321, section 4.2.3. */
const usualText = (code: number): string => TEXTS[code] ?? (code < 400 ? 'OK' : 'Error')

const TEXTS: Readonly<Record<number, string>> = {
  421: 'Service not available, closing transmission channel',
  454: 'TLS not available due to temporary reason',
  450: 'Requested mail action not taken: mailbox unavailable',
  451: 'Requested action aborted: local error in processing',
  452: 'Requested action not taken: insufficient system storage',
  500: 'Syntax error, command unrecognized',
  530: 'Authentication required',
  535: 'Authentication credentials invalid',
  501: 'Syntax error in parameters or arguments',
  502: 'Command not implemented',
  503: 'Bad sequence of commands',
  504: 'Command parameter not implemented',
  550: 'Requested action not taken: mailbox unavailable',
  552: 'Requested mail action aborted: exceeded storage allocation',
  553: 'Requested action not taken: mailbox name not allowed',
  554: 'Transaction failed',
}
