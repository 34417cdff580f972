/** Known bugs of scripts, each with its mended twin: the search finds the one and clears the other. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/index.js'
import { Search, type ExploreReport, type Scenario } from '../../src/explore/index.js'
import type { Haproxy, Simulation, SmtpServer } from '../../src/sim/index.js'

interface World {
  readonly sim: Simulation
  readonly haproxy: Haproxy
  readonly smtp: SmtpServer
}

interface Race {
  /** what happens; throws when the script has done wrong */
  readonly play: (world: World) => void
  readonly load?: string
  /** what is done to the mail server beforehand */
  readonly before?: (smtp: SmtpServer) => void
  /** more servers beside the first */
  readonly servers?: number
  /** what the search finds: the kind of failure, and a text of its message */
  readonly finds: readonly [kind: string, message: string]
  /** it happens in every schedule */
  readonly always?: true
}

const text = readFileSync(new URL('../../fixtures/races/haproxy.cfg', import.meta.url), 'utf8')

const scenario = (script: string, { play, before, load = 'lua-load', servers = 1 }: Race): Scenario => {
  const more = Array.from({ length: servers - 1 }, (_, i) => `    server srv${i + 2} 10.0.0.${i + 2}:80 check\n`)
  const config = parseConfig([{ name: 'haproxy.cfg', text: text + more.join('') }], {
    env: { SCRIPT: script, LOAD: load },
  })
  return {
    name: script,
    play(sim) {
      const smtp = sim.smtp('127.0.0.1:25')
      before?.(smtp)
      for (let i = 1; i <= servers; i++) sim.network.host(`web${i}`, [`10.0.0.${i}`])
      const haproxy = sim.haproxy({ config }).start()
      sim.advance('300ms')
      sim.settle()
      play({ sim, haproxy, smtp })
    },
  }
}

const expectOrder = ({ smtp }: World) => {
  const subjects = smtp.mails.map((mail) => mail.subject).join()
  if (subjects !== 'SERVER_DOWN,SERVER_STATE') throw new Error(`mails: ${subjects}`)
}

const RACES: Readonly<Record<string, Race>> = {
  'task-per-event': { play: expectOrder, finds: ['assertion', 'mails: SERVER_STATE,SERVER_DOWN'] },
  'two-consumers': { play: expectOrder, finds: ['assertion', 'mails: SERVER_STATE,SERVER_DOWN'] },
  'slow-handler': {
    play: () => {},
    before: (smtp) => smtp.slow(20),
    servers: 60,
    finds: ['paused', 'pausing the subscription'],
    always: true,
  },
  'lost-update': {
    play: ({ haproxy }) => {
      if (!haproxy.logs.some((log) => log.message === 'count 2')) throw new Error('an update was lost')
    },
    finds: ['assertion', 'an update was lost'],
  },
  'per-thread': {
    load: 'lua-load-per-thread',
    play: ({ smtp }) => {
      if (smtp.mails.length !== 1) throw new Error(`${smtp.mails.length} mails instead of 1`)
    },
    finds: ['assertion', '2 mails instead of 1'],
    always: true,
  },
  deadlock: { play: () => {}, finds: ['deadlock', 'waits forever: Lua task deadlock.lua:6, Lua task deadlock.lua:6'] },
}

const explore = (script: string, race: Race, schedules: number, depth = 2): ExploreReport =>
  new Search(scenario(script, race), { strategy: 'delay', depth, schedules }).explore()

describe.each(Object.entries(RACES))('%s', (name, race) => {
  it('is found, with a smallest schedule', () => {
    const { failures, baseline } = explore(`${name}.lua`, race, 1000)
    expect(failures.map(({ kind }) => kind)).toEqual([race.finds[0]])
    expect(failures[0]!.message).toContain(race.finds[1])
    expect(failures[0]!.schedule.length).toBeLessThanOrEqual(race.always ? 0 : 2)
    expect(baseline.failure !== undefined).toBe(race.always === true)
  })

  it('is not found in the fixed script', () => {
    const report = explore(`${name}.fixed.lua`, race, race.servers ? 10 : 4000, 1)
    expect(report.failures).toEqual([])
    // every schedule with one deviation was run, but where there are thousands of them
    expect(report.complete).toBe(race.servers === undefined)
  })
})
