/** HAProxy's example scripts run unchanged, and do what their comments say. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'
import '../../src/vitest/index.js'
import { REAL } from './support/programs.js'
import { RealHaproxy, sleep } from './support/real-haproxy.js'
import { describeUpstream, hasUpstream, upstream } from './support/upstream.js'
import { randomLoopback } from './traffic/harness/addresses.js'

const FOLDER = upstream('source/examples/lua')

const scripts = hasUpstream ? readdirSync(FOLDER).filter((name) => name.endsWith('.lua')) : []

const read = (name: string): string => readFileSync(`${FOLDER}/${name}`, 'utf8')

const config = (script: string, host: string, backend: string): string => `global
  nbthread 1
  stats socket unix@sock level admin
  tune.lua.bool-sample-conversion normal
  lua-load ${script}
defaults
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend fe
  bind ${host}:8000
backend be
  balance roundrobin
  ${backend}
`

/** Changes of servers by the runtime API, each kind of event among them. */
const CHANGES = [
  'add server be/s2 127.0.0.1:8002',
  'enable server be/s2',
  'set server be/s1 state maint',
  'set server be/s1 state ready',
  'set server be/s1 state drain',
  'set server be/s1 health down',
  'set server be/s1 health up',
  'disable server be/s2',
  'del server be/s2',
]

const eventHandler = async (script: string): Promise<void> => {
  const text = (host: string): string => config(script, host, 'server s1 127.0.0.1:8001')
  const files = { [script]: read(script) }
  const real = await RealHaproxy.start(text(randomLoopback()), files, REAL)
  try {
    for (const command of CHANGES) {
      await real.cli(command)
      await sleep(50)
    }
    const simulation = new Simulation()
    const haproxy = simulation.haproxy({ config: text('127.0.0.1'), files }).start()
    for (const command of CHANGES) {
      haproxy.cli(command)
      simulation.advance('50ms')
    }
    expect(haproxy.output).toEqual(real.output)
    for (const event of ['ADD', 'DEL', 'UP', 'DOWN'])
      expect(haproxy.output.join('\n')).toContain(`[DEBUG - FROM LUA]\tEventType.SERVER_${event}: server be/s`)
  } finally {
    await real.stop()
  }
}

/** Sends the alerts that the section `mailers` asks for, in place of the built-in mailer. */
const mailers = (script: string): void => {
  const simulation = new Simulation()
  const smtp = simulation.smtp('192.0.2.25:25')
  const web = simulation.http('10.0.0.1:80')
  const backend = `email-alert mailers m
  email-alert from haproxy@example.com
  email-alert to ops@example.com
  email-alert level info
  server s1 10.0.0.1:80 check inter 1s fall 1 rise 1
mailers m
  mailer mail1 192.0.2.25:25`
  const haproxy = simulation
    .haproxy({ config: config(script, '127.0.0.1', backend), files: { [script]: read(script) } })
    .start()
  simulation.advance('5s')
  web.refuse()
  simulation.advance('5s')
  web.accept()
  simulation.advance('5s')
  expect(smtp.mails.map(({ from, to }) => [from, to])).toEqual(
    Array.from({ length: 2 }, () => ['haproxy@example.com', 'ops@example.com']),
  )
  expect(smtp.mails[0]!.subject).toMatch(/^\[HAProxy Alert\] Server be\/s1 is DOWN/)
  expect(smtp.mails[1]!.subject).toMatch(/^\[HAProxy Alert\] Server be\/s1 is UP/)
  expect(haproxy).not.toHaveLuaErrors()
}

/** What each script is driven by. */
const STORIES: Readonly<Record<string, (script: string) => void | Promise<void>>> = {
  'event_handler.lua': eventHandler,
  'mailers.lua': mailers,
}

describeUpstream("HAProxy's example", () => {
  it.each(scripts)('%s', { timeout: 30_000 }, (script) => {
    expect(STORIES, 'the scripts that are driven').toHaveProperty([script])
    return STORIES[script]!(script)
  })
})
