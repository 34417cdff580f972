/** Servers with unresolvable names at the start: the real HAProxy and ours give them the same state and print the same messages. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const CONFIG = `
global
    stats socket unix@sock level admin
    nbthread 1
defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend be
    server none no.such.host.invalid:80 check init-addr none
    server libc no.such.host.invalid:80 init-addr last,libc,none
    server fallback no.such.host.invalid:80 init-addr libc,127.0.0.5
    server fixed 127.0.0.1:80 init-addr none
    server off no.such.host.invalid:80 disabled init-addr none
    server tracking 127.0.0.1:80 track none
    server-template t 2 no.such.host.invalid:80 init-addr none
backend disabled
    disabled
    server s1 no.such.host.invalid:80
`

const COMMANDS = [
  'show servers state',
  'show servers conn',
  'set server be/libc state ready',
  'set server be/libc state drain',
  'show servers state be',
  'set server be/off state ready',
  'show servers state be',
]

/** Less what depends on when it is asked: the time since the last change. */
const steady = (answer: string): string =>
  answer
    .split('\n')
    .map((line) => line.split(' '))
    .map((words) => (words.length > 20 ? words.map((word, i) => (i === 9 ? '' : word)) : words).join(' '))
    .join('\n')

const STATUS = ['pxname', 'svname', 'status', 'act', 'bck', 'addr']

const statuses = (answer: string): string[] => {
  const [head = '', ...rows] = answer.trim().replace(/^# /, '').split('\n')
  const columns = STATUS.map((name) => head.split(',').indexOf(name))
  return rows.map((row) => columns.map((column) => row.split(',')[column]).join(','))
}

describeUpstream('servers whose names cannot be resolved', () => {
  it('start in the same state', async () => {
    const real = await RealHaproxy.start(CONFIG)
    try {
      const simulation = new Simulation()
      const haproxy = simulation.haproxy({ config: CONFIG })
      haproxy.start()
      simulation.advance('10ms')
      for (const command of COMMANDS) expect(steady(haproxy.cli(command))).toBe(steady(await real.cli(command)))
      expect(statuses(haproxy.cli('show stat'))).toEqual(statuses(await real.cli('show stat')))
      const notices = real.messages.filter((line) => line.includes('could not resolve')).map((line) => line.slice(7))
      expect(haproxy.messages.filter((each) => each.severity === 'notice').map((each) => each.text)).toEqual(notices)
      expect(notices).toHaveLength(2)
    } finally {
      await real.stop()
    }
  })
})
