/** An SMTP server (RFC 5321) that stores all mails, with configurable failures at each step. */
import type { Micros, TraceRecord } from '../../engine/index.js'
import type { Address } from '../../net/address.js'
import type { Connection } from '../../net/network.js'
import { validateTlsServer, type TlsServer } from '../../net/sim/index.js'
import { toMicros, type Duration } from '../duration.js'
import type { Mail } from './mail.js'
import { ServerActor, type ServerOptions } from './server.js'
import { validateAccounts, type SmtpAccounts, type Mechanism } from './smtp-auth.js'
import { SmtpSession, type SmtpSessionServer } from './smtp-session.js'
import { SMTP_EXTENSION_STEPS, SMTP_STEPS, type SmtpStep, type StepBehavior } from './smtp-steps.js'
import type { ActorContext } from './world.js'

const STEPS: readonly SmtpStep[] = [...SMTP_STEPS, ...SMTP_EXTENSION_STEPS]

/** The trace record of an accepted mail. */
export interface MailRecord extends TraceRecord {
  readonly type: 'mail'
  /** the name of the SMTP server */
  readonly server: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly date: string
  readonly body: string
  /** the authenticated user, if any */
  readonly user?: string
  readonly mechanism?: Mechanism
  /** set if it was received over TLS */
  readonly tls?: true
}

/** Options of an SMTP server. */
export interface SmtpOptions extends ServerOptions {
  /** hostname in its replies (default: that of its host) */
  readonly hostname?: string
  /** passwords by user: enables AUTH and requires authentication */
  readonly accounts?: SmtpAccounts | undefined
  /** accept mails without authentication, too */
  readonly authOptional?: boolean | undefined
  /** enables STARTTLS with these settings, `true` for the defaults. {@link ServerOptions.tls} is implicit TLS. */
  readonly starttls?: TlsServer | true | undefined
  /** require TLS for AUTH and mails */
  readonly requireTls?: boolean | undefined
}

/** An SMTP server. */
export class SmtpServer extends ServerActor<SmtpSession> implements SmtpSessionServer {
  /** accepted mails in order; a mail is accepted when the final 250 is sent */
  readonly mails: Mail[] = []
  /** number of accepted connections */
  connections = 0
  readonly hostname: string
  /** @internal */
  readonly accounts: SmtpAccounts | undefined
  /** @internal */
  readonly authOptional: boolean
  /** @internal */
  readonly starttls: TlsServer | undefined
  /** @internal */
  readonly requireTls: boolean
  readonly #behaviors = new Map<SmtpStep, StepBehavior>()
  readonly #listeners = new Set<(mail: Mail) => void>()
  #delay: Micros = 0

  constructor(world: ActorContext, address: Address, options: SmtpOptions = {}) {
    super(world, address, options)
    this.hostname = options.hostname ?? world.host.name
    this.accounts = validateAccounts(options.accounts)
    this.authOptional = options.authOptional === true
    this.starttls = validateTlsServer(options.starttls === true ? {} : options.starttls)
    this.requireTls = options.requireTls === true
  }

  /** Restores the default behavior, including the effects of {@link answer}, {@link slow}, {@link dropAt}, {@link resetAt} and {@link hangAt}. */
  override accept(): this {
    this.#behaviors.clear()
    this.#delay = 0
    return super.accept()
  }

  /**
   * Replies with `code` at `step`. 4xx and 5xx are errors; 421 also closes the connection (RFC 5321). Throws a RangeError for
   * an invalid code.
   * @param text of the reply; an array makes it a multi-line reply
   */
  answer(step: SmtpStep, code: number, text: string | readonly string[] = defaultText(code)): this {
    if (!Number.isInteger(code) || code < 200 || code > 599) throw new RangeError(`${code} is not an SMTP reply code`)
    return this.#behave(step, { code, text })
  }

  /** Delays each reply: milliseconds or a HAProxy duration. */
  slow(delay: Duration): this {
    this.#delay = toMicros(delay)
    return this
  }

  /** Closes the connection instead of replying at `step`. */
  dropAt(step: SmtpStep): this {
    return this.#behave(step, 'drop')
  }

  /** Resets the connection instead of replying at `step`. */
  resetAt(step: SmtpStep): this {
    return this.#behave(step, 'reset')
  }

  /** Stops replying at `step`; the connection stays open. */
  hangAt(step: SmtpStep): this {
    return this.#behave(step, 'hang')
  }

  /** Calls `listener` for each accepted mail; returns the unsubscribe function. */
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
const defaultText = (code: number): string => TEXTS[code] ?? (code < 400 ? 'OK' : 'Error')

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
