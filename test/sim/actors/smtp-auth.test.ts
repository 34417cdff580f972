/** AUTH and STARTTLS of the SMTP server (RFC 4954, RFC 3207): who may send mails, and what is known of a mail that came. */
import { describe, expect, it } from 'vitest'
import { Simulation, type ClientConnection, type SmtpOptions } from '../../../src/sim/index.js'

const ADDRESS = { family: 'ipv4', ip: '127.0.0.1', port: 25 } as const
const ACCOUNTS = { alerts: 's3cret', ünicode: 'pässword', empty: '' }

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const plain = (user: string, password: string, actFor = ''): string => base64(`${actFor}\0${user}\0${password}`)

const start = (options: SmtpOptions) => {
  const sim = new Simulation({ seed: 1 })
  const smtp = sim.smtp('127.0.0.1:25', { hostname: 'mail.example', ...options })
  const connection: ClientConnection = sim.client().connect(ADDRESS)
  sim.advance('1s')
  let seen = connection.received.length
  const replies = (): string => {
    sim.advance('1s')
    const new_ = connection.received.slice(seen)
    seen = connection.received.length
    return new_.trimEnd()
  }
  return {
    smtp,
    connection,
    /** Says a line, and gives what is answered. */
    say(line: string): string {
      connection.send(`${line}\r\n`)
      return replies()
    },
    secure(): string {
      connection.secure()
      return replies()
    },
    /** Sends a mail as far as that goes, and gives the last reply. */
    mail(): string {
      let reply = ''
      for (const line of [
        'MAIL FROM:<a@example.com>',
        'RCPT TO:<b@example.com>',
        'DATA',
        'Subject: hi\r\n\r\nhi\r\n.',
      ]) {
        reply = this.say(line)
        if (/^[45]/.test(reply)) break
      }
      return reply
    },
  }
}

describe('AUTH', () => {
  it('is offered if there are accounts, in response to EHLO', () => {
    expect(start({ accounts: ACCOUNTS }).say('EHLO me')).toContain('AUTH PLAIN LOGIN')
    expect(start({ accounts: ACCOUNTS }).say('HELO me')).toBe('250 mail.example')
    expect(start({}).say('EHLO me')).not.toContain('AUTH')
    expect(start({}).say('EHLO me')).not.toContain('STARTTLS')
  })

  it.each([
    ['PLAIN at once', [`AUTH PLAIN ${plain('alerts', 's3cret')}`], ['235 2.7.0'], 'alerts', 'PLAIN'],
    ['PLAIN when asked', ['auth plain', plain('alerts', 's3cret')], ['334', '235 2.7.0'], 'alerts', 'PLAIN'],
    ['PLAIN for itself', [`AUTH PLAIN ${plain('alerts', 's3cret', 'alerts')}`], ['235 '], 'alerts', 'PLAIN'],
    [
      'LOGIN',
      ['AUTH LOGIN', base64('alerts'), base64('s3cret')],
      ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6', '235 2.7.0'],
      'alerts',
      'LOGIN',
    ],
    [
      'LOGIN with its user',
      [`AUTH LOGIN ${base64('alerts')}`, base64('s3cret')],
      ['334 UGF', '235 '],
      'alerts',
      'LOGIN',
    ],
    [
      'LOGIN in UTF-8',
      ['AUTH LOGIN', base64('ünicode'), base64('pässword')],
      ['334 ', '334 ', '235 '],
      'ünicode',
      'LOGIN',
    ],
    ['LOGIN without a password', ['AUTH LOGIN', base64('empty'), ''], ['334 ', '334 ', '235 '], 'empty', 'LOGIN'],
  ])('%s authenticates the client, and the mail contains the user', (_, lines, expected, user, mechanism) => {
    const session = start({ accounts: ACCOUNTS })
    session.say('EHLO me')
    lines.forEach((line, i) => expect(session.say(line).startsWith(expected[i]!)).toBe(true))
    expect(session.mail()).toBe('250 OK')
    expect(session.smtp.mails).toMatchObject([{ user, mechanism, tls: false, subject: 'hi' }])
  })

  it.each([
    ['a wrong password', [`AUTH PLAIN ${plain('alerts', 'wrong')}`], '535 5.7.8'],
    ['another user', [`AUTH PLAIN ${plain('nobody', 's3cret')}`], '535 5.7.8'],
    ['a name that every object has', [`AUTH PLAIN ${plain('constructor', '')}`], '535 5.7.8'],
    ['somebody else to act for', [`AUTH PLAIN ${plain('alerts', 's3cret', 'root')}`], '535 5.7.8'],
    ['no password', [`AUTH PLAIN ${base64('\0alerts')}`], '535 5.7.8'],
    ['too many fields', [`AUTH PLAIN ${base64('\0alerts\0s3cret\0more')}`], '535 5.7.8'],
    ['an empty response', ['AUTH PLAIN ='], '535 5.7.8'],
    ['what is no base64', ['AUTH PLAIN ###'], '501 5.5.2'],
    ['base64 that ends too early', ['AUTH LOGIN', 'YWxlcnR'], '501 5.5.2'],
    ['a cancellation', ['AUTH LOGIN', '*'], '501 5.7.0'],
    ['a wrong password of LOGIN', ['AUTH LOGIN', base64('alerts'), base64('x')], '535 5.7.8'],
    ['another mechanism', ['AUTH CRAM-MD5'], '504 5.5.4'],
    ['no mechanism', ['AUTH'], '501 '],
    ['too much', [`AUTH PLAIN ${plain('alerts', 's3cret')} x`], '501 '],
  ])('rejects %s, and mails with it', (_, lines, code) => {
    const session = start({ accounts: ACCOUNTS })
    session.say('EHLO me')
    expect(
      lines
        .map((line) => session.say(line))
        .at(-1)!
        .startsWith(code),
    ).toBe(true)
    expect(session.mail()).toBe('530 5.7.0 Authentication required')
    expect(session.say(`AUTH PLAIN ${plain('alerts', 's3cret')}`)).toMatch(/^235 /)
    expect(session.mail()).toBe('250 OK')
  })

  it('is possible after EHLO, once, and not within a mail', () => {
    const session = start({ accounts: ACCOUNTS, authOptional: true })
    const auth = `AUTH PLAIN ${plain('alerts', 's3cret')}`
    expect(session.say(auth)).toMatch(/^503 /)
    session.say('EHLO me')
    session.say('MAIL FROM:<a@example.com>')
    expect(session.say(auth)).toMatch(/^503 /)
    session.say('RSET')
    expect(session.say(auth)).toMatch(/^235 /)
    expect(session.say(auth)).toMatch(/^503 /)
  })

  it('is not required if optional, and unknown without accounts', () => {
    const optional = start({ accounts: ACCOUNTS, authOptional: true })
    optional.say('EHLO me')
    expect(optional.mail()).toBe('250 OK')
    expect(optional.smtp.mails[0]!.user).toBeUndefined()
    const without = start({})
    without.say('EHLO me')
    expect(without.say('AUTH PLAIN x')).toMatch(/^502 /)
  })

  it('can be given another response by a test', () => {
    const session = start({ accounts: ACCOUNTS })
    session.smtp.answer('auth', 454, '4.7.0 Temporary authentication failure')
    session.say('EHLO me')
    expect(session.say(`AUTH PLAIN ${plain('alerts', 's3cret')}`)).toBe('454 4.7.0 Temporary authentication failure')
    expect(session.mail()).toMatch(/^530 /)
    session.smtp.dropAt('auth')
    session.say(`AUTH PLAIN ${plain('alerts', 's3cret')}`)
    expect(session.connection.ended).toBe(true)
  })

  it('accepts only accounts in the form of passwords by user', () => {
    for (const accounts of [['a', 'b'], 'a:b', { a: 1 }, null])
      expect(() => start({ accounts: accounts as never })).toThrow(
        'invalid accounts: expected a table of passwords by user',
      )
  })
})

describe('STARTTLS', () => {
  it('starts TLS, after which the session begins anew', () => {
    const session = start({ starttls: true, accounts: ACCOUNTS })
    expect(session.say('EHLO me')).toContain('STARTTLS')
    session.say(`AUTH PLAIN ${plain('alerts', 's3cret')}`)
    session.say('MAIL FROM:<a@example.com>')
    expect(session.say('STARTTLS')).toBe('220 Ready to start TLS')
    expect(session.secure()).toBe('')
    expect(session.connection.isEncrypted).toBe(true)
    expect(session.say('RCPT TO:<b@example.com>')).toMatch(/^503 /)
    expect(session.say('MAIL FROM:<a@example.com>')).toMatch(/^503 /)
    const offers = session.say('EHLO me')
    expect(offers).toContain('AUTH PLAIN LOGIN')
    expect(offers).not.toContain('STARTTLS')
    expect(session.mail()).toMatch(/^530 /)
    expect(session.say('STARTTLS')).toMatch(/^503 /)
    session.say(`AUTH PLAIN ${plain('alerts', 's3cret')}`)
    expect(session.mail()).toBe('250 OK')
    expect(session.smtp.mails).toMatchObject([{ user: 'alerts', mechanism: 'PLAIN', tls: true }])
  })

  it('discards commands that were pipelined without protection', () => {
    const session = start({ starttls: true })
    session.say('EHLO me')
    expect(session.say('STARTTLS\r\nMAIL FROM:<injected@example.com>')).toBe('220 Ready to start TLS')
    session.secure()
    session.say('EHLO me')
    expect(session.mail()).toBe('250 OK')
    expect(session.smtp.mails).toMatchObject([{ from: 'a@example.com' }])
  })

  it('ends with a client that continues without TLS, and with a failed handshake', () => {
    const plainly = start({ starttls: true })
    plainly.say('EHLO me')
    plainly.say('STARTTLS')
    plainly.say('MAIL FROM:<a@example.com>')
    expect(plainly.connection.ended).toBe(true)
    const failing = start({ starttls: { handshake: 'close' } })
    failing.say('EHLO me')
    failing.say('STARTTLS')
    failing.secure()
    expect(failing.connection.error).toBe('SSL_HANDSHAKE')
    expect(failing.smtp.mails).toEqual([])
  })

  it('is rejected if it is not offered, or if a test says so', () => {
    const session = start({ starttls: true })
    expect(session.say('STARTTLS now')).toMatch(/^501 /)
    session.smtp.answer('starttls', 454)
    expect(session.say('STARTTLS')).toBe('454 TLS not available due to temporary reason')
    session.say('EHLO me')
    expect(session.mail()).toBe('250 OK')
    expect(start({}).say('STARTTLS')).toMatch(/^502 /)
  })

  it('is required by a server that accepts nothing without it', () => {
    const session = start({ starttls: true, accounts: ACCOUNTS, requireTls: true })
    expect(session.say('EHLO me')).not.toContain('AUTH')
    const demand = '530 5.7.0 Must issue a STARTTLS command first'
    expect(session.say(`AUTH PLAIN ${plain('alerts', 's3cret')}`)).toBe(demand)
    expect(session.say('MAIL FROM:<a@example.com>')).toBe(demand)
    expect(session.say('NOOP')).toMatch(/^250 /)
    session.say('STARTTLS')
    session.secure()
    session.say('EHLO me')
    session.say(`AUTH PLAIN ${plain('alerts', 's3cret')}`)
    expect(session.mail()).toBe('250 OK')
  })
})

describe('a script that authenticates', () => {
  const script = (connect: string) => `
    core.register_task(function()
      local b64 = "AGFsZXJ0cwBzM2NyZXQ="
      local socket = core.tcp()
      socket:${connect}("127.0.0.1", 25)
      local function ask(line)
        if line then socket:send(line .. "\\r\\n") end
        local reply
        repeat reply = socket:receive("*l") until reply:sub(4, 4) ~= "-"
        print(reply)
      end
      ask()
      ask("EHLO haproxy") ask("AUTH PLAIN " .. b64) ask("MAIL FROM:<a@example.com>") ask("RCPT TO:<b@example.com>")
      ask("DATA") ask("Subject: x\\r\\n\\r\\nx\\r\\n.") ask("QUIT")
    end)`

  it.each([
    ['plainly', 'connect', {}, false],
    ['over TLS', 'connect_ssl', { tls: {} }, true],
  ])('%s', (_, connect, options, tls) => {
    const sim = new Simulation({ seed: 1 })
    const smtp = sim.smtp('127.0.0.1:25', { accounts: { alerts: 's3cret' }, ...options })
    const records: object[] = []
    sim.trace.listen((record) => record.type === 'mail' && records.push(record))
    const haproxy = sim.haproxy({
      config: 'global\n stats socket /run/sock\n lua-load s.lua\n',
      files: { 's.lua': script(connect) },
      directory: false,
    })
    haproxy.start()
    sim.advance('5s')
    expect(haproxy.output.map((line) => line.slice(0, 3))).toEqual([
      '220',
      '250',
      '235',
      '250',
      '250',
      '354',
      '250',
      '221',
    ])
    expect(smtp.mails).toMatchObject([{ user: 'alerts', mechanism: 'PLAIN', tls }])
    expect(records).toMatchObject([{ user: 'alerts', mechanism: 'PLAIN', ...(tls && { tls: true }) }])
  })
})
