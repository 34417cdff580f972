import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../../src/engine/index.js'
import { SmtpServer, SMTP_STEPS, type SmtpStep } from '../../../src/sim/actors/index.js'
import { decodeWords, parseMail } from '../../../src/sim/actors/mail.js'
import { address, Dialogue, place } from './world.js'

const start = (seed = 1) => {
  const w = place(seed)
  const smtp = new SmtpServer(w.here, address('127.0.0.1:25'), { hostname: 'mx.example' })
  return { ...w, smtp, dial: () => new Dialogue(w, '127.0.0.1:25') }
}

const MAIL =
  'From: a@x\r\nTo: b@y\r\nSubject: Hello\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n\r\nOne\r\n..two\r\n\r\nthree\r\n.\r\n'

/** What was said at each step until something went wrong. */
const sendMail = (dialogue: Dialogue): string[] => {
  const lines = ['', 'HELO me\r\n', 'MAIL FROM: <a@x>\r\n', 'RCPT TO: <b@y>\r\n', 'DATA\r\n', MAIL, 'QUIT\r\n']
  return lines.map((line) => dialogue.say(line))
}

describe('an SMTP server', () => {
  it('accepts a mail and keeps it parsed', () => {
    const { smtp, dial } = start()
    const dialogue = dial()
    expect(sendMail(dialogue).map((reply) => reply.slice(0, 4))).toEqual([
      '220 ',
      '250 ',
      '250 ',
      '250 ',
      '354 ',
      '250 ',
      '221 ',
    ])
    expect(dialogue.ended).toBe(true)
    expect(smtp.mails).toHaveLength(1)
    expect(smtp.mails[0]).toMatchObject({
      from: 'a@x',
      to: 'b@y',
      recipients: ['b@y'],
      helo: 'me',
      subject: 'Hello',
      date: 'Mon, 1 Jan 2024 00:00:00 +0000',
      headers: { from: 'a@x', to: 'b@y', subject: 'Hello' },
      body: 'One\n.two\n\nthree',
    })
  })

  it('understands commands regardless of segmentation and pipelining', () => {
    const all = `ehlo me\r\nmail from:<a@x> SIZE=10\r\nRCPT TO:<b@y>\r\nrcpt to:<c@y>\r\nDATA\r\n${MAIL}NOOP\r\nQUIT\r\n`
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: all.length }), { maxLength: 12 }), (cuts) => {
        const { smtp, dial } = start()
        const dialogue = dial()
        const places = [0, ...cuts.sort((a, b) => a - b), all.length]
        for (let i = 1; i < places.length; i++) dialogue.say(all.slice(places[i - 1], places[i]))
        expect(smtp.mails.map((mail) => [mail.to, mail.body])).toEqual([['b@y, c@y', 'One\n.two\n\nthree']])
        expect(dialogue.heard.match(/^\d{3} /gm)).toEqual(
          [220, 250, 250, 250, 250, 354, 250, 250, 221].map((code) => `${code} `),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('answers EHLO in several lines', () => {
    const { dial } = start()
    const dialogue = dial()
    dialogue.say('')
    expect(dialogue.say('EHLO me\r\n')).toMatch(/^250-mx\.example\r\n(250-[^\r]*\r\n)*250 [^\r]*\r\n$/)
  })

  // RFC 5321: 4.1.4 on the order of commands, 4.2.2 on codes, 4.5.1 on the commands that must be there
  it.each([
    ['MAIL FROM:<a@x>', 503],
    ['HELO me|RCPT TO:<b@y>', 503],
    ['HELO me|DATA', 503],
    ['HELO me|MAIL FROM:<a@x>|DATA', 554],
    ['HELO me|MAIL FROM:<a@x>|MAIL FROM:<a@x>', 503],
    ['HELO me|MAIL FROM:<a@x>|RSET|RCPT TO:<b@y>', 503],
    ['HELO', 501],
    ['HELO me|MAIL FROM:a@x', 501],
    ['HELO me|MAIL TO:<a@x>', 501],
    ['HELO me|MAIL FROM:<>', 250],
    ['HELO me|MAIL FROM:<a@x>|RCPT TO:<>', 501],
    ['HELO me|MAIL FROM:<@relay,@other:a@x>', 250],
    ['VRFY b', 252],
    ['NOOP', 250],
    ['EXPN list', 502],
    ['XYZZY', 500],
    ['', 500],
  ])('%s is answered with %i', (commands, code) => {
    const { dial } = start()
    const dialogue = dial()
    dialogue.say('')
    const replies = commands.split('|').map((command) => dialogue.say(`${command}\r\n`))
    expect(replies.at(-1)).toMatch(new RegExp(`^${code} `))
  })

  it.each(SMTP_STEPS.filter((step) => step !== 'quit'))('accepts no mail if %s is answered with 554', (step) => {
    const { smtp, dial } = start()
    smtp.answer(step, 554, 'no')
    const replies = sendMail(dial())
    expect(replies.join('')).toContain('554 no\r\n')
    expect(smtp.mails).toEqual([])
    smtp.accept()
    sendMail(dial())
    expect(smtp.mails).toHaveLength(1)
  })

  it('a 421 response closes the connection', () => {
    const { smtp, dial } = start()
    smtp.answer('mail', 421)
    const dialogue = dial()
    sendMail(dialogue)
    expect(dialogue.heard).toMatch(/421 [^\r]*\r\n$/)
    expect(dialogue.ended).toBe(true)
  })

  it.each(SMTP_STEPS)('can close and reset at %s', (step: SmtpStep) => {
    const { smtp, dial } = start()
    smtp.dropAt(step)
    const dropped = dial()
    sendMail(dropped)
    expect([dropped.ended, dropped.error]).toEqual([true, undefined])
    smtp.resetAt(step)
    const reset = dial()
    sendMail(reset)
    expect([reset.ended, reset.error]).toEqual([false, 'ECONNRESET'])
    expect(smtp.mails).toHaveLength(step === 'quit' ? 2 : 0)
  })

  it('delays its responses', () => {
    const { smtp, dial } = start()
    smtp.slow('3s')
    const dialogue = dial()
    expect(dialogue.say('', 2 * SECOND)).toBe('')
    expect(dialogue.say('HELO me\r\nNOOP\r\n', 2 * SECOND)).toMatch(/^220 [^\r]*\r\n$/)
    expect(dialogue.say('', 10 * SECOND).match(/^\d+/gm)).toEqual(['250', '250'])
  })

  it('refuses, hangs, disappears and resets, and recovers', () => {
    const { smtp, dial } = start()
    smtp.refuse()
    const refused = dial()
    refused.say('')
    expect(refused.error).toBe('ECONNREFUSED')
    smtp.reset()
    const reset = dial()
    reset.say('')
    expect(reset.error).toBe('ECONNRESET')
    smtp.hang('connect')
    const lost = dial()
    lost.say('')
    expect(lost.connection.state).toBe('connecting')
    smtp.hang()
    const silent = dial()
    expect(silent.say('HELO me\r\n')).toBe('')
    expect(silent.connection.state).toBe('open')
    smtp.accept()
    expect(silent.say('').match(/^\d+/gm)).toEqual(['220', '250'])
  })

  it('sends nothing on existing connections while it hangs', () => {
    const { smtp, dial } = start()
    const dialogue = dial()
    dialogue.say('HELO me\r\n')
    smtp.hang()
    expect(dialogue.say('NOOP\r\n')).toBe('')
    smtp.accept()
    expect(dialogue.say('')).toBe('250 OK\r\n')
  })

  it('reports mails and writes them to the trace', () => {
    const { smtp, dial, trace } = start()
    const records: unknown[] = []
    const mails: unknown[] = []
    trace.listen((record) => record.type === 'mail' && records.push(record))
    const stop = smtp.onMail((mail) => mails.push(mail))
    sendMail(dial())
    stop()
    sendMail(dial())
    expect(records[0]).toMatchObject({ server: '127.0.0.1:25', from: 'a@x', to: 'b@y', subject: 'Hello' })
    expect([records.length, mails.length]).toEqual([2, 1])
    expect(mails[0]).toBe(smtp.mails[0])
  })

  it('handles any input', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary-ascii', maxLength: 40 }), { maxLength: 20 }), (texts) => {
        const { smtp, dial } = start()
        const dialogue = dial()
        for (const text of texts) dialogue.say(`${text}\r\n`)
        expect(smtp.mails).toEqual([])
        expect(dialogue.heard).toMatch(/^(\d{3}[ -][^\r\n]*\r\n)*$/)
      }),
      { numRuns: 50 },
    )
  })

  it('rejects invalid reply codes and steps', () => {
    const { smtp } = start()
    expect(() => smtp.answer('mail', 99)).toThrow(RangeError)
    expect(() => smtp.answer('ehlo' as SmtpStep, 250)).toThrow("'ehlo' is not one of connect, helo")
  })
})

describe('a mail', () => {
  const read = (raw: string) =>
    parseMail(Buffer.from(raw, 'utf8').toString('latin1'), { from: '', recipients: [], helo: '', tls: false }, 0)

  it('folded fields are unfolded, repeated ones joined, names in any case', () => {
    const mail = read('SUBJECT: one\r\n two\r\n\tthree\r\nReceived: a\r\nreceived: b\r\n\r\nbody\r\n')
    expect(mail.subject).toBe('one two\tthree')
    expect(mail.headers['received']).toBe('a, b')
    expect(mail.body).toBe('body')
  })

  it('without an empty line: everything that is not a field is the body', () => {
    expect(read('just text\r\nmore\r\n')).toMatchObject({ headers: {}, body: 'just text\nmore' })
    expect(read('Subject: x\r\njust text\r\n')).toMatchObject({ subject: 'x', body: 'just text' })
    expect(read('')).toMatchObject({ headers: {}, body: '', subject: '', date: '' })
  })

  it('is decoded as UTF-8', () => {
    expect(read('Subject: Grüße\r\n\r\n✓\r\n')).toMatchObject({ subject: 'Grüße', body: '✓' })
  })

  // RFC 2047, section 8
  it.each([
    ['=?ISO-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=', 'a b'],
    ['=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=', 'Keld Jørn Simonsen'],
    ['=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=', 'If you can read this yo'],
    ['=?no-such-set?Q?a?=', '=?no-such-set?Q?a?='],
    ['plain = text?', 'plain = text?'],
  ])('%s reads as %s', (text, expected) => {
    expect(decodeWords(text)).toBe(expected)
  })
})
