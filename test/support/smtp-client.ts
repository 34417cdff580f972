/** An SMTP client that sends given bytes and returns the replies. */
import { connect, type Socket } from 'node:net'

/** A conversation: each command is sent once the one before is answered. */
export class SmtpClient {
  readonly #socket: Socket
  readonly #replies: string[] = []
  #rest = ''
  #wake: (() => void) | undefined
  #isOver = false

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setEncoding('utf8')
    this.#socket.on('data', (text: string) => this.#hear(text))
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => {
      this.#isOver = true
      this.#wake?.()
    })
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\r\n')
    this.#rest = lines.pop()!
    this.#replies.push(...lines.filter((line) => /^\d{3} /.test(line)))
    this.#wake?.()
  }

  /** The next reply, its last line; `closed` where none comes any more. */
  async reply(): Promise<string> {
    while (this.#replies.length === 0 && !this.#isOver) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#replies.shift() ?? 'closed'
  }

  say(bytes: string | Uint8Array): void {
    this.#socket.write(bytes)
  }

  async ask(command: string): Promise<string> {
    this.say(`${command}\r\n`)
    return this.reply()
  }

  leave(): void {
    this.#socket.destroy()
  }
}

export interface Letter {
  readonly from?: string
  readonly to?: readonly string[]
  /** with its last line end; dots are doubled on the way */
  readonly content: Uint8Array
}

/** Sends one mail, and returns the reply to its content. */
export const sendMail = async (port: number, { from = 'a@example.com', to = ['b@example.com'], content }: Letter) => {
  const client = new SmtpClient(port)
  await client.reply()
  await client.ask('EHLO client.example.com')
  await client.ask(`MAIL FROM:<${from}> SMTPUTF8 BODY=8BITMIME`)
  for (const each of to) await client.ask(`RCPT TO:<${each}>`)
  await client.ask('DATA')
  client.say(Buffer.from(Buffer.from(content).toString('latin1').replace(/^\./gm, '..'), 'latin1'))
  const answer = await client.ask('.')
  await client.ask('QUIT')
  client.leave()
  return answer
}
