/** Our own mailers.lua at work: what is mailed, and what becomes of mails when the mail server misbehaves. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SMTP_STEPS, Simulation } from '../../src/sim/index.js'

const script = readFileSync(new URL('../../lua/mailers.lua', import.meta.url), 'utf8')

const CONFIG = `
global
    log stdout format raw local0 info
    stats socket unix@/run/haproxy.sock level admin
    tune.lua.bool-sample-conversion normal
    lua-load mailers.lua
defaults
    mode http
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    default-server inter 1s fall 1 rise 1
mailers m
    mailer mail1 [2001:db8::25]:25
    mailer mail2 127.0.0.1:2525
    timeout mail 3s
backend be1
    option httpchk
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    server srv1 10.0.0.1:80 check
    server srv2 10.0.0.2:80 check backup
`

const world = (config = CONFIG, lua = script) => {
  const sim = new Simulation()
  const smtp = [sim.smtp('[2001:db8::25]:25'), sim.smtp('127.0.0.1:2525')] as const
  const web = [sim.http('10.0.0.1:80'), sim.http('10.0.0.2:80')] as const
  const haproxy = sim.haproxy({ config, files: { 'mailers.lua': lua }, directory: false }).start()
  sim.advance(500)
  const warnings = () => haproxy.logs.map((log) => log.message).filter((message) => message.includes('email alert'))
  return { sim, smtp, web, haproxy, warnings }
}

describe('mailers.lua', () => {
  it('sends a mail to every server of the section, over IPv4 and IPv6, when a server goes down and up', () => {
    const { sim, smtp, web } = world()
    web[0].respond(503)
    sim.advance('2s')
    web[0].accept()
    sim.advance('2s')
    for (const server of smtp)
      expect(server.mails.map((mail) => mail.subject.replace(/\d+ms/, 'Nms'))).toEqual([
        '[HAProxy Alert] Server be1/srv1 is DOWN, reason: Layer7 wrong status, code: 503, info: "Service Unavailable", check duration: Nms. 0 active and 1 backup servers left. Running on backup. 0 sessions active, 0 requeued, 0 remaining in queue',
        '[HAProxy Alert] Server be1/srv1 is UP, reason: Layer7 check passed, code: 200, check duration: Nms. 1 active and 1 backup servers online. 0 sessions requeued, 0 total in queue',
      ])
    const mail = smtp[0].mails[0]!
    expect(mail).toMatchObject({ from: 'haproxy@example.com', to: 'admin@example.com', helo: 'haproxy' })
    expect(mail.headers).toMatchObject({ from: 'haproxy@example.com', to: 'admin@example.com' })
    expect(mail.date).toMatch(/^Mon, 01 Jan 2024 00:00:0\d \+0000 \(UTC\)$/)
    expect(mail.body.trimEnd()).toBe(mail.subject.slice('[HAProxy Alert] '.length))
  })

  it('continues with the other mail server, and with later mails, if one refuses connections', () => {
    const { sim, smtp, web, warnings } = world()
    smtp[0].refuse()
    web[0].refuse()
    // HAProxy tries a refused connection three times more, a second apart
    sim.advance('6s')
    smtp[0].accept()
    web[0].accept()
    sim.advance('3s')
    expect(smtp[0].mails).toHaveLength(1)
    expect(smtp[1].mails).toHaveLength(2)
    expect(warnings()).toHaveLength(1)
    expect(warnings()[0]).toMatch(/^Can't send email alert to mail1: can't connect to 2001:db8::25:25/)
  })

  it.each(SMTP_STEPS.filter((step) => step !== 'quit'))(
    'reports the response of a server that rejects at step "%s"',
    (step) => {
      const { sim, smtp, web, warnings } = world()
      smtp[0].answer(step, 554, 'go away')
      web[0].refuse()
      sim.advance('3s')
      expect(warnings()).toEqual(["Can't send email alert to mail1: 554 go away"])
      expect(smtp.map((server) => server.mails.length)).toEqual([0, 1])
    },
  )

  it.each(SMTP_STEPS.filter((step) => step !== 'quit'))(
    'waits `timeout mail` for a server that hangs at step "%s", and continues',
    (step) => {
      const { sim, smtp, web, warnings } = world()
      smtp[0].hangAt(step)
      web[0].refuse()
      sim.advance('2s')
      expect(smtp[1].mails).toHaveLength(0)
      sim.advance('3s')
      expect(smtp[1].mails).toHaveLength(1)
      expect(warnings()).toHaveLength(1)
    },
  )

  it.each(SMTP_STEPS.filter((step) => step !== 'quit'))('handles a connection that breaks at step "%s"', (step) => {
    const { sim, smtp, web, warnings, haproxy } = world()
    smtp[0].resetAt(step)
    smtp[1].dropAt(step)
    web[0].refuse()
    sim.advance('3s')
    smtp.forEach((server) => server.accept())
    web[0].accept()
    sim.advance('3s')
    expect(warnings()).toHaveLength(2)
    expect(smtp.map((server) => server.mails.length)).toEqual([1, 1])
    expect(haproxy.messages.filter((message) => message.severity === 'alert').map((each) => each.text)).toEqual([])
  })

  it('waits for a slow server, and loses no mail meanwhile', () => {
    const { sim, smtp, web } = world()
    smtp[0].slow('2s')
    for (let i = 0; i < 6; i++) {
      if (i % 2 === 0) web[0].refuse()
      else web[0].accept()
      sim.advance('2s')
    }
    sim.advance('3m')
    expect(smtp.map((server) => server.mails.length)).toEqual([6, 6])
  })

  it('reports drains and a server disabled by an operator', () => {
    const { sim, smtp, haproxy } = world()
    haproxy.cli('set server be1/srv1 state drain')
    sim.advance(100)
    haproxy.cli('set server be1/srv2 health down')
    sim.advance('1s')
    expect(smtp[1].mails.map((mail) => mail.subject)).toEqual([
      '[HAProxy Alert] Server be1/srv1 enters drain state. 0 active and 1 backup servers online. Running on backup. 0 sessions requeued, 0 total in queue',
      '[HAProxy Alert] Backup Server be1/srv2 is DOWN, changed from CLI. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue',
      expect.stringContaining('Backup Server be1/srv2 is UP'),
    ])
  })

  it('sends one mail although it is loaded into every thread', () => {
    const { sim, smtp, web } = world(CONFIG.replace('lua-load', 'nbthread 4\n    lua-load-per-thread'))
    web[0].refuse()
    sim.advance('3s')
    expect(smtp.map((server) => server.mails.length)).toEqual([1, 1])
  })
})

describe('without a script', () => {
  it("HAProxy's warning about the built-in mailer is shown", () => {
    const { haproxy } = world(CONFIG.replace('lua-load mailers.lua', ''))
    expect(haproxy.messages.map((message) => message.text)).toEqual([
      "Legacy mailers used by backend 'be1' will not be supported anymore in version 3.3. You should use Lua to send email-alerts, see 'examples/lua/mailers.lua' file.",
    ])
  })
})
