/** Our mailers.lua in the real HAProxy: it sends there what it sends here, and what HAProxy's own mailer sends. */
import { readFileSync } from 'node:fs'
import { SMTPServer } from 'smtp-server'
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const script = readFileSync(new URL('../../../../lua/mailers.lua', import.meta.url), 'utf8')

const PORT = 28025
const PORT6 = 28026

const config = (load: string): string => `
global
    stats socket @DIR@/sock level admin
    nbthread 2
    tune.lua.bool-sample-conversion normal
    ${load}
mailers mail
    timeout mail 2s
    mailer m1 127.0.0.1:${PORT}
    mailer m2 [::1]:${PORT6}
defaults
    timeout connect 1s
    timeout client 10s
    timeout server 10s
backend be1
    email-alert mailers mail
    email-alert from from@example.com
    email-alert to to@example.com
    email-alert level info
    email-alert myhostname my.host
    server s1 127.0.0.1:28888 check inter 20s fall 1
    server s2 127.0.0.1:28889 backup
    server s4 127.0.0.1:28889
`

const COMMANDS = [
  'set server be1/s1 health up',
  'set server be1/s4 state drain',
  'set server be1/s4 state ready',
  'set server be1/s4 state maint',
  'set server be1/s4 state ready',
  'set server be1/s4 health stopping',
  'set server be1/s4 health down',
  'set server be1/s1 health down',
  'set server be1/s1 state drain',
  'set server be1/s2 health down',
  'set server be1/s1 state ready',
  'set server be1/s4 health up',
]

/** A real SMTP server; `mails` holds the raw text of each mail, the date and the duration of checks blanked. */
const smtpServer = (host: string, port: number): { readonly mails: string[]; readonly server: SMTPServer } => {
  const mails: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        mails.push(blank(Buffer.concat(parts).toString('utf8')))
        done()
      })
    },
  })
  server.listen(port, host)
  return { mails, server }
}

const blank = (mail: string): string =>
  mail.replace(/^Date: .*$/m, 'Date: D').replaceAll(/duration: \d+ms/g, 'duration: Nms')

/** What the real one mails: to the server of IPv4, and to that of IPv6. */
const theirs = async (load: string): Promise<readonly [string[], string[]]> => {
  const smtp = smtpServer('127.0.0.1', PORT)
  const smtp6 = smtpServer('::1', PORT6)
  const real = await RealHaproxy.start(config(load), { 'mailers.lua': script })
  await real.until(() => real.hasReported('be1/s1 is DOWN'))
  await sleep(300)
  for (const command of COMMANDS) {
    await real.cli(command)
    await sleep(150)
  }
  await sleep(500)
  await real.stop()
  smtp.server.close()
  smtp6.server.close()
  expect(real.hasReported("Can't send")).toBe(false)
  return [smtp.mails, smtp6.mails]
}

const ours = (): readonly [string[], string[]] => {
  const sim = new Simulation()
  const smtp = sim.smtp(`127.0.0.1:${PORT}`)
  const smtp6 = sim.smtp(`[::1]:${PORT6}`)
  const haproxy = sim.haproxy({
    config: config('lua-load mailers.lua').replace('@DIR@', '/run'),
    files: { 'mailers.lua': script },
    directory: false,
  })
  haproxy.start()
  sim.advance('1s')
  for (const command of COMMANDS) {
    haproxy.cli(command)
    sim.advance('150ms')
  }
  return [smtp.mails.map((mail) => blank(mail.raw)), smtp6.mails.map((mail) => blank(mail.raw))]
}

describeUpstream('our mailers.lua', () => {
  it.each(['lua-load mailers.lua', 'lua-load-per-thread mailers.lua'])(
    'sends the same mails in the real HAProxy and here: %s',
    async (load) => {
      const [mails, mails6] = await theirs(load)
      expect(mails).toHaveLength(8)
      expect(mails6).toEqual(mails)
      expect(ours()).toEqual([mails, mails6])
    },
  )

  it("sends the same mails as HAProxy's own mailer", async () => {
    const [mails, mails6] = await theirs('')
    const [own, own6] = ours()
    expect(own).toEqual(mails)
    expect(own6).toEqual(mails6)
  })
})
