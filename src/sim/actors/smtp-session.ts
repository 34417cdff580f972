/** An SMTP session (RFC 5321, section 4) with STARTTLS (RFC 3207) and AUTH (RFC 4954). */
import { fromBytes } from '../../bytes/latin1.js'
import { encodeText } from '../../bytes/text.js'
import type { Micros } from '../../engine/index.js'
import type { Connection } from '../../net/network.js'
import type { TlsServer } from '../../net/sim/index.js'
import { parseMail, type Mail } from './mail.js'
import { Session, type ActorSessionOwner } from './session.js'
import {
  AUTHENTICATED,
  Authentication,
  MECHANISMS,
  NEEDS_ENCRYPTION,
  NEEDS_STARTTLS,
  NOT_AUTHENTICATED,
  UNKNOWN_MECHANISM,
  type SmtpAccounts,
  type Mechanism,
  type SmtpReply,
} from './smtp-auth.js'
import type { SmtpStep, StepBehavior } from './smtp-steps.js'

/** Maximum line length (RFC 5321 requires 512 and 1000). */
const MAX_LINE_LENGTH = 8192

const PATH = /^(?:FROM|TO):[ \t]*<(?:@[^:>]*:)?([^<>\x00-\x20]*)>(?:[ \t].*)?$/i

/** Commands allowed before STARTTLS if TLS is required (RFC 3207, section 4). */
const BEFORE_TLS: ReadonlySet<string> = new Set(['HELO', 'EHLO', 'STARTTLS', 'NOOP', 'QUIT'])

/** What a session uses of its server. */
export interface SmtpSessionServer extends ActorSessionOwner {
  readonly hostname: string
  readonly accounts: SmtpAccounts | undefined
  /** mails are accepted without authentication as well */
  readonly authOptional: boolean
  /** undefined: STARTTLS is not offered */
  readonly starttls: TlsServer | undefined
  readonly requireTls: boolean
  /** the time before each reply */
  readonly delay: Micros
  /** The behavior set for a step, if any. */
  behaviorAt(step: SmtpStep): StepBehavior | undefined
  /** Called when a mail has been accepted. */
  received(mail: Mail): void
}

export class SmtpSession extends Session {
  #input = ''
  #greeted = false
  /** the greeting was an error: only QUIT is accepted */
  #refused = false
  #helo: string | undefined
  /** AUTH exchange in progress */
  #authentication: Authentication | undefined
  #login: { readonly user: string; readonly mechanism: Mechanism } | undefined
  #from: string | undefined
  #recipients: string[] = []
  #inBody = false
  /** it hangs at a step: no more replies */
  #silent = false
  /** position up to which the input was searched for the end of the body */
  #searched = 0

  constructor(
    readonly server: SmtpSessionServer,
    connection: Connection,
  ) {
    super(server, connection)
  }

  protected handleInput(): void {
    if (this.#silent) return this.#ignore()
    this.#input += fromBytes(this.connection.read())
    if (!this.#greeted) {
      this.#greeted = true
      this.#answer('connect', 220, `${this.server.hostname} ESMTP`, (code) => (this.#refused = code >= 400))
    }
    while (this.open && !this.busy && !this.#silent && (this.#inBody ? this.#takeBody() : this.#takeLine()));
    if (this.open && !this.busy && this.connection.ended) this.close()
  }

  #ignore(): void {
    this.connection.read()
    if (this.connection.ended) this.close()
  }

  /** Handles one command; returns whether there was one. */
  #takeLine(): boolean {
    const end = this.#input.indexOf('\n')
    if (end < 0) {
      if (this.#input.length > MAX_LINE_LENGTH) {
        this.#input = ''
        this.#reply(500, 'Line too long')
        this.close()
      }
      return false
    }
    const line = this.#input.slice(0, end).replace(/\r$/, '')
    this.#input = this.#input.slice(end + 1)
    if (this.#authentication) this.#authenticate(this.#authentication, line)
    else this.#command(line)
    return true
  }

  #command(line: string): void {
    const [, verb = '', rest = ''] = /^(\S*)[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    const command = verb.toUpperCase()
    if (command === 'QUIT') return this.#answer('quit', 221, 'Bye', () => this.close())
    if (this.#refused) return this.#reply(503, 'Bad sequence of commands')
    if (this.server.requireTls && !this.isEncrypted && !BEFORE_TLS.has(command)) return this.#refuse(NEEDS_STARTTLS)
    switch (command) {
      case 'HELO':
      case 'EHLO':
        return this.#hello(command, rest)
      case 'MAIL':
        return this.#mail(rest)
      case 'RCPT':
        return this.#rcpt(rest)
      case 'DATA':
        return this.#data(rest)
      case 'STARTTLS':
        return this.#starttls(rest)
      case 'AUTH':
        return this.#auth(rest)
      case 'RSET':
        this.#resetTransaction()
        return this.#reply(250, 'OK')
      case 'NOOP':
        return this.#reply(250, 'OK')
      case 'VRFY':
        return rest === '' ? this.#reply(501, 'Syntax: VRFY address') : this.#reply(252, 'Cannot VRFY user, try RCPT')
      case 'HELP':
        return this.#reply(214, 'HELO EHLO MAIL RCPT DATA RSET NOOP QUIT VRFY')
      case 'EXPN':
        return this.#reply(502, 'Command not implemented')
      default:
        return this.#reply(500, 'Command not recognized')
    }
  }

  #hello(command: string, name: string): void {
    if (name === '') return this.#reply(501, `Syntax: ${command} hostname`)
    const extensions = command === 'EHLO' ? ['PIPELINING', '8BITMIME', 'SMTPUTF8', ...this.#extensions()] : []
    this.#answer('helo', 250, [this.server.hostname, ...extensions], (code) => {
      if (code >= 400) return
      this.#helo = name
      this.#resetTransaction()
    })
  }

  #extensions(): string[] {
    const { starttls, accounts, requireTls } = this.server
    return [
      ...(starttls && !this.isEncrypted ? ['STARTTLS'] : []),
      ...(accounts && (this.isEncrypted || !requireTls) ? [`AUTH ${MECHANISMS.join(' ')}`] : []),
    ]
  }

  /** Discards input after the command, which was not protected, and resets the session (RFC 3207, section 4.2). */
  #starttls(rest: string): void {
    const { starttls } = this.server
    if (!starttls) return this.#reply(502, 'Command not implemented')
    if (this.isEncrypted) return this.#reply(503, 'Bad sequence of commands')
    if (rest !== '') return this.#reply(501, 'Syntax: STARTTLS')
    this.#answer('starttls', 220, 'Ready to start TLS', (code) => {
      if (code >= 300) return
      this.#input = ''
      this.#helo = undefined
      this.#login = undefined
      this.#resetTransaction()
      this.expectTls(starttls)
    })
  }

  #auth(rest: string): void {
    const { accounts, requireTls } = this.server
    if (!accounts) return this.#reply(502, 'Command not implemented')
    if (this.#helo === undefined || this.#from !== undefined || this.#login !== undefined)
      return this.#reply(503, 'Bad sequence of commands')
    if (requireTls && !this.isEncrypted) return this.#refuse(NEEDS_ENCRYPTION)
    const [name = '', response, ...more] = rest.split(/[ \t]+/)
    if (name === '' || more.length > 0) return this.#reply(501, 'Syntax: AUTH mechanism')
    const mechanism = MECHANISMS.find((each) => each === name.toUpperCase())
    if (mechanism === undefined) return this.#refuse(UNKNOWN_MECHANISM)
    this.#authenticate(new Authentication(mechanism, accounts), response)
  }

  #authenticate(authentication: Authentication, response: string | undefined): void {
    const outcome = authentication.next(response)
    this.#authentication = 'challenge' in outcome ? authentication : undefined
    if ('challenge' in outcome) return this.#reply(334, outcome.challenge)
    if ('refused' in outcome) return this.#answer('auth', outcome.refused.code, outcome.refused.text, () => undefined)
    this.#answer('auth', AUTHENTICATED.code, AUTHENTICATED.text, (code) => {
      if (code < 300) this.#login = { user: outcome.user, mechanism: authentication.mechanism }
    })
  }

  #mail(rest: string): void {
    const { accounts, authOptional } = this.server
    if (this.#helo === undefined || this.#from !== undefined) return this.#reply(503, 'Bad sequence of commands')
    if (accounts && !authOptional && !this.#login) return this.#refuse(NOT_AUTHENTICATED)
    const path = PATH.exec(rest)
    if (!path || !/^FROM/i.test(rest)) return this.#reply(501, 'Syntax: MAIL FROM:<address>')
    this.#answer('mail', 250, 'OK', (code) => {
      if (code < 400) this.#from = path[1]!
    })
  }

  #rcpt(rest: string): void {
    if (this.#from === undefined) return this.#reply(503, 'Bad sequence of commands')
    const path = PATH.exec(rest)
    if (!path?.[1] || !/^TO/i.test(rest)) return this.#reply(501, 'Syntax: RCPT TO:<address>')
    this.#answer('rcpt', 250, 'OK', (code) => {
      if (code < 400) this.#recipients.push(path[1]!)
    })
  }

  #data(rest: string): void {
    if (rest !== '') return this.#reply(501, 'Syntax: DATA')
    if (this.#from === undefined) return this.#reply(503, 'Bad sequence of commands')
    if (this.#recipients.length === 0) return this.#reply(554, 'No valid recipients')
    this.#answer('data', 354, 'End data with <CR><LF>.<CR><LF>', (code) => {
      this.#inBody = code >= 300 && code < 400
      this.#searched = 0
    })
  }

  /** Handles a complete body; returns whether there was one. */
  #takeBody(): boolean {
    const empty = this.#input.startsWith('.\r\n')
    const end = empty ? 0 : this.#input.indexOf('\r\n.\r\n', this.#searched)
    if (end < 0) {
      this.#searched = Math.max(0, this.#input.length - 4)
      return false
    }
    const body = this.#input.slice(0, empty ? 0 : end + 2).replace(/(^|\r\n)\./g, '$1')
    this.#input = this.#input.slice(empty ? 3 : end + 5)
    this.#inBody = false
    const envelope = {
      ...{ from: this.#from!, recipients: this.#recipients, helo: this.#helo! },
      ...this.#login,
      tls: this.isEncrypted,
    }
    this.#resetTransaction()
    this.#answer('body', 250, 'OK', (code) => {
      if (code < 300) this.server.received(parseMail(body, envelope, this.owner.world.scheduler.clock.now))
    })
    return true
  }

  #resetTransaction(): void {
    this.#from = undefined
    this.#recipients = []
  }

  /** Replies at a step with configurable behavior. `then` is called with the code after the reply is sent. */
  #answer(step: SmtpStep, code: number, text: string | readonly string[], then: (code: number) => void): void {
    this.after(this.server.delay, () => {
      const behavior = this.server.behaviorAt(step)
      if (behavior === 'drop') return this.close()
      if (behavior === 'reset') return this.reset()
      if (behavior === 'hang') {
        this.#silent = true
        return
      }
      const sent = behavior?.code ?? code
      this.#send(sent, behavior ? behavior.text : text)
      then(sent)
      if (sent === 421) this.close()
    })
  }

  #refuse({ code, text }: SmtpReply): void {
    this.#reply(code, text)
  }

  #reply(code: number, text: string): void {
    this.after(this.server.delay, () => this.#send(code, text))
  }

  #send(code: number, text: string | readonly string[]): void {
    const lines = typeof text === 'string' ? [text] : text
    this.send(encodeText(lines.map((line, i) => `${code}${i < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('')))
  }
}
