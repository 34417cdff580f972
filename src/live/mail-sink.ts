/** A real mail server in the box: it takes every mail, tells who wants to know, and keeps them as files. */
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { MailFolder } from './mail-folder.js'
import { selfSigned } from './self-signed.js'
import { readable, type Envelope, type Login, type TakenMail } from './taken-mail.js'

export type SinkTls = 'starttls' | 'implicit'

export interface MailSinkOptions {
  /** an IP address */
  readonly host: string
  /** 0: of the system's choosing */
  readonly port: number
  /** passwords by user: mails are taken only from who has logged in */
  readonly accounts?: Readonly<Record<string, string>> | undefined
  /** TLS is offered (`starttls`), or spoken from the first byte (`implicit`), with a certificate that is made for it */
  readonly tls?: SinkTls | undefined
  /** where mails are kept */
  readonly folder?: MailFolder | undefined
  /** told of each mail, in their order, and of the file that keeps it */
  readonly taken: (mail: TakenMail, file: string | undefined) => void
  /** told where a mail could not be kept or read */
  readonly complain: (text: string) => void
}

/** The largest mail that is taken, in bytes. */
const LARGEST = 26_214_400

/** For good: a client does not try again. */
const tooLarge = () => Object.assign(new Error('message is larger than what is taken here'), { responseCode: 552 })

const INVALID_CREDENTIALS = () =>
  Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 })

/** What STARTTLS and AUTH are to be, for the mail server. */
const securityOf = ({ host, accounts, tls }: MailSinkOptions): SMTPServerOptions => ({
  secure: tls === 'implicit',
  ...(tls && selfSigned(host)),
  authMethods: ['PLAIN', 'LOGIN'],
  authOptional: accounts === undefined,
  allowInsecureAuth: true,
  disabledCommands: [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(accounts ? [] : ['AUTH'])],
  onAuth: ({ username = '', password, method }, _session, done) => {
    const isKnown = accounts !== undefined && Object.hasOwn(accounts, username) && accounts[username] === password
    const login: Login = { user: username, mechanism: method === 'LOGIN' ? 'LOGIN' : 'PLAIN' }
    // the types have a text for the user; the server keeps what it is given
    if (isKnown) done(null, { user: login as unknown as string })
    else done(INVALID_CREDENTIALS())
  },
})

export class MailSink {
  readonly #server: SMTPServer
  /** settled once all mails so far are told */
  #told: Promise<void> = Promise.resolve()
  port = 0

  private constructor(readonly options: MailSinkOptions) {
    this.#server = new SMTPServer({
      ...securityOf(options),
      disableReverseLookup: true,
      closeTimeout: 1000,
      size: LARGEST,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        let length = 0
        stream.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length <= LARGEST) chunks.push(chunk)
        })
        stream.on('end', () => {
          if (stream.sizeExceeded) return done(tooLarge())
          const { mailFrom, rcptTo } = session.envelope
          this.#take(Buffer.concat(chunks), {
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

  /** Listens. Throws the system's error where that is not possible. */
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
    await this.#told
  }

  #take(content: Buffer, envelope: Envelope): void {
    const file = this.#keep(content)
    this.#told = this.#told.then(() => this.#tell(content, envelope, file))
  }

  #keep(content: Buffer): string | undefined {
    try {
      return this.options.folder?.keep(content)
    } catch (error) {
      this.options.complain((error as Error).message)
      return undefined
    }
  }

  async #tell(content: Buffer, envelope: Envelope, file: string | undefined): Promise<void> {
    const { taken, complain } = this.options
    try {
      taken(await readable(PostalMime, content, envelope), file)
    } catch (error) {
      complain(`a mail from <${envelope.from}> cannot be shown: ${(error as Error).message}`)
    }
  }
}
