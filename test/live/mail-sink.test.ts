/** The mail server in the box: what it is sent is kept to the byte, and shown so that one can read it. */
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MailDirectory } from '../../src/live/mail-directory.js'
import { MailSink } from '../../src/live/mail-sink.js'
import type { ReceivedMail } from '../../src/live/received-mail.js'
import { sendMail, SmtpClient } from '../support/smtp-client.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
let sink: MailSink
const mails: ReceivedMail[] = []
const files: (string | undefined)[] = []
const complaints: string[] = []

const start = (): Promise<MailSink> =>
  MailSink.start({
    host: '127.0.0.1',
    port: 0,
    directory: new MailDirectory(folder),
    onMail(mail, file) {
      mails.push(mail)
      files.push(file)
    },
    warn: (text) => void complaints.push(text),
  })

beforeEach(async () => {
  for (const list of [mails, files, complaints]) list.length = 0
  folder = temporaryFolder('mails')
  sink = await start()
})

afterEach(() => sink.stop())

/** Sends it and returns what is shown of it. */
const shown = async (content: string | Uint8Array, to?: readonly string[]): Promise<ReceivedMail> => {
  await sendMail(sink.port, { content: Buffer.from(content), ...(to && { to }) })
  while (mails.length === 0) await new Promise((done) => setTimeout(done, 5))
  return mails[0]!
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('a mail that is displayed', () => {
  it('shows its header and text in UTF-8', async () => {
    expect(await shown('Subject: drüben 💌\r\n\r\nGrüße, 你好\r\n')).toMatchObject({
      from: 'a@example.com',
      to: 'b@example.com',
      subject: 'drüben 💌',
      body: 'Grüße, 你好',
    })
  })

  it('decodes encoded words and other character sets', async () => {
    const mail =
      'Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?8J+SjA==?=\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n'
    expect(await shown(latin1(`${mail}Gr\xfc\xdfe\r\n`))).toMatchObject({ subject: 'Grüße💌', body: 'Grüße' })
  })

  it('decodes transfer encodings', async () => {
    const header = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    expect((await shown(`${header}Gr=C3=BC=C3=9Fe and a soft=\r\n break\r\n`)).body).toBe('Grüße and a soft break')
  })

  it('lists attachments by name without their contents', async () => {
    const part = (type: string, more: string, content: string) =>
      `--b\r\nContent-Type: ${type}\r\n${more}\r\n${content}\r\n`
    const report = part(
      'application/pdf',
      'Content-Disposition: attachment; filename="report.pdf"\r\nContent-Transfer-Encoding: base64\r\n',
      Buffer.alloc(5000, 7).toString('base64'),
    )
    const mail = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part('text/plain', '', 'see the file')}${report}--b--\r\n`
    expect((await shown(mail)).body).toBe('see the file\n[attachment report.pdf, application/pdf, 5000 bytes]')
  })

  it('contains a note if it is HTML only', async () => {
    expect((await shown('Content-Type: text/html\r\n\r\n<p>Hello</p>\r\n')).body).toMatch(/^\[HTML only, \d+ bytes\]$/)
  })

  it('is truncated to a readable length', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `line ${i}`)
    const { body, to } = await shown(
      `Subject: long\r\n\r\n${'x'.repeat(1_000_000)}\r\n${lines.join('\r\n')}\r\n`,
      Array.from({ length: 300 }, (_, i) => `r${i}@example.com`),
    )
    const [first, ...rest] = body.split('\n')
    expect(first).toBe(`${'x'.repeat(1000)}… (1000000 characters)`)
    expect(rest.slice(-2)).toEqual(['line 198', '… and 301 more lines'])
    expect(to).toMatch(/^r0@example\.com, .*r19@example\.com, … and 280 more recipients$/)
  })

  it('contains no control sequences for the terminal', async () => {
    const { subject, body } = await shown('Subject: \x1b]0;title\x07\r\n\r\n\x1b[8mhidden\r\n')
    expect(subject + body).not.toContain('\x1b')
  })

  it.each(['no header at all', '', 'Subject: x\r\nno header line'])(
    'shows content that is not a mail as received (%j)',
    async (text) => {
      expect((await shown(`${text}\r\n`)).body.replaceAll('\n', '\r\n')).toBe(text)
    },
  )

  it('that cannot be parsed is saved, and reported', async () => {
    await sendMail(sink.port, {
      content: Buffer.from('Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n'.repeat(1000)),
    })
    while (complaints.length === 0) await new Promise((done) => setTimeout(done, 5))
    expect(complaints[0]).toMatch(/^cannot parse a mail from <a@example\.com>: /)
    expect(readdirSync(folder)).toEqual(['0001.eml'])
  })
})

describe('a mail that is saved', () => {
  const same = async (content: Uint8Array): Promise<void> => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    await sendMail(sink.port, { content })
    const [name, ...more] = readdirSync(folder)
    expect(more).toEqual([])
    expect(readFileSync(join(folder, name!)).equals(content)).toBe(true)
  }

  it.each([
    ['.\r\n..\r\n.hidden\r\n...\r\nend\r\n'],
    ['bare\nline feeds\rand\0others\r\n'],
    [`${'x'.repeat(1_000_000)}\r\n`],
    ['\r\n'],
    ['\xff\xfe\x80 eight bits\r\n'],
  ])('is identical to what was sent, byte by byte (%#)', (content) => same(latin1(content)))

  it('is identical to what was sent, for any content', async () => {
    const piece = fc.oneof(
      fc.constantFrom('.', '..', '\r\n', '\n', '\r', '.\r\n', '\r\n.'),
      fc.string({ unit: 'binary' }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        // a client doubles the dots of lines that end as SMTP has them
        const text = pieces.join('').replace(/(?<!\r)\n|\r(?!\n)/g, '\r\n')
        await same(Buffer.from(`${text}\r\n`))
      }),
      { numRuns: 30 },
    )
  })

  it('has a new number after those of former runs, and overwrites nothing', async () => {
    writeFileSync(join(folder, '0041.eml'), 'former')
    writeFileSync(join(folder, 'notes.txt'), '')
    await sink.stop()
    sink = await start()
    writeFileSync(join(folder, '0043.eml'), 'of somebody else')
    for (let i = 0; i < 3; i++) await sendMail(sink.port, { content: Buffer.from(`Subject: ${i}\r\n\r\n`) })
    await sink.stop()
    expect(readdirSync(folder)).toEqual(['0041.eml', '0042.eml', '0043.eml', '0044.eml', 'notes.txt'])
    expect(readFileSync(join(folder, '0043.eml'), 'utf8')).toBe('of somebody else')
    expect(complaints).toEqual([`cannot save a mail as ${join(folder, '0043.eml')}: File exists`])
    expect(files).toEqual([join(folder, '0042.eml'), undefined, join(folder, '0044.eml')])
  })

  it('is displayed even if it can no longer be saved', async () => {
    rmSync(folder, { recursive: true })
    expect((await shown('Subject: lost\r\n\r\n')).subject).toBe('lost')
    expect(complaints).toEqual([`cannot save a mail as ${join(folder, '0001.eml')}: No such file or directory`])
  })
})

const NOBODY = 65_534

/** Run as root, who may access everything, drops to another user. */
const withoutPrivileges = (action: () => unknown): void => {
  const user = process.geteuid!()
  if (user === 0) process.seteuid!(NOBODY)
  try {
    action()
  } finally {
    if (user === 0) process.seteuid!(user)
  }
}

describe('a directory for mails', () => {
  it('is rejected with a reason if it is not a directory or cannot be created', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(() => new MailDirectory(file)).toThrow(`cannot save mails in '${file}': File exists`)
    expect(() => new MailDirectory(join(file, 'x'))).toThrow('Not a directory')
    expect(() => new MailDirectory('')).toThrow("cannot save mails in '': No such file or directory")
    expect(() => new MailDirectory('/proc/mails/of/hapsim')).toThrow('No such file or directory')
  })

  it('is rejected if it is not writable', () => {
    chmodSync(folder, 0o500)
    expect(() => withoutPrivileges(() => new MailDirectory(folder))).toThrow('Permission denied')
  })
})

describe('a client', () => {
  it('is told that a mail is too large, and may send another', async () => {
    const client = new SmtpClient(sink.port)
    await client.reply()
    await client.ask('EHLO client.example.com')
    await client.ask('MAIL FROM:<a@example.com>')
    await client.ask('RCPT TO:<b@example.com>')
    await client.ask('DATA')
    for (let i = 0; i < 27; i++) client.say(`${'x'.repeat(1_048_574)}\r\n`)
    expect(await client.ask('.')).toMatch(/^552 /)
    expect(await client.ask('NOOP')).toMatch(/^250 /)
    client.leave()
    expect(readdirSync(folder)).toEqual([])
  })

  it('that never ends a line, or leaves in the middle of a mail, does not affect others', async () => {
    const [endless, gone] = [new SmtpClient(sink.port), new SmtpClient(sink.port)]
    await Promise.all([endless.reply(), gone.reply()])
    for (let i = 0; i < 16; i++) endless.say('x'.repeat(65_536))
    for (const command of ['EHLO x', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA'])
      await gone.ask(command)
    gone.say('Subject: half\r\n\r\n')
    gone.leave()
    expect((await shown('Subject: whole\r\n\r\n')).subject).toBe('whole')
    expect(readdirSync(folder)).toEqual(['0001.eml'])
    endless.leave()
  })

  it('that is connected when the server stops does not delay it', async () => {
    const client = new SmtpClient(sink.port)
    await client.reply()
    await sink.stop()
    expect(await client.reply()).toMatch(/^421 |closed/)
  })
})
