/**
 * Servers that come and go, every form of `set server`, and what scripts are told of it: answers, messages, states and the
 * events with all their fields, beside the real HAProxy.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const config = `global
    stats socket @DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load events.lua
defaults
    mode http
    timeout connect 1s
    timeout client 10s
    timeout server 10s
frontend f
    bind unix@@DIR@/fe.sock
backend be
    option httpchk
    default-server weight 7 inter 30s
    server s1 127.0.0.1:1
    server s2 127.0.0.1:1 check fall 1 init-state fully-up inter 1h
    server s3 127.0.0.1:1 track s2
    server s4 127.0.0.1:1 disabled
    server s5 127.0.0.1:+5
    server s6 127.0.0.1:1 backup slowstart 1h id 60
backend st
    balance static-rr
    server a 127.0.0.1:1 weight 20
backend rnd
    balance random
    server a 127.0.0.1:1
backend tcp
    mode tcp
    server a 127.0.0.1:1 track be/s2
backend emp
backend num
    id 40
    server a 127.0.0.1:1 id 7
backend off
    disabled
    server a 127.0.0.1:1
`

const script = readFileSync(new URL('../../fixtures/events.lua', import.meta.url), 'utf8')

/** Each is carried out in the state that those before it left. */
const COMMANDS = [
  // adding, and what speaks against it
  ...['add server', 'add server be', 'add server be/', 'add server help', 'add server x/s', 'add server be/n'],
  ...['add server st/s 127.0.0.1:80', 'add server off/s 127.0.0.1:80', 'add server be/n 127.0.0.1'],
  ...['add server be/n 127.0.0.1:80', 'add server be/s1 127.0.0.1:80', 'add server be/b@d 127.0.0.1:80'],
  ...['add server be/n2 127.0.0.1:80 zork', 'add server be/n2 127.0.0.1:80 wieght 3'],
  ...['add server be/n2 127.0.0.1:80 resolvers x', 'add server be/n2 127.0.0.1:80 init-addr none'],
  ...['add server be/n2 127.0.0.1:80 enabled', 'add server be/n2 127.0.0.1:80 no-check'],
  ...['add server be/n2 127.0.0.1:80 non-stick', 'add server be/n2 localhost:80'],
  ...['add server be/n3 127.0.0.1:80 id 1', 'add server be/n3 127.0.0.1:80 id 0', 'add server be/n3 127.0.0.1:80 id'],
  ...['add server be/n3 127.0.0.1:80 id 50', 'add server be/n4 127.0.0.1:80 check inter 1h'],
  ...['add server be/n5 127.0.0.1 check', 'add server be/n5 127.0.0.1:80 track be/s2'],
  ...['add server be/n6 127.0.0.1:80 track be/zork', 'add server be/n6 127.0.0.1:80 track zork/s1'],
  ...['add server be/n6 127.0.0.1:80 track n4', 'add server be/n6 127.0.0.1:80 track s1'],
  ...['add server be/n6 127.0.0.1:80 check track be/s2', 'add server be/n7 127.0.0.1:80 weight 300'],
  ...['add server be/n8 127.0.0.1:80 disabled weight 5', 'add server be/n9 127.0.0.1:80 inter 10'],
  ...[
    'add server be/n9 127.0.0.1:80 inter',
    'add server be/n9 127.0.0.1:80 rise 0',
    'add server be/n9 127.0.0.1:99999',
  ],
  'add server be/n10 127.0.0.1:80 backup maxconn 10 maxqueue 3 minconn 2 slowstart 1h cookie x',
  ...['add server tcp/n11 127.0.0.1:80 cookie x', 'add server emp/e 127.0.0.1:80', 'add server be/n13 127.0.0.1:+80'],
  ...['add server be/n16 unix@/tmp/x', 'add server rnd/b 127.0.0.1:2', 'add server num/b 127.0.0.1:2'],
  ...['get weight be/n', 'show servers conn be', 'user;add server be/u 127.0.0.1:1;del server be/n'],
  // changing servers that were added
  ...['enable health be/n', 'enable health be/n4', 'enable server be/n', 'enable server be/n4', 'enable server be/n10'],
  ...['set server be/n ssl on', 'set server be/n fqdn foo', 'set server be/n addr 127.0.0.2 port 90'],
  ...[
    'set server be/n weight 9',
    'set server be/n2 weight 50%',
    'set server be/n2 addr 127.0.0.9',
    'enable agent be/n',
  ],
  ...['set server be/n health down', 'set server be/n health up', 'set server be/n health stopping'],
  ...['set server be/n state drain', 'set server be/n state ready', 'set server be/n4 health down'],
  ...['set maxconn server be/n 5', 'set weight rnd/a 5', 'set weight rnd/b 0'],
  // those that follow others
  ...[
    'set server be/s2 health down',
    'enable server be/n5',
    'set server be/n5 health up',
    'set server be/s2 health up',
  ],
  ...['set server be/s2 state drain', 'set server be/s2 state maint', 'set server be/s2 state ready'],
  // removing
  ...['del server', 'del server be', 'del server be/', 'del server x/s', 'del server be/zz', 'del server be/s1'],
  ...['disable server be/s1', 'del server be/s1', 'disable server be/s2', 'del server be/s2', 'enable server be/s2'],
  ...['del server be/n', 'disable server be/n', 'del server be/n', 'add server be/n 127.0.0.1:81', 'del server be/n8'],
  ...['disable server st/a', 'del server st/a', 'del server emp/e', 'add server be/r1 127.0.0.1:1', 'del server be/r1'],
  ...['add server be/r1 127.0.0.1:1 id 99', 'del server be/n5', 'disable server be/s3', 'del server be/s3'],
  ...['set server be/s4 state ready', 'set server be/s4 state maint', 'del server be/s4'],
  // checks and agents
  ...[
    'add server be/ag 127.0.0.1:80 agent-check',
    'add server be/ag 127.0.0.1:80 agent-check agent-port 1 agent-inter 1h',
  ],
  ...['enable server be/ag', 'set server be/ag agent up', 'enable agent be/ag', 'set server be/ag agent down'],
  ...[
    'set server be/ag agent x',
    'set server be/ag agent up',
    'set server be/ag agent-port 99',
    'set server be/ag agent-port',
  ],
  ...['set server be/ag agent-port x', 'set server be/ag agent-addr 127.0.0.3', 'set server be/ag agent-addr x y'],
  ...['set server be/ag agent-addr 127.0.0.4 port 9', 'set server be/ag agent-send hi', 'set server be/ag agent-send'],
  ...[
    'disable agent be/ag',
    'set server be/ag agent up',
    'set server be/ag check-port 3',
    'set server be/n4 check-port 99',
  ],
  ...[
    'set server be/n4 check-port 99999',
    'set server be/n4 check-addr 127.0.0.7',
    'set server be/n4 check-addr ::1 port 80',
  ],
  ...[
    'set server be/n4 check-addr x',
    'disable health be/n4',
    'set server be/n4 check-port 98',
    'set server be/n4 ssl off',
  ],
  ...[
    'set server be/s2 ssl on',
    'set server be/s2 fqdn x',
    'set server be/s2 zork',
    'set server be/s2',
    'set server be/s2 addr',
  ],
  ...['set server be/s2 addr foo', 'set server be/s2 addr 127.0.0.1 port x', 'set server be/s2 addr 127.0.0.1 port +7'],
  ...[
    'set server be/s5 addr 127.0.0.8 port +9',
    'set server be/s2 weight',
    'set server be/s2 weight 257',
    'set server be/s2 state',
  ],
  ...[
    'set server be/s2 state x',
    'set server be/s2 health x',
    'set server be/s2 health',
    'set server be/n16 addr 1.2.3.4',
  ],
  ...[
    'set server off/a state ready',
    'set server be/zz state ready',
    'set server zz/s state ready',
    'set server be state ready',
  ],
  ...['operator;set server be/s2 state maint', 'disable server be/ag', 'del server be/ag'],
  // limits and counters
  ...['set maxconn frontend f 10', 'set maxconn frontend f', 'set maxconn frontend', 'set maxconn frontend x 1'],
  ...['set maxconn frontend f x', 'set maxconn frontend f 12', 'set maxconn global', 'set maxconn global 100000000'],
  ...[
    'set maxconn global 100',
    'set maxconn',
    'set rate-limit',
    'set rate-limit connections',
    'set rate-limit foo global 1',
  ],
  ...['set rate-limit connections global', 'set rate-limit connections global 10', 'set rate-limit sessions global 11'],
  ...[
    'set rate-limit ssl-sessions global 12',
    'set rate-limit http-compression global 13',
    'set rate-limit sessions x 1',
  ],
  ...['clear counters', 'operator;clear counters all;clear counters', 'user;clear counters', 'clear counters all'],
  ...['shutdown session', 'shutdown session 0x12', 'shutdown sessions server', 'disable dynamic-cookie backend'],
  ...['disable dynamic-cookie backend x', 'enable dynamic-cookie backend', 'set dynamic-cookie-key backend x k'],
  ...[
    'get var',
    'get var proc.x',
    'show events',
    'show events nope',
    'show events stdout',
    'show table',
    'show table x',
  ],
  ...['clear table', 'clear table x', 'show peers', 'show cache', 'show tls-keys', 'show anon', 'show sess help'],
  ...['show sess zork', 'show sess 0x12', 'show schema json', 'show resolvers x', 'user;show errors'],
  ...[
    'user;show activity',
    'user;show sess',
    'user;show startup-logs',
    'user;shutdown session 1',
    'user;set maxconn global 1',
  ],
]

/** What differs from one machine, build or moment to the next. */
const comparable = (text: string): string =>
  text
    .replaceAll(/check duration: \d+ms/g, 'check duration: 0ms')
    .replaceAll(/duration=\d+/g, 'duration=0')
    .replaceAll(/^(\d+ \S+ \d+ \S+ \S+ \d+ \d+ \d+ \d+) \d+/gm, '$1 N')

describeUpstream('servers that come, change and go', () => {
  let real: RealHaproxy
  let sim: Simulation
  let ours: Haproxy
  beforeAll(async () => {
    real = await RealHaproxy.start(config, { 'events.lua': script })
    sim = new Simulation()
    sim.network.name('localhost', '127.0.0.1')
    ours = sim.haproxy({
      config: config.replaceAll('@DIR@', '/run'),
      files: { 'events.lua': script },
      directory: false,
    })
    ours.start()
    sim.advance('1ms')
    await sleep(300)
  })
  afterAll(() => real.stop())

  it.each(COMMANDS)('%s', async (command) => {
    const theirs = await real.cli(command)
    const answer = ours.cli(command)
    sim.advance('5ms')
    expect(answer).toBe(theirs)
    const state = 'show servers state'
    expect(comparable(ours.cli(state))).toBe(comparable(await real.cli(state)))
  })

  it('leaves the same statistics', async () => {
    for (const sides of ['-1 4 -1', '-1 2 -1', '-1 1 -1']) {
      const timed = ['lastchg', 'downtime', 'check_duration', 'throttle']
      const columns = (text: string) => {
        const [header, ...rows] = text.split('\n').map((line) => line.split(','))
        return rows.map((row) => row.filter((_, i) => !timed.includes(header![i] ?? '')).join())
      }
      expect(columns(ours.cli(`show stat ${sides}`))).toEqual(columns(await real.cli(`show stat ${sides}`)))
    }
  })

  it('has told the script the same, in the same order', async () => {
    await sleep(200)
    sim.advance('1s')
    expect(ours.output.map(comparable)).toEqual(real.output.map(comparable))
  })

  it('has told the operator the same', () => {
    // after 'add server', what its thread says next may bear the mark of the command
    const plain = (line: string) => comparable(line).replace(/^(\[\w+\] )CLI : /, '$1')
    const said = ours.messages.map(({ severity, text }) => plain(`[${severity}] ${text}`))
    const theirs = real.messages.map((line) =>
      plain(line.replace(/^(ALERT|WARNING|NOTICE) /, (_, tag: string) => `[${tag.toLowerCase()}] `)),
    )
    expect(said.filter((line) => !line.includes('not emulated by hapsim'))).toEqual(
      theirs.filter((line) => !/haproxy version|path to executable/.test(line)),
    )
  })
})
