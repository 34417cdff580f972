/**
 * The scripts that HAProxy ships, byte for byte as shipped, in the real HAProxy and in ours: the same mails with the same
 * subjects and bodies in the same order, the same lines printed.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Simulation, type SmtpServer } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { RealMailServer, RealServer } from '../../support/real-servers.js'
import { describeUpstream, hasUpstream, upstream } from '../../support/upstream.js'

const shipped = (name: string) => (hasUpstream ? readFileSync(upstream(`source/examples/lua/${name}`), 'utf8') : '')

const own = readFileSync(fileURLToPath(new URL('../../../../lua/mailers.lua', import.meta.url)), 'utf8')

/**
 * One thread: with more, a handler of the real one may look at servers in the midst of a change, which here is one step.
 * @param backend lines of the backend; `%1` … are the ports of its servers, `%a` and `%b` those of the mail servers
 */
const config = (load: string, backend: string) => `
global
    log stdout format raw local0 info
    stats socket unix@sock level admin
    tune.lua.bool-sample-conversion normal
    nbthread 1
    ${load}
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    default-server inter 150ms fall 2 rise 2
mailers m
    mailer first 127.0.0.1:%a
    mailer second 127.0.0.1:%b
    timeout mail 2s
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert myhostname lb.example.com
${backend}
`

interface Case {
  readonly script: string
  readonly load: string
  readonly backend: string
  /** `down 1`, `up 1`, `cli …`, each with how many mails there must be afterwards */
  readonly steps: readonly (readonly [string, number])[]
}

const BASIC = `
    email-alert level notice
    server s1 127.0.0.1:%1 check
    server s2 127.0.0.1:%2 check backup`

const CASES: Readonly<Record<string, Case>> = {
  'servers that go and come back': {
    script: 'mailers.lua',
    load: 'lua-load mailers.lua',
    backend: BASIC,
    steps: [
      ['down 1', 1],
      ['down 2', 2],
      ['up 2', 3],
      ['up 1', 4],
    ],
  },
  'every health check': {
    script: 'mailers.lua',
    load: 'lua-load mailers.lua',
    backend: `
    option log-health-checks
    email-alert level info
    server s1 127.0.0.1:%1 check
    server s2 127.0.0.1:%2`,
    steps: [
      ['', 1],
      ['down 1', 4],
      ['up 1', 7],
    ],
  },
  'only what is worth an alert': {
    script: 'mailers.lua',
    load: 'lua-load mailers.lua',
    backend: `
    email-alert level alert
    server s1 127.0.0.1:%1 check
    server s2 127.0.0.1:%2 check`,
    steps: [
      ['down 1', 1],
      ['up 1', 2],
      ['cli set server be1/s2 state drain', 2],
      ['down 2', 2],
    ],
  },
  'operators drain and maintain': {
    script: 'mailers.lua',
    load: 'lua-load mailers.lua',
    backend: `
    email-alert level info
    server s1 127.0.0.1:%1 check
    server s2 127.0.0.1:%2 check track be1/s1`.replace(' check track', ' track'),
    steps: [
      ['cli set server be1/s1 state drain', 2],
      ['down 1', 4],
      ['cli set server be1/s1 state ready', 4],
      ['up 1', 6],
      ['cli set server be1/s1 state maint', 6],
    ],
  },
}

const portsIn = (text: string, ports: readonly number[], mailPorts: readonly number[]): string =>
  text
    .replace(/%(\d)/g, (_, n: string) => String(ports[Number(n) - 1]))
    .replace('%a', String(mailPorts[0]))
    .replace('%b', String(mailPorts[1]))

const undated = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/^Date: .*$/m, 'Date:')
    .replace(/check duration: \d+ms/g, 'check duration: Nms')

const shape = (mail: { from: string; to: readonly string[]; data: string }) => ({
  ...mail,
  data: undated(mail.data).trimEnd(),
})

const realMails = (server: RealMailServer) => server.mails.map(shape)

const simulatedMails = (server: SmtpServer) =>
  server.mails.map((mail) => shape({ from: mail.from, to: mail.recipients, data: mail.raw }))

/** Mails by server: where a handler is interrupted is not deterministic, nor which server is first. */
const byServer = <T extends { readonly data: string }>(mails: readonly T[]): T[] => {
  const server = (mail: T) => /be1\/\w+/.exec(mail.data)![0]
  return [...mails].sort((a, b) => (server(a) < server(b) ? -1 : server(a) > server(b) ? 1 : 0))
}

const play = async (
  { load, backend, steps }: Omit<Case, 'script'>,
  files: Record<string, string>,
  order: <T extends { readonly data: string }>(mails: readonly T[]) => readonly T[] = (mails) => mails,
) => {
  const servers = await Promise.all([1, 2].map(() => new RealServer().up()))
  const mailServers = await Promise.all([1, 2].map(() => new RealMailServer().start()))
  const text = portsIn(
    config(load, backend),
    servers.map((each) => each.port),
    mailServers.map((each) => each.port),
  )
  const real = new RealHaproxy(text, files)
  const simulation = new Simulation()
  const simulated = servers.map(({ port }) => simulation.tcp(`127.0.0.1:${port}`))
  const smtp = mailServers.map(({ port }) => simulation.smtp(`127.0.0.1:${port}`))
  const ours = simulation.haproxy({ config: text, files, directory: false }).start()
  try {
    await real.until(() => real.listensAt('sock'))
    for (const [step, mails] of [['', 0], ...steps] as const) {
      const [verb, argument = ''] = step.split(/ (.*)/)
      if (verb === 'down') {
        await servers[Number(argument) - 1]!.down()
        simulated[Number(argument) - 1]!.refuse()
      } else if (verb === 'up') {
        await servers[Number(argument) - 1]!.up()
        simulated[Number(argument) - 1]!.accept()
      } else if (verb === 'cli') {
        await real.cli(argument)
        ours.cli(argument)
      }
      await real.until(() => mailServers.every((each) => each.mails.length >= mails))
      simulation.runUntil(() => smtp.every((each) => each.mails.length >= mails), '20s')
      await new Promise((resolve) => setTimeout(resolve, 600))
      simulation.advance(600)
    }
    const mails = steps.at(-1)![1]
    mailServers.forEach((server, i) => {
      expect(order(simulatedMails(smtp[i]!))).toEqual(order(realMails(server)))
      expect(server.mails).toHaveLength(mails)
    })
    const printed = real.output.filter((line) => line.startsWith('[DEBUG'))
    expect(ours.output.filter((line) => line.startsWith('[DEBUG')).sort()).toEqual([...printed].sort())
    return { printed, ours }
  } finally {
    await Promise.all([real.stop(), ...servers.map((each) => each.down()), ...mailServers.map((each) => each.stop())])
  }
}

describeUpstream('mails of the script that HAProxy ships', () => {
  it.concurrent.each(Object.entries(CASES))('about %s', async (_name, story) => {
    await play(story, { 'mailers.lua': shipped('mailers.lua') })
  })
})

describeUpstream('mails of our own script', () => {
  // It mails what the built-in mailer does: that a server is back is no alert.
  const cases = Object.entries({
    ...CASES,
    'only what is worth an alert': {
      ...CASES['only what is worth an alert']!,
      steps: CASES['only what is worth an alert']!.steps.map(([step]) => [step, 1] as const),
    },
  })

  it.concurrent.each(cases)('about %s, sent in the real HAProxy and in ours', async (_name, story) => {
    await play(story, { 'mailers.lua': own }, byServer)
  })

  it('are sent once although the script is loaded per thread', async () => {
    const story = CASES['servers that go and come back']!
    await play({ ...story, load: 'nbthread 2\n    lua-load-per-thread mailers.lua' }, { 'mailers.lua': own })
  })
})

describeUpstream('mails without a script', () => {
  // that a server is back is no alert for the built-in mailer
  const cases = Object.entries({
    ...CASES,
    'only what is worth an alert': {
      ...CASES['only what is worth an alert']!,
      steps: CASES['only what is worth an alert']!.steps.map(([step]) => [step, 1] as const),
    },
  })

  it.concurrent.each(cases)('about %s, from the built-in mailers', async (_name, story) => {
    await play({ ...story, load: '' }, {}, byServer)
  })
})

describeUpstream('the event handler that HAProxy ships', () => {
  it('prints the same', async () => {
    const story = CASES['servers that go and come back']!
    const { printed } = await play(
      { ...story, load: 'lua-load event_handler.lua\n    lua-load mailers.lua' },
      { 'event_handler.lua': shipped('event_handler.lua'), 'mailers.lua': shipped('mailers.lua') },
    )
    expect(printed.length).toBeGreaterThan(8)
  })
})
