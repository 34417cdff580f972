/** Answers of the runtime API compared with the real HAProxy's, session by session. Each has a separate process. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const config = `global
    stats socket @DIR@/sock level admin
    nbthread 1
    maxconn 100
defaults
    mode http
    timeout connect 1s
    timeout client 10s
    timeout server 10s
frontend fe1
    bind unix@@DIR@/fe.sock
    default_backend be1
frontend tcpfe
    mode tcp
    bind unix@@DIR@/tcp.sock
    default_backend be1
listen bare
    bind unix@@DIR@/bare.sock
    balance uri
backend be1
    balance leastconn
    server s1 127.0.0.1:1 check inter 1h fall 1 cookie abc
    server s2 127.0.0.1:1 backup weight 5
    server s3 127.0.0.1:1
    server s4 127.0.0.1:1 check disabled maxconn 10 maxqueue 3
    server s5 [::1]:1 track s1
    server s6 127.0.0.1:1 weight 0
backend static
    balance static-rr
    server x 1.2.3.4:80 weight 20
backend dis
    disabled
    server d 127.0.0.1:1
`

const CONVERSATIONS: Readonly<Record<string, readonly string[]>> = {
  'help lists what matches': ['help', 'help show', 'help set', 'help help', 'help xyz'],
  'commands that are unknown, incomplete or empty': [
    ...['foo', 'sow stat', 'set', 'set srv', 'show', 'show schema', 'level admin', 'disable', 'get', 'server', 'st'],
    ...['', ';', 'quit', 'quit;show backend', 'show stat xx 1 1', 'show stat domain foo'],
  ],
  'backends and their servers are listed': ['show backend', 'show servers state nope', 'show servers conn'],
  'set server refuses names that are missing or unknown': [
    ...['set server', 'set server be1', 'set server be1/', 'set server x/s', 'set server be1/s9', 'set server be1/s1'],
  ],
  'servers of a disabled backend': ['set server dis/d state ready', 'get weight dis/d'],
  'state and health of servers': [
    ...['set server be1/s1 state', 'set server be1/s1 state foo', 'set server be1/s1 health foo'],
    ...['set server be1/s5 health up', 'set server be1/s1 health up', 'set server be1/s3 health stopping'],
    ...['set server be1/s2 health down', 'set server be1/s1 state drain', 'set server be1/s1 state ready'],
  ],
  'weights, absolute and relative': [
    ...['set server be1/s1 weight', 'set server be1/s1 weight 257', 'set server be1/s1 weight 50%'],
    ...['set server be1/s1 weight x', 'set server be1/s1 weight 500%', 'get weight be1/s1', 'get weight'],
    ...['get weight be1/xx', 'get weight x/xx', 'set weight be1/s1 10', 'get weight be1/s1', 'get weight be1\\/s1'],
    ...['set weight static/x 5', 'set weight static/x 0', 'operator; set server be1/s1 weight 1'],
  ],
  'checks are switched on and off': [
    ...['enable health be1/s3', 'disable health be1/s1', 'enable health', 'enable health be1/s1'],
    ...['enable agent be1/s1', 'disable agent be1/s1'],
  ],
  'servers are switched on and off': [
    ...['enable server be1/s1', 'disable server be1/s1;get weight be1/s1'],
    'disable server be1/s3; enable server be1/s3 ; get weight be1/s1;',
  ],
  'addresses of servers': [
    ...['set server be1/s3 addr 1.2.3.4', 'set server be1/s3 addr 1.2.3.4 port 99'],
    ...['set server be1/s3 addr 1.2.3.4 port 99', 'set server be1/s3 addr foo'],
    ...['set server be1/s3 addr 1.2.3.4 port +5', 'set server be1/s3 addr ::1 port 7', 'set server be1/s3 addr'],
    ...['set server be1/s1 addr 127.0.0.1 port +1'],
  ],
  'addresses of checks and agents': [
    ...['set server be1/s3 check-addr 1.2.3.4', 'set server be1/s1 check-port', 'set server be1/s1 agent up'],
    ...['set server be1/s1 agent-addr 1.2.3.4', 'set server be1/s1 agent-addr', 'set server be1/s1 agent-port'],
    ...['set server be1/s1 agent-send x'],
  ],
  'names and TLS of servers': ['set server be1/s1 fqdn x', 'set server be1/s1 fqdn', 'set server be1/s1 ssl on'],
  'limits of servers': [
    ...['set maxconn server be1/s6 10', 'set maxconn server be1/s6 x', 'set maxconn server be1/s6 1x'],
    'set maxconn server be1/s6',
  ],
  'levels and modes': [
    ...['show cli level', 'user;show cli level;disable server be1/s1; show env FOO; operator', 'show env FOO'],
    'expert-mode on; expert-mode',
  ],
  'output of a given size': [
    ...['debug dev write 5', 'expert-mode on;debug dev write', 'expert-mode on;debug dev write 64'],
    ...['expert-mode on;debug dev write 0x81', 'expert-mode on;debug dev write 010;debug dev write 0'],
    ...['expert-mode on;debug dev write 16383', 'expert-mode on;debug dev write 16384;debug dev write -1'],
    ...['expert-mode on;debug dev write x;debug dev write 0x;debug dev write 9a;debug dev write +7'],
  ],
  'echo, with what is escaped': ['echo hi  there', 'echo a\\;b; echo c', 'echo a\\\\b'],
  'sessions of servers': ['shutdown sessions server be1/s1', 'shutdown sessions server be1/x'],
  'frontends are disabled and shut down': [
    ...['disable frontend', 'disable frontend x', 'disable frontend be1', 'enable frontend fe1'],
    ...['disable frontend fe1', 'disable frontend fe1', 'enable frontend fe1', 'user; disable frontend fe1'],
    ...['shutdown frontend tcpfe', 'shutdown frontend tcpfe', 'enable frontend tcpfe', 'disable frontend tcpfe'],
    'disable frontend bare',
  ],
}

/** Less the time since the last change. */
const untimed = (text: string): string => text.replaceAll(/^((?:\S+ ){9})\d+/gm, '$1N')

describeUpstream('the runtime API answers', () => {
  it.each(Object.entries(CONVERSATIONS))('%s', async (_, commands) => {
    const real = await RealHaproxy.start(config)
    try {
      const sim = new Simulation()
      const ours = sim.haproxy({ config: config.replaceAll('@DIR@', '/run'), directory: false })
      ours.start()
      await real.until(() => real.hasReported('be1/s1 is DOWN'))
      sim.advance('1s')
      for (const command of commands) {
        const theirs = await real.cli(command)
        const answer = ours.cli(command)
        // what a command changes may come into force in the next step
        sim.advance('1ms')
        expect(answer, command).toBe(theirs)
      }
      expect(untimed(ours.cli('show servers state'))).toBe(untimed(await real.cli('show servers state')))
    } finally {
      await real.stop()
    }
  })
})
