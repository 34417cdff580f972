/** lua/mailers.lua: what it mails, and what it does when a mail server is not up to it. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../src/sim/index.js'

const script = readFileSync(new URL('../../lua/mailers.lua', import.meta.url), 'utf8')

interface Setting {
  readonly load?: string
  readonly mailers?: string
  readonly backend?: string
  readonly servers?: string
}

const configuration = ({ load = 'lua-load', mailers = 'mailer m1 127.0.0.1:25', backend = '', servers }: Setting) => `
global
    stats socket /run/cli
    log 127.0.0.1:514 local0
    nbthread 2
    tune.lua.bool-sample-conversion normal
    ${load} mailers.lua
mailers mail
    timeout mail 2s
    ${mailers}
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
    ${backend}
    ${servers ?? 'server s1 10.0.0.1:80 check inter 1s\n    server s2 10.0.0.2:80'}
backend silent
    server s1 10.0.0.1:80 check inter 1s
`

/** A world with a mail server at 127.0.0.1:25 and a web server at 10.0.0.1:80. */
const world = (setting: Setting = {}) => {
  const sim = new Simulation()
  const smtp = sim.smtp('127.0.0.1:25')
  const web = sim.http('10.0.0.1:80')
  const haproxy = sim.haproxy({ config: configuration(setting), files: { 'mailers.lua': script }, directory: false })
  haproxy.start()
  return { sim, smtp, web, haproxy }
}

/** What the script warned of. */
const warnings = (haproxy: Haproxy): string[] =>
  haproxy.logs.filter((each) => each.level === 'warning').map((each) => each.message)

const DOWN =
  'Server be1/s2 is DOWN, changed from CLI. 1 active and 0 backup servers left. ' +
  '0 sessions active, 0 requeued, 0 remaining in queue'
const UP =
  'Server be1/s2 is UP, changed from CLI. 2 active and 0 backup servers online. 0 sessions requeued, 0 total in queue'

describe('mailers.lua', () => {
  it("sends mails with HAProxy's messages when a server goes down and up", () => {
    const { sim, smtp, haproxy } = world()
    sim.advance('2s')
    haproxy.cli('set server be1/s2 health down')
    sim.advance('1s')
    haproxy.cli('set server be1/s2 health up')
    sim.advance('1s')
    expect(smtp.mails.map((mail) => mail.subject)).toEqual([`[HAProxy Alert] ${DOWN}`, `[HAProxy Alert] ${UP}`])
    expect(smtp.mails[0]).toMatchObject({
      from: 'from@example.com',
      to: 'to@example.com',
      date: 'Mon, 01 Jan 2024 00:00:02 +0000 (UTC)',
    })
    expect(smtp.mails[0]!.body.trim()).toBe(DOWN)
    expect(warnings(haproxy)).toEqual([])
  })

  it('contains the reason of the check', () => {
    const { sim, smtp, web } = world()
    sim.advance('2s')
    web.refuse()
    sim.advance('5s')
    expect(smtp.mails.map((mail) => mail.subject.replace(/\d+ms/, 'Nms'))).toEqual([
      '[HAProxy Alert] Server be1/s1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", ' +
        'check duration: Nms. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue',
    ])
  })

  it('sends a mail for each change of health if health checks are logged', () => {
    const { sim, smtp, web } = world({ backend: 'option log-health-checks' })
    sim.advance('2s')
    web.refuse()
    sim.advance('5s')
    const subjects = smtp.mails.map((mail) => mail.subject)
    expect(subjects.filter((subject) => subject.includes('Health check for server be1/s1 failed'))).toHaveLength(3)
    expect(subjects.filter((subject) => subject.includes('status: 0/2 DOWN'))).toHaveLength(1)
  })

  it('sends a mail for a drained server, but not for maintenance', () => {
    const { sim, smtp, haproxy } = world()
    for (const state of ['maint', 'ready', 'drain', 'ready']) {
      haproxy.cli(`set server be1/s2 state ${state}`)
      sim.advance('1s')
    }
    expect(smtp.mails.map((mail) => mail.subject)).toEqual([
      '[HAProxy Alert] Server be1/s2 enters drain state. 1 active and 0 backup servers online. ' +
        '0 sessions requeued, 0 total in queue',
    ])
  })

  it('sends only messages up to the configured level', () => {
    const { sim, smtp, haproxy } = world({ backend: 'email-alert level alert' })
    for (const health of ['down', 'up', 'stopping', 'down']) {
      haproxy.cli(`set server be1/s2 health ${health}`)
      sim.advance('1s')
    }
    expect(smtp.mails.map((mail) => mail.subject)).toEqual([`[HAProxy Alert] ${DOWN}`])
  })

  it('sends each mail once if it is loaded for each thread', () => {
    const { sim, smtp, haproxy } = world({ load: 'lua-load-per-thread' })
    haproxy.cli('set server be1/s2 health down')
    sim.advance('1s')
    expect(smtp.mails).toHaveLength(1)
  })

  it('sends to every mail server, including those of IPv6', () => {
    const { sim, smtp, haproxy } = world({ mailers: 'mailer m1 127.0.0.1:25\n    mailer m2 [::1]:26' })
    const other = sim.smtp('[::1]:26')
    haproxy.cli('set server be1/s2 health down')
    sim.advance('1s')
    expect(smtp.mails).toHaveLength(1)
    expect(other.mails).toHaveLength(1)
  })

  it('understands multi-line replies', () => {
    const { sim, smtp, haproxy } = world()
    smtp.answer('connect', 220, ['hello', 'there']).answer('helo', 250, ['a', 'b', 'c'])
    haproxy.cli('set server be1/s2 health down')
    sim.advance('1s')
    expect(smtp.mails).toHaveLength(1)
    expect(warnings(haproxy)).toEqual([])
  })

  it.each(['connect', 'helo', 'mail', 'rcpt', 'data', 'body'] as const)(
    'reports who rejected a mail at %s, and why',
    (step) => {
      const { sim, smtp, haproxy } = world({ mailers: 'mailer m1 127.0.0.1:25\n    mailer m2 [::1]:26' })
      const other = sim.smtp('[::1]:26')
      smtp.answer(step, 554, 'not today')
      haproxy.cli('set server be1/s2 health down')
      sim.advance('1s')
      expect(smtp.mails).toEqual([])
      expect(warnings(haproxy)).toEqual(["Can't send email alert to m1: 554 not today"])
      expect(other.mails).toHaveLength(1)
    },
  )

  it.each(['connect', 'helo', 'mail', 'rcpt', 'data', 'body'] as const)(
    'handles a server that disconnects at %s',
    (step) => {
      const { sim, smtp, haproxy } = world()
      smtp.dropAt(step)
      haproxy.cli('set server be1/s2 health down')
      sim.advance('1s')
      expect(warnings(haproxy)).toHaveLength(1)
      expect(warnings(haproxy)[0]).toMatch(/^Can't send email alert to m1: connection closed/)
      smtp.accept()
      haproxy.cli('set server be1/s2 health up')
      sim.advance('1s')
      expect(smtp.mails.map((mail) => mail.subject)).toEqual([`[HAProxy Alert] ${UP}`])
    },
  )

  it('gives up on a server that hangs, after `timeout mail`', () => {
    const { sim, smtp, haproxy } = world()
    smtp.hang()
    haproxy.cli('set server be1/s2 health down')
    sim.advance('1900ms')
    expect(warnings(haproxy)).toEqual([])
    sim.advance('200ms')
    expect(warnings(haproxy)).toHaveLength(1)
  })

  it('reports that a server does not listen, and keeps the order of mails for others', () => {
    const { sim, smtp, haproxy } = world({ mailers: 'mailer m1 127.0.0.1:27\n    mailer m2 127.0.0.1:25' })
    haproxy.cli('set server be1/s2 health down; set server be1/s2 health up; set server be1/s2 health down')
    sim.advance('20s')
    expect(smtp.mails.map((mail) => / is (\w+)/.exec(mail.subject)![1])).toEqual(['DOWN', 'UP', 'DOWN'])
    expect(warnings(haproxy)).toHaveLength(3)
    expect(warnings(haproxy)[0]).toMatch(/^Can't send email alert to m1: can't connect to 127\.0\.0\.1:27/)
  })

  it('loses no mail if many servers go down at once', () => {
    const servers = Array.from({ length: 150 }, (_, i) => `server w${i} 10.0.0.1:80 track s1`)
    const { sim, smtp, haproxy } = world({
      servers: ['server s1 10.0.0.1:80 check inter 1s', ...servers].join('\n    '),
    })
    haproxy.cli('set server be1/s1 health down')
    sim.advance('500ms')
    expect(new Set(smtp.mails.map((mail) => mail.subject.split(' is ')[0])).size).toBe(151)
  })
})
