/** `show sess` and `shutdown session`: streams of clients. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/index.js'

const CONFIG = `
global
  log 127.0.0.1:514 local0
defaults
  mode http
  log global
  timeout client 5s
  timeout server 5s
  timeout connect 1s
frontend web
  log-format "%ST %ts %B %r"
  bind 127.0.0.1:8080
  default_backend app
backend app
  server s1 127.0.0.1:9000 on-marked-down shutdown-sessions
`

/** A request whose answer never comes. */
const waiting = () => {
  const sim = new Simulation({ seed: 1 })
  sim.http('127.0.0.1:9000').hang()
  const haproxy = sim.haproxy({ config: CONFIG }).start()
  const client = sim.client().connect('127.0.0.1:8080')
  client.send('GET /x HTTP/1.1\r\nHost: x\r\n\r\n')
  sim.advance('500ms')
  return { sim, haproxy, client }
}

const logs = (haproxy: ReturnType<typeof waiting>['haproxy']) => haproxy.logs.map(({ message }) => message)

it('shows streams with the flags and analysers that HAProxy shows', () => {
  const { haproxy } = waiting()
  const [first] = haproxy.cli('show sess').split('\n')
  expect(first).toMatch(/^0x[\da-f]+: proto=tcpv4 src=127\.0\.0\.1:\d+ fe=web be=app srv=s1 /)
  expect(first).toContain(' rq[f=1840000h,i=0,an=8000h,ax=] rp[f=80000000h,i=0,an=1400000h,ax=] ')
  expect(haproxy.cli('show sess frontend app')).toBe('No such frontend.\n\n')
  expect(haproxy.cli('show sess frontend GLOBAL')).toBe('No such frontend.\n\n')
  expect(haproxy.cli('show sess older 5x')).toBe('Invalid age.\n\n')
  expect(haproxy.cli('show sess older 1d')).toBe('\n')
  expect(haproxy.cli('show sess backend app show-uri')).toContain(' uri="GET /x HTTP/1.1"\n')
  const whole = haproxy.cli('show sess all')
  expect(whole).toContain('  backend=app (id=2 mode=http) addr=127.0.0.1:')
  expect(whole).toContain(' req.st=MSG_DONE rsp.st=MSG_RPBEFORE ')
})

it.each([
  ['shutdown sessions server app/s1', '500 KC 0 GET /x HTTP/1.1'],
  ['set server app/s1 state maint', '500 DC 0 GET /x HTTP/1.1'],
])('%s ends streams without an answer', (command, line) => {
  const { sim, haproxy, client } = waiting()
  haproxy.cli(command)
  sim.advance('100ms')
  expect(client.received).toBe('')
  expect(client.ended).toBe(true)
  expect(logs(haproxy)).toContain(line)
})

it('ends one stream by its number', () => {
  const { sim, haproxy, client } = waiting()
  const [id] = haproxy.cli('show sess').split(':')
  expect(haproxy.cli('shutdown session 0x1')).toBe("No such session (use 'show sess').\n\n")
  haproxy.cli(`shutdown session ${id}`)
  sim.advance('100ms')
  expect(client.ended).toBe(true)
  expect(logs(haproxy)).toEqual(['500 KC 0 GET /x HTTP/1.1'])
  expect(haproxy.cli('show sess frontend web')).toBe('\n')
})

it('counts accepted connections and steps of streams in show activity, until counters are cleared', () => {
  const { haproxy } = waiting()
  const counted = (name: string): number =>
    Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(haproxy.cli('show activity'))![1])
  expect(counted('accepted')).toBe(1)
  expect(counted('stream_calls')).toBeGreaterThan(1)
  haproxy.cli('clear counters')
  expect([counted('accepted'), counted('stream_calls')]).toEqual([0, 0])
})

it('shows a gauge that has fallen below what was cleared as HAProxy does', () => {
  const { sim, haproxy, client } = waiting()
  const open = (): string => {
    const [names, frontend] = haproxy
      .cli('show stat')
      .split('\n')
      .map((line) => line.split(','))
    return frontend![names!.indexOf('h1_open_connections')]!
  }
  expect(open()).toBe('1')
  haproxy.cli('clear counters')
  expect(open()).toBe('0')
  client.reset()
  sim.advance('6s')
  expect(open()).toBe('18446744073709551615')
})
