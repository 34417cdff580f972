/** Servers that are added while a simulation runs: checked, mailed about by mailers.lua, and gone again. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'
import { upstream } from '../upstream/support/upstream.js'

const config = `
global
    log stdout format raw local0 info
    tune.lua.bool-sample-conversion normal
    stats socket unix@/run/haproxy.sock level admin
    lua-load mailers.lua
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
mailers m
    mailer mail1 127.0.0.1:25
backend be1
    option httpchk
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    server srv1 10.0.0.1:80
`

const shipped = upstream('source/examples/lua/mailers.lua')
const scripts: Record<string, string> = {
  ours: readFileSync(new URL('../../lua/mailers.lua', import.meta.url), 'utf8'),
}
if (existsSync(shipped)) scripts['the one that HAProxy ships'] = readFileSync(shipped, 'utf8')
else console.warn(`SKIPPED: the mailers.lua that HAProxy ships, as ${shipped} is not there`)

describe.each(Object.entries(scripts))('an added server, with mailers.lua: %s', (_, script) => {
  it('is checked and reported by mail until it is removed', () => {
    const sim = new Simulation()
    const smtp = sim.smtp('127.0.0.1:25')
    const web = sim.http('10.0.0.9:80')
    const haproxy = sim.haproxy({ config, files: { 'mailers.lua': script }, directory: false }).start()
    sim.advance('1s')
    expect(haproxy.cli('add server be1/new 10.0.0.9:80 check inter 1s fall 1 rise 1')).toBe(
      'New server registered.\n\n',
    )
    sim.advance('3s')
    expect(web.requests.length).toBe(0)
    expect(haproxy.server('be1/new').status).toBe('MAINT')
    haproxy.cli('enable health be1/new; enable server be1/new')
    sim.advance('3s')
    expect(web.requests.length).toBeGreaterThan(1)
    web.refuse()
    sim.advance('3s')
    web.accept()
    sim.advance('3s')
    expect(haproxy.cli('del server be1/new')).toBe('Only servers in maintenance mode can be deleted.\n\n')
    expect(haproxy.cli('disable server be1/new; del server be1/new')).toBe('\nServer deleted.\n\n')
    sim.advance('3s')
    const subjects = smtp.mails.map(({ subject }) => /Server be1\/new (?:is \w+|\w+ \w+)/.exec(subject)?.[0])
    expect(subjects).toContain('Server be1/new is DOWN')
    expect(subjects.filter((subject) => subject === 'Server be1/new is UP').length).toBeGreaterThan(0)
    const requests = web.requests.length
    sim.advance('10s')
    expect(web.requests.length).toBe(requests)
    expect(haproxy.events.map(({ name }) => name).filter((name) => /ADD|DEL/.test(name))).toEqual([
      'SERVER_ADD',
      'SERVER_DEL',
    ])
    expect(() => haproxy.server('be1/new')).toThrow(RangeError)
  })
})

describe('thousands of added and removed servers', () => {
  it('leave nothing behind', () => {
    const sim = new Simulation()
    const haproxy = sim.haproxy({ config: config.replace('lua-load mailers.lua', ''), directory: false }).start()
    const { process } = haproxy
    const tasks = process.threads.tasks.size
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 2000; i++) haproxy.cli(`add server be1/s${i} 10.0.0.${i % 250}:80 check`)
      expect(process.backendNamed('be1')!.servers.length).toBe(2001)
      sim.advance('1s')
      for (let i = 0; i < 2000; i++) haproxy.cli(`del server be1/s${i}`)
    }
    expect(process.backendNamed('be1')!.servers.length).toBe(1)
    expect(process.threads.tasks.size).toBe(tasks)
  })
})

describe('a command given at a time', () => {
  it('may have a payload', async () => {
    const { planAction, makeSurroundings } = await import('../../src/sim/index.js')
    const sim = new Simulation()
    const haproxy = sim.haproxy({
      config: `${config.replace('lua-load mailers.lua', 'lua-load map.lua')}`,
      files: { 'map.lua': 'Map.new("virt@m")' },
      directory: false,
    })
    sim.at(
      '2s',
      planAction(
        'cli add map virt@m <<\\na 1\\nb  2 3\\n',
        haproxy,
        makeSurroundings(sim, haproxy.process.configuration),
      ),
    )
    haproxy.start()
    sim.advance('3s')
    expect(haproxy.cli('get map virt@m b')).toContain('value="2 3"')
  })
})

it.each([
  ['a server of the configuration', 'be1/static', 'PROXY TCP4 '],
  ['an added server', 'be1/plain', 'OPTIONS / HTTP/1.'],
  ['an added server with check-send-proxy', 'be1/explicit', 'PROXY TCP4 '],
])('checks of %s with send-proxy begin as those of HAProxy', (_, path, beginning) => {
  const sim = new Simulation()
  const web = sim.tcp('10.0.0.9:80')
  const check = '10.0.0.9:80 send-proxy check inter 1s'
  const name = path.slice('be1/'.length)
  const haproxy = sim
    .haproxy({
      config: `${config.replace('lua-load mailers.lua', '').replace(/ +email-alert.*\n/g, '')}    ${name === 'static' ? `server static ${check}` : ''}\n`,
      directory: false,
    })
    .start()
  if (name !== 'static') {
    haproxy.cli(`add server ${path} ${check}${name === 'explicit' ? ' check-send-proxy' : ''}`)
    haproxy.cli(`enable health ${path}; enable server ${path}`)
  }
  sim.advance('3s')
  expect(web.received.slice(0, beginning.length)).toBe(beginning)
})
