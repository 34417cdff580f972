/** A real SMTP server that accepts every mail, reports it, and saves it to a file if a directory is given. */
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { MailDirectory } from './mail-directory.js'
import { makeSelfSigned } from './self-signed.js'
import { parseReceivedMail, type MailEnvelope, type Login, type ReceivedMail } from './received-mail.js'

/** How the server offers TLS. */
export type SinkTls = 'starttls' | 'implicit'

export interface MailSinkOptions {
  /** an IP address */
  readonly host: string
  /** 0: chosen by the system */
  readonly port: number
  /** passwords by user; if given, mails are accepted only from authenticated clients */
  readonly accounts?: Readonly<Record<string, string>> | undefined
  /** offer STARTTLS, or use TLS from the start, with a self-signed certificate */
  readonly tls?: SinkTls | undefined
  /** where mails are saved */
  readonly directory?: MailDirectory | undefined
  /** called with each mail in order, and the file it was saved to */
  readonly onMail: (mail: ReceivedMail, file: string | undefined) => void
  /** called if a mail could not be saved or parsed */
  readonly warn: (text: string) => void
}

/** Maximum size of a mail, in bytes. */
const MAX_SIZE = 26_214_400

/** A permanent error: clients do not retry. */
const sizeError = () => Object.assign(new Error('message exceeds the maximum size'), { responseCode: 552 })

const authenticationError = () =>
  Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 })

/** The STARTTLS and AUTH options of the server. */
const securityOptions = ({ host, accounts, tls }: MailSinkOptions): SMTPServerOptions => ({
  secure: tls === 'implicit',
  ...(tls && makeSelfSigned(host)),
  authMethods: ['PLAIN', 'LOGIN'],
  authOptional: accounts === undefined,
  allowInsecureAuth: true,
  disabledCommands: [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(accounts ? [] : ['AUTH'])],
  onAuth: ({ username = '', password, method }, _session, done) => {
    const isKnown = accounts !== undefined && Object.hasOwn(accounts, username) && accounts[username] === password
    const login: Login = { user: username, mechanism: method === 'LOGIN' ? 'LOGIN' : 'PLAIN' }
    // declared as a string, but the server passes any value on
    if (isKnown) done(null, { user: login as unknown as string })
    else done(authenticationError())
  },
})

export class MailSink {
  readonly #server: SMTPServer
  /** resolves once all mails received so far are reported */
  #reported: Promise<void> = Promise.resolve()
  port = 0

  private constructor(readonly options: MailSinkOptions) {
    this.#server = new SMTPServer({
      ...securityOptions(options),
      disableReverseLookup: true,
      closeTimeout: 1000,
      size: MAX_SIZE,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        let length = 0
        stream.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length <= MAX_SIZE) chunks.push(chunk)
        })
        stream.on('end', () => {
          if (stream.sizeExceeded) return done(sizeError())
          const { mailFrom, rcptTo } = session.envelope
          this.#receive(Buffer.concat(chunks), {
            from: mailFrom ? mailFrom.address : '',
            recipients: rcptTo.map((each) => each.address),
            ...(session.user as unknown as Login | undefined),
            ...(session.secure && { tls: true }),
          })
          done()
        })
      },
    })
    this.#server.on('error', () => undefined)
  }

  /** Starts listening. Throws the system's error if that fails. */
  static async start(options: MailSinkOptions): Promise<MailSink> {
    const sink = new MailSink(options)
    await new Promise<void>((resolve, reject) => {
      sink.#server.once('error', reject)
      const server = sink.#server.listen(options.port, options.host, () => {
        sink.port = (server.address() as { port: number }).port
        resolve()
      })
    })
    return sink
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
    await this.#reported
  }

  #receive(content: Buffer, envelope: MailEnvelope): void {
    const file = this.#save(content)
    this.#reported = this.#reported.then(() => this.#report(content, envelope, file))
  }

  #save(content: Buffer): string | undefined {
    try {
      return this.options.directory?.save(content)
    } catch (error) {
      this.options.warn((error as Error).message)
      return undefined
    }
  }

  async #report(content: Buffer, envelope: MailEnvelope, file: string | undefined): Promise<void> {
    const { onMail, warn } = this.options
    try {
      onMail(await parseReceivedMail(PostalMime, content, envelope), file)
    } catch (error) {
      warn(`cannot parse a mail from <${envelope.from}>: ${(error as Error).message}`)
    }
  }
}
