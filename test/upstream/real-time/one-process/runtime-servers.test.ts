/**
 * Servers that come and go and every form of `set server`: answers, messages, states, statistics, and the events that scripts get with all
 * their fields, beside the real HAProxy.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { CONVERSATIONS } from './runtime-servers-cases.js'

const config = `global
    stats socket @DIR@/sock level admin
    nbthread 1
    maxconn 100
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

/** What differs from one machine, build or moment to the next. */
const comparable = (text: string): string =>
  text
    .replaceAll(/check duration: \d+ms/g, 'check duration: 0ms')
    .replaceAll(/duration=\d+/g, 'duration=0')
    .replaceAll(/^(\d+ \S+ \d+ \S+ \S+ \d+ \d+ \d+ \d+) \d+/gm, '$1 N')

/** Statistics less the columns that depend on time. */
const TIMED = ['lastchg', 'downtime', 'check_duration', 'throttle']
const untimed = (text: string): string[] => {
  const [header, ...rows] = text.split('\n').map((line) => line.split(','))
  return rows.map((row) => row.filter((_, i) => !TIMED.includes(header![i] ?? '')).join())
}

const commandsOf = (text = ''): string[] => text.split('\n').filter((line) => line !== '')

/** Both processes, in the state in which their scripts have run. */
const startBoth = async (): Promise<{ real: RealHaproxy; sim: Simulation; ours: Haproxy }> => {
  const sim = new Simulation()
  sim.network.name('localhost', '127.0.0.1')
  const ours = sim.haproxy({
    config: config.replaceAll('@DIR@', '/run'),
    files: { 'events.lua': script },
    directory: false,
  })
  ours.start()
  sim.advance('1ms')
  const real = await RealHaproxy.start(config, { 'events.lua': script })
  await real.until(() => real.output.length >= ours.output.length)
  return { real, sim, ours }
}

describeUpstream('the runtime API about servers: answers, states, statistics, events and messages', () => {
  it.each(Object.entries(CONVERSATIONS))('%s', async (_, { given, commands }) => {
    const { real, sim, ours } = await startBoth()
    try {
      const ask = async (command: string): Promise<{ theirs: string; answer: string }> => {
        const theirs = await real.cli(command)
        const answer = ours.cli(command)
        sim.advance('5ms')
        return { theirs, answer }
      }
      for (const command of commandsOf(given)) await ask(command)
      for (const command of commandsOf(commands)) {
        const { theirs, answer } = await ask(command)
        expect(answer, command).toBe(theirs)
        const states = await ask('show servers state')
        expect(comparable(states.answer), command).toBe(comparable(states.theirs))
      }
      for (const sides of ['-1 4 -1', '-1 2 -1', '-1 1 -1']) {
        const statistics = await ask(`show stat ${sides}`)
        expect(untimed(statistics.answer)).toEqual(untimed(statistics.theirs))
      }

      sim.advance('1s')
      await real.until(() => real.output.length >= ours.output.length)
      expect(ours.output.map(comparable)).toEqual(real.output.map(comparable))

      // after 'add server', what its thread logs next may have the tag of the command
      const untagged = (line: string): string => comparable(line).replace(/^(\[\w+\] )CLI : /, '$1')
      const messages = ours.messages.map(({ severity, text }) => untagged(`[${severity}] ${text}`))
      const theirs = real.messages.map((line) =>
        untagged(line.replace(/^(ALERT|WARNING|NOTICE) /, (_, tag: string) => `[${tag.toLowerCase()}] `)),
      )
      expect(messages.filter((line) => !line.includes('not emulated by hapsim'))).toEqual(
        theirs.filter((line) => !/haproxy version|path to executable/.test(line)),
      )
    } finally {
      await real.stop()
    }
  })
})
