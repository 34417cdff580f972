/** The mail sink with accounts and TLS, and clients that log in. */
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { MailSink, type MailSinkOptions } from '../../src/live/mail-sink.js'
import type { ReceivedMail } from '../../src/live/received-mail.js'

const ACCOUNTS = { alerts: 's3cret' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const AUTH = `AUTH PLAIN ${base64('\0alerts\0s3cret')}`

let sink: MailSink | undefined
let client: Client | undefined
const mails: ReceivedMail[] = []

afterEach(async () => {
  client?.leave()
  await sink?.stop()
  mails.length = 0
})

const start = async (options: Partial<MailSinkOptions>): Promise<number> => {
  sink = await MailSink.start({
    host: '127.0.0.1',
    port: 0,
    onMail: (mail) => void mails.push(mail),
    warn: () => undefined,
    ...options,
  })
  return sink.port
}

/** Says a line and waits for the whole reply. */
class Client {
  #socket: Socket | TLSSocket
  #heard = ''
  #wake: (() => void) | undefined

  constructor(port: number, tls = false) {
    this.#socket = tls
      ? connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
      : connectPlain(port, '127.0.0.1')
    this.#listen()
  }

  #listen(): void {
    this.#socket.setEncoding('utf8')
    this.#socket.on('data', (text: string) => {
      this.#heard += text
      this.#wake?.()
    })
    this.#socket.on('error', () => undefined)
  }

  async reply(): Promise<string> {
    while (!/^\d{3} [^]*\r\n$/m.test(this.#heard)) await new Promise<void>((resolve) => (this.#wake = resolve))
    const reply = this.#heard
    this.#heard = ''
    return reply
  }

  ask(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`)
    return this.reply()
  }

  async startTls(): Promise<void> {
    const socket = this.#socket
    socket.removeAllListeners('data')
    this.#socket = connectTls({ socket, rejectUnauthorized: false })
    await new Promise<void>((resolve) => this.#socket.once('secureConnect', resolve))
    this.#listen()
  }

  async mail(): Promise<string> {
    let reply = ''
    for (const line of ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA', 'Subject: hi\r\n\r\nhi\r\n.']) {
      reply = await this.ask(line)
      if (/^[45]/.test(reply)) break
    }
    return reply
  }

  leave(): void {
    this.#socket.destroy()
  }
}

const dial = async (port: number, tls = false): Promise<Client> => {
  client = new Client(port, tls)
  expect(await client.reply()).toMatch(/^220 /)
  return client
}

const taken = async (): Promise<ReceivedMail> => {
  while (mails.length === 0) await new Promise((done) => setTimeout(done, 5))
  return mails[0]!
}

describe('the mail sink', () => {
  it('offers neither AUTH nor STARTTLS by default', async () => {
    const session = await dial(await start({}))
    expect(await session.ask('EHLO me')).not.toMatch(/AUTH|STARTTLS/)
    await session.mail()
    expect(await taken()).not.toHaveProperty('user')
    expect(mails[0]).not.toHaveProperty('tls')
  })

  it('accepts mails of authenticated clients, and reports the user', async () => {
    const session = await dial(await start({ accounts: ACCOUNTS }))
    expect(await session.ask('EHLO me')).toContain('AUTH PLAIN LOGIN')
    expect(await session.mail()).toMatch(/^530 /)
    expect(await session.ask(`AUTH PLAIN ${base64('\0alerts\0wrong')}`)).toMatch(/^535 /)
    expect(await session.ask(`AUTH PLAIN ${base64('\0constructor\0x')}`)).toMatch(/^535 /)
    expect(await session.ask('AUTH CRAM-MD5')).toMatch(/^504 /)
    expect(await session.ask('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6\r\n')
    expect(await session.ask(base64('alerts'))).toBe('334 UGFzc3dvcmQ6\r\n')
    expect(await session.ask(base64('s3cret'))).toMatch(/^235 /)
    expect(await session.mail()).toMatch(/^250 /)
    expect(await taken()).toMatchObject({ user: 'alerts', mechanism: 'LOGIN', subject: 'hi' })
  })

  it('offers STARTTLS with a self-signed certificate', async () => {
    const session = await dial(await start({ tls: 'starttls', accounts: ACCOUNTS }))
    expect(await session.ask('EHLO me')).toContain('STARTTLS')
    expect(await session.ask('STARTTLS')).toMatch(/^220 /)
    await session.startTls()
    expect(await session.ask('EHLO me')).not.toContain('STARTTLS')
    expect(await session.ask(AUTH)).toMatch(/^235 /)
    expect(await session.mail()).toMatch(/^250 /)
    expect(await taken()).toMatchObject({ user: 'alerts', mechanism: 'PLAIN', tls: true })
  })

  it('uses TLS from the first byte', async () => {
    const session = await dial(await start({ tls: 'implicit' }), true)
    await session.ask('EHLO me')
    expect(await session.mail()).toMatch(/^250 /)
    expect(await taken()).toMatchObject({ tls: true })
  })
})
