/** A real mail server in the box: it takes every mail, tells who wants to know, and keeps them as files. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { readMail, type Mail } from '../sim/index.js'

export interface MailSinkOptions {
  readonly host: string
  /** 0: of the system's choosing */
  readonly port: number
  /** where mails are kept, as `0001.eml` and so on; made where it is missing */
  readonly directory?: string | undefined
  /** told of each mail. `at` of it is the microseconds of {@link now}. */
  readonly taken: (mail: Mail) => void
  /** told where a mail could not be kept */
  readonly complain: (text: string) => void
  readonly now: () => number
}

/** The largest mail that is taken, in bytes. */
const LARGEST = 26_214_400

export class MailSink {
  #count = 0
  readonly #server: SMTPServer
  port = 0

  private constructor(readonly options: MailSinkOptions) {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
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
          if (stream.sizeExceeded) return done(new Error('Error: message exceeds fixed maximum message size'))
          const { mailFrom, rcptTo } = session.envelope
          this.#take(Buffer.concat(chunks), {
            from: mailFrom ? mailFrom.address : '',
            recipients: rcptTo.map((each) => each.address),
            helo: session.hostNameAppearsAs,
          })
          done()
        })
      },
    })
    this.#server.on('error', () => undefined)
  }

  /** Listens. Throws the system's error where that is not possible. */
  static async start(options: MailSinkOptions): Promise<MailSink> {
    if (options.directory !== undefined) mkdirSync(options.directory, { recursive: true })
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

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #take(content: Buffer, envelope: Parameters<typeof readMail>[1]): void {
    const { directory, taken, complain, now } = this.options
    const number = ++this.#count
    if (directory !== undefined)
      try {
        writeFileSync(join(directory, `${String(number).padStart(4, '0')}.eml`), content)
      } catch (error) {
        complain(`cannot keep mail ${number} in ${directory}: ${(error as Error).message}`)
      }
    taken(readMail(content.toString('latin1'), envelope, now()))
  }
}
