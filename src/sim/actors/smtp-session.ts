/** One dialogue of an SMTP server: commands in, replies out (RFC 5321, section 4). */
import { encodeText } from '../../bytes/text.js'
import type { Connection } from '../../net/network.js'
import { readMail } from './mail.js'
import { Session, toText } from './session.js'
import type { SmtpServer, SmtpStep } from './smtp.js'

/** What one line may have, generously (RFC 5321 asks for 512 and 1000). */
const LONGEST_LINE = 8192

const PATH = /^(?:FROM|TO):[ \t]*<(?:@[^:>]*:)?([^<>\x00-\x20]*)>(?:[ \t].*)?$/i

export class SmtpSession extends Session {
  #input = ''
  #greeted = false
  /** the greeting was a refusal: only QUIT is taken */
  #refused = false
  #helo: string | undefined
  #from: string | undefined
  #recipients: string[] = []
  #inBody = false
  /** it hangs at a step: nothing more is taken or said */
  #silent = false
  /** where the search for the end of a body goes on */
  #searched = 0

  constructor(
    readonly server: SmtpServer,
    connection: Connection,
  ) {
    super(server, connection)
  }

  protected take(): void {
    if (this.#silent) return this.#ignore()
    this.#input += toText(this.connection.read())
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

  /** Takes one command; whether there was one. */
  #takeLine(): boolean {
    const end = this.#input.indexOf('\n')
    if (end < 0) {
      if (this.#input.length > LONGEST_LINE) {
        this.#input = ''
        this.#reply(500, 'Line too long')
        this.close()
      }
      return false
    }
    const line = this.#input.slice(0, end).replace(/\r$/, '')
    this.#input = this.#input.slice(end + 1)
    this.#command(line)
    return true
  }

  #command(line: string): void {
    const [, verb = '', rest = ''] = /^(\S*)[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    const command = verb.toUpperCase()
    if (command === 'QUIT') return this.#answer('quit', 221, 'Bye', () => this.close())
    if (this.#refused) return this.#reply(503, 'Bad sequence of commands')
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
      case 'RSET':
        this.#forget()
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
    const extensions = command === 'EHLO' ? ['PIPELINING', '8BITMIME', 'SMTPUTF8'] : []
    this.#answer('helo', 250, [this.server.hostname, ...extensions], (code) => {
      if (code >= 400) return
      this.#helo = name
      this.#forget()
    })
  }

  #mail(rest: string): void {
    if (this.#helo === undefined || this.#from !== undefined) return this.#reply(503, 'Bad sequence of commands')
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

  /** Takes a whole body; whether it was there. */
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
    const envelope = { from: this.#from!, recipients: this.#recipients, helo: this.#helo! }
    this.#forget()
    this.#answer('body', 250, 'OK', (code) => {
      if (code < 300) this.server.received(readMail(body, envelope, this.owner.world.scheduler.clock.now))
    })
    return true
  }

  #forget(): void {
    this.#from = undefined
    this.#recipients = []
  }

  /** Answers at a step that tests can change. `then` learns which code was sent, once it was. */
  #answer(step: SmtpStep, code: number, text: string | readonly string[], then: (code: number) => void): void {
    this.after(this.server.delay, () => {
      const manner = this.server.manner(step)
      if (manner === 'drop') return this.close()
      if (manner === 'reset') return this.reset()
      if (manner === 'hang') {
        this.#silent = true
        return
      }
      const given = manner?.code ?? code
      this.#say(given, manner ? manner.text : text)
      then(given)
      if (given === 421) this.close()
    })
  }

  #reply(code: number, text: string): void {
    this.after(this.server.delay, () => this.#say(code, text))
  }

  #say(code: number, text: string | readonly string[]): void {
    const lines = typeof text === 'string' ? [text] : text
    this.send(encodeText(lines.map((line, i) => `${code}${i < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('')))
  }
}
