/**
 * `init-state`: the state in which a server begins, in each of the ways in which one begins, for every value, with trackers
 * and without, beside the real HAProxy. (Names that resolve again are in live/resolvers.test.ts.)
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../support/real-haproxy.js'
import { RealServer } from '../support/real-servers.js'
import { describeUpstream } from '../support/upstream.js'

const STATES = ['none', 'up', 'down', 'fully-down', 'fully-up']

const EVENTS = `
core.register_init(function()
  core.event_sub({ "SERVER_UP", "SERVER_DOWN", "SERVER_STATE", "SERVER_ADMIN", "SERVER_ADD" }, function(event, data)
    local state = data.state and data.state.old_state .. " " .. data.state.new_state or ""
    print(data.proxy_name .. "/" .. data.name, event, state)
  end)
end)
`

const head = (settings: string): string => `
global
    log stdout format raw local0 info
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load events.lua
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    default-server ${settings}
`

const backends = (lines: (state: string, backend: string) => string): string =>
  STATES.map((state) => {
    const backend = `be-${state}`
    return `backend ${backend}\n${lines(state, backend)}\n`
  }).join('')

/** The first check of all is due at once, the others within the hour: that one goes to a server that does not matter. */
const UNTOUCHED = `${head('inter 1h rise 3 fall 2')}
backend first
    server first 127.0.0.1:1 check
${backends(
  (state, backend) => `
    server checked 127.0.0.1:1 check init-state ${state}
    server unchecked 127.0.0.1:1 init-state ${state}
    server agent 127.0.0.1:1 agent-check agent-inter 1h agent-port 1 init-state ${state}
    server both 127.0.0.1:1 check agent-check agent-inter 1h agent-port 1 init-state ${state}
    server slow 127.0.0.1:1 check slowstart 1h init-state ${state}
    server disabled 127.0.0.1:1 check disabled init-state ${state}
    server disabled-unchecked 127.0.0.1:1 disabled init-state ${state}
    server weightless 127.0.0.1:1 check weight 0 init-state ${state}
    server of-checked 127.0.0.1:1 track ${backend}/checked
    server of-of-checked 127.0.0.1:1 track ${backend}/of-checked
    server of-agent 127.0.0.1:1 track ${backend}/agent backup
    server of-disabled 127.0.0.1:1 track ${backend}/disabled
    server disabled-of-checked 127.0.0.1:1 track ${backend}/checked disabled`,
)}`

const NAMES = [...UNTOUCHED.matchAll(/^ {4}server (\S+) .*(?:init-state none|be-none)/gm)].map(([, name]) => name!)

const each = (names: readonly string[], command: (server: string) => string): string[] =>
  STATES.flatMap((state) => names.map((name) => command(`be-${state}/${name}`)))

/** In turn; each is carried out in the state that those before it left. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  'at the start': [],
  'after maintenance, those that are tracked first': [
    ...each(['checked', 'agent', 'disabled'], (server) => `disable server ${server}`),
    ...each(['checked', 'agent', 'disabled'], (server) => `enable server ${server}`),
  ],
  'after maintenance, every one by itself': [
    ...each(NAMES, (server) => `set server ${server} state maint`),
    ...each(NAMES, (server) => `set server ${server} state ready`),
  ],
  'after maintenance, into drain': [
    ...each(['checked', 'unchecked'], (server) => `set server ${server} state maint`),
    ...each(['checked', 'unchecked'], (server) => `set server ${server} state drain`),
    ...each(['checked', 'unchecked'], (server) => `set server ${server} state ready`),
  ],
  'after maintenance, whatever the agent said': [
    ...each(['both', 'agent'], (server) => `set server ${server} agent down`),
    ...each(['both', 'agent'], (server) => `set server ${server} state maint`),
    ...each(['both', 'agent'], (server) => `set server ${server} state ready`),
  ],
  'after maintenance, with checks switched off': [
    ...each(['checked', 'slow'], (server) => `disable health ${server}`),
    ...each(['checked', 'slow'], (server) => `set server ${server} state maint`),
    ...each(['checked', 'slow'], (server) => `set server ${server} state ready`),
    ...each(['checked', 'slow'], (server) => `enable health ${server}`),
  ],
  'where an operator has said how they do': [
    ...each(['checked', 'unchecked'], (server) => `set server ${server} health up`),
    ...each(['checked', 'unchecked'], (server) => `set server ${server} health down`),
    ...each(['checked', 'unchecked'], (server) => `set server ${server} state maint`),
    ...each(['checked', 'unchecked'], (server) => `set server ${server} state ready`),
  ],
  'when they are added': STATES.flatMap((state) => [
    `add server be-${state}/new 127.0.0.1:1 init-state ${state}`,
    `add server be-${state}/new-checked 127.0.0.1:1 check inter 1h rise 4 fall 5 init-state ${state}`,
    `add server be-${state}/new-unasked 127.0.0.1:1 check inter 1h rise 4 fall 5 init-state ${state}`,
    `add server be-${state}/new-agent 127.0.0.1:1 agent-check agent-port 1 agent-inter 1h init-state ${state}`,
    `add server be-${state}/new-disabled 127.0.0.1:1 check inter 1h disabled init-state ${state}`,
    `add server be-${state}/new-tracker 127.0.0.1:1 track be-${state}/checked`,
    `add server be-${state}/refused 127.0.0.1:1 track be-${state}/checked init-state ${state}`,
    `enable health be-${state}/new-checked`,
  ]),
  'when those that were added are enabled': [
    ...each(
      ['new', 'new-checked', 'new-unasked', 'new-agent', 'new-disabled', 'new-tracker'],
      (server) => `enable server ${server}`,
    ),
    ...each(['new-unasked'], (server) => `enable health ${server}`),
  ],
}

/** Less the time since the last change. */
const states = (answer: string): string => answer.replaceAll(/^(\S+ \S+ \S+ \S+ \S+ \S+ \S+ \S+ \S+) \d+/gm, '$1 N')

const COLUMNS = ['pxname', 'svname', 'status', 'act', 'bck', 'chkdown', 'check_status', 'check_health', 'agent_health']

const statistics = (answer: string): string[] => {
  const [names = '', ...rows] = answer.replace(/^# /, '').split('\n')
  const wanted = COLUMNS.map((name) => names.split(',').indexOf(name))
  return rows.map((row) => wanted.map((column) => row.split(',')[column]).join(','))
}

/** Log lines and published events, each in order: how the two interleave is not deterministic. */
const reports = (lines: readonly string[]): { logs: string[]; events: string[] } => ({
  logs: lines.filter((line) => !line.includes('\t') && !line.includes('first')),
  events: lines.filter((line) => line.includes('\t') && !line.includes('first')),
})

describeUpstream('the initial state of servers', () => {
  describe('before the first check', () => {
    let real: RealHaproxy
    let simulation: Simulation
    let ours: Haproxy
    beforeAll(async () => {
      const files = { 'events.lua': EVENTS }
      real = await RealHaproxy.start(UNTOUCHED, files)
      simulation = new Simulation()
      ours = simulation.haproxy({ config: UNTOUCHED.replace('@DIR@', '/run'), files, directory: false }).start()
      simulation.advance('200ms')
      await sleep(200)
    })
    afterAll(() => real.stop())

    it.each(Object.entries(WAYS))('%s', async (_, commands) => {
      for (const command of commands) {
        const answer = ours.cli(command)
        simulation.advance('5ms')
        expect(answer, command).toBe(await real.cli(command))
      }
      expect(states(ours.cli('show servers state'))).toBe(states(await real.cli('show servers state')))
      expect(statistics(ours.cli('show stat'))).toEqual(statistics(await real.cli('show stat')))
    })

    it('is logged and published in the same order', async () => {
      simulation.advance('1s')
      await sleep(200)
      const own = [...ours.logs.map(({ message }) => message), ...ours.output]
      expect(reports(own)).toEqual(reports(real.output))
    })
  })

  it('after checks have passed', async () => {
    const server = await new RealServer().up()
    const config = `${head('inter 100ms rise 3 fall 2')}
${backends(
  (state, backend) => `
    option log-health-checks
    server checked 127.0.0.1:${server.port} check init-state ${state}
    server tracker 127.0.0.1:${server.port} track ${backend}/checked`,
)}`
    const files = { 'events.lua': EVENTS }
    const real = new RealHaproxy(config, files)
    const simulation = new Simulation()
    const web = simulation.tcp(`127.0.0.1:${server.port}`)
    const ours = simulation.haproxy({ config: config.replace('@DIR@', '/run'), files, directory: false }).start()
    try {
      await real.until(() => real.listensAt('sock'))
      const pass = async (ms: number) => {
        await sleep(ms)
        simulation.advance(ms)
      }
      await pass(1000)
      for (const state of ['maint', 'ready']) {
        for (const command of each(['checked'], (path) => `set server ${path} state ${state}`))
          expect(ours.cli(command)).toBe(await real.cli(command))
        await pass(1000)
      }
      await server.down()
      web.refuse()
      await pass(1000)
      await server.up()
      web.accept()
      await pass(1000)
      const own = [...ours.logs.map(({ message }) => message), ...ours.output]
      expect(byServer(own)).toEqual(byServer(real.output))
    } finally {
      await Promise.all([real.stop(), server.down()])
    }
  })
})

/** The messages about each server: the order between servers, durations and the number of remaining servers are not deterministic. */
const byServer = (lines: readonly string[]): Record<string, string[]> => {
  const subjects: Record<string, string[]> = {}
  for (const line of lines) {
    const name = /\bbe-[\w-]+(?:\/\w+)?/.exec(line)?.[0] ?? 'others'
    const kind = line.includes('\t') ? 'event' : 'log'
    ;(subjects[`${kind} ${name}`] ??= []).push(
      line.replace(/duration: \d+ms/, 'duration: N').replace(/\d+ active/, 'N active'),
    )
  }
  return subjects
}
