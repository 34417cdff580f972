/**
 * Mail servers that misbehave: the script that HAProxy ships says the same about them in the real HAProxy and in ours, and
 * the mails after a failed one are not lost.
 */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { SMTP_STEPS, Simulation, type SmtpServer } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream, upstream } from '../../support/upstream.js'

/** What a mail server does at a step of the dialogue, on its first connection; on later ones it does its work. */
type Behavior = 'answer 550' | 'close' | 'hang' | 'answer in two lines'

type Step = (typeof SMTP_STEPS)[number]

const COMMANDS: Readonly<Record<Step, string>> = {
  connect: '',
  helo: 'HELO',
  mail: 'MAIL',
  rcpt: 'RCPT',
  data: 'DATA',
  body: '.',
  quit: 'QUIT',
}

const DEFAULTS: Readonly<Record<Step, string>> = {
  connect: '220 ready',
  helo: '250 hello',
  mail: '250 ok',
  rcpt: '250 ok',
  data: '354 go on',
  body: '250 taken',
  quit: '221 bye',
}

/** A small real mail server; `taken` counts the mails for which it said 250. */
const realMailServer = (step: Step, behavior: Behavior) => {
  const state = { taken: 0, connections: 0, backAgain: false }
  const server = new RealServer((socket: Socket) => {
    const misbehaves = state.connections++ === 0
    let inBody = false
    const reach = (at: Step) => {
      if (misbehaves && at === step) {
        if (behavior === 'hang') return
        if (behavior === 'close') return void socket.end()
        if (behavior === 'answer 550') return void socket.write('550 no\r\n')
        socket.write(`${DEFAULTS[at].slice(0, 3)}-more\r\n`)
      }
      if (at === 'body') state.taken++
      socket.write(`${DEFAULTS[at]}\r\n`)
      if (at === 'quit') socket.end()
      inBody = at === 'data'
    }
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('data', (data: string) => {
      const lines = (rest + data).split('\r\n')
      rest = lines.pop()!
      for (const line of lines) {
        if (inBody && /^Subject: .* is UP/.test(line)) state.backAgain = true
        const at = SMTP_STEPS.find((each) => each !== 'connect' && line.startsWith(COMMANDS[each]))
        if (inBody ? line === '.' : at !== undefined) reach(inBody ? 'body' : at!)
      }
    })
    reach('connect')
  })
  return { server, state }
}

const misbehave = (server: SmtpServer, step: Step, behavior: Behavior): void => {
  if (behavior === 'close') server.dropAt(step)
  else if (behavior === 'answer 550') server.answer(step, 550, 'no')
  else if (behavior === 'answer in two lines')
    server.answer(step, Number(DEFAULTS[step].slice(0, 3)), ['more', DEFAULTS[step].slice(4)])
  else server.hangAt(step)
}

const CONFIG = (web: number, mail: number) => `
global
    log stdout format raw local0 info
    stats socket unix@sock level admin
    tune.lua.bool-sample-conversion normal
    nbthread 1
    lua-load mailers.lua
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    default-server inter 100ms fall 1 rise 1
mailers m
    mailer mail1 127.0.0.1:${mail}
    timeout mail 700ms
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert myhostname lb.example.com
    server s1 127.0.0.1:${web} check
`

const BEHAVIORS: readonly Behavior[] = ['answer 550', 'close', 'hang', 'answer in two lines']

const ofMails = (lines: readonly string[]): string[] => lines.filter((line) => line.includes('email alert'))

describeUpstream('a mail server', () => {
  it.concurrent.each(SMTP_STEPS.flatMap((step) => BEHAVIORS.map((behavior) => [behavior, step] as const)))(
    'that does "%s" at step "%s" is reported as by the real HAProxy, and receives the next mail',
    async (behavior, step) => {
      const files = { 'mailers.lua': readFileSync(upstream('source/examples/lua/mailers.lua'), 'utf8') }
      const web = await new RealServer().up()
      const { server: mailServer, state } = realMailServer(step, behavior)
      await mailServer.up()
      const config = CONFIG(web.port, mailServer.port)
      const real = new RealHaproxy(config, files)
      const simulation = new Simulation()
      const ourWeb = simulation.tcp(`127.0.0.1:${web.port}`)
      const smtp = simulation.smtp(`127.0.0.1:${mailServer.port}`)
      misbehave(smtp, step, behavior)
      const ours = simulation.haproxy({ config, files, directory: false }).start()
      try {
        await real.until(() => real.listensAt('sock'))
        simulation.advance(200)
        await web.down()
        ourWeb.refuse()
        await real.until(() => state.connections === 1)
        await web.up()
        await real.until(() => state.backAgain)
        await new Promise((resolve) => setTimeout(resolve, 50))
        simulation.advance('2s')
        smtp.accept()
        ourWeb.accept()
        simulation.advance('2s')
        expect(ofMails(ours.logs.map((log) => log.message))).toEqual(ofMails(real.output))
        expect(smtp.mails.length).toBe(state.taken)
        expect(smtp.mails.at(-1)!.subject).toContain('s1 is UP')
      } finally {
        await Promise.all([real.stop(), web.down(), mailServer.down()])
      }
    },
  )
})
