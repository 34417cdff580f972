/** The runtime API: statistics and states, line by line beside the real HAProxy's. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { STAT_COLUMNS } from '../../../src/haproxy/index.js'
import { Simulation, type Haproxy } from '../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../support/real-haproxy.js'
import { describeUpstream } from '../support/upstream.js'

const config = readFileSync(new URL('../fixtures/stats.cfg', import.meta.url), 'utf8')

/** What the web servers answer, there and here. */
const ANSWER = 'HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello'

let web: Server
let real: RealHaproxy
let sim: Simulation
let ours: Haproxy

/** Asks both, and lets the changes of addresses come into force here as they do there. */
const ask = async (line: string): Promise<{ ours: string; theirs: string }> => {
  const theirs = await real.cli(line)
  const answer = ours.cli(line)
  sim.advance('1ms')
  return { ours: answer, theirs }
}

/** Fields that tell the time. */
const VARIES = new Set(['lastchg', 'downtime', 'check_duration'])

const statLines = (text: string): string[] => {
  const [header, ...rows] = text.split('\n')
  const names = header!.slice(2).split(',')
  return [
    header!,
    ...rows.map((row) =>
      row
        .split(',')
        .map((value, i) => {
          const name = names[i]!
          if (VARIES.has(name)) return value === '' ? '' : `${name}=N`
          return `${name}=${value}`
        })
        .join(' '),
    ),
  ]
}

describeUpstream('the runtime API', () => {
  beforeAll(async () => {
    web = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(ANSWER))).listen(28090)
    real = await RealHaproxy.start(config)
    sim = new Simulation()
    sim.tcp('127.0.0.1:28090').respond(ANSWER)
    ours = sim.haproxy({
      config: config.replaceAll('@DIR@', '/run'),
      directory: false,
      machine: { cpus: 2 },
    })
    ours.start()
    await real.until(() => real.hasReported('be1/s1 is DOWN'))
    await sleep(2500)
    sim.advance('2s')
  })

  afterAll(async () => {
    web.close()
    await real.stop()
  })

  it('shows the same statistics, column by column', async () => {
    const { ours, theirs } = await ask('show stat')
    expect(statLines(ours)).toEqual(statLines(theirs))
  })

  it('shows the same tags and types of every field', async () => {
    const { ours, theirs } = await ask('show stat typed')
    const shape = (text: string) => text.replaceAll(/(:[us](?:32|64)):-?\d+$/gm, '$1')
    expect(shape(ours)).toBe(shape(theirs))
  })

  it('shows the fields of the process in order, with their tags and types', async () => {
    const { ours, theirs } = await ask('show info typed')
    const shape = (text: string) => text.replaceAll(/:(u32|u64|str):.*$/gm, ':$1').split('\n')
    expect(shape(ours)).toEqual(shape(theirs))
  })

  it('shows the same values of the process that do not depend on the machine', async () => {
    const { ours, theirs } = await ask('show info')
    const values = (text: string) =>
      text
        .split('\n')
        .filter((line) =>
          /^(Name|Release_date|Nb|Process|Memmax|Ulimit|Maxs|Maxc|Hard|Max|Ssl|Comp|node|desc|Stop|Listeners|Jobs|Busy|Taint|CurrConns)/.test(
            line,
          ),
        )
    expect(values(ours)).toEqual(values(theirs))
  })

  it('knows all columns', async () => {
    const { theirs } = await ask('show stat')
    expect(
      theirs
        .slice(2)
        .split(',')
        .slice(0, STAT_COLUMNS.length + 1),
    ).toEqual([...STAT_COLUMNS, '-'])
  })

  const state = (text: string) => text.replaceAll(/^((?:\S+ ){9})\d+/gm, '$1N')

  it('shows the state of servers', async () => {
    const { ours, theirs } = await ask('show servers state')
    expect(state(ours)).toBe(state(theirs))
  })

  it.each(['no-maint', 'up', 'be1 7 -1', '-1 4 -1', '3 4 2', '99 1 1', 'be1 2 1 up'])(
    'shows stat %s',
    async (which) => {
      const { ours, theirs } = await ask(`show stat ${which}`)
      expect(statLines(ours)).toEqual(statLines(theirs))
    },
  )

  it('reports commands that are not emulated', () => {
    expect(ours.cli('show ssl cert')).toBe("'show ssl cert' is not emulated by hapsim.\n\n")
  })
})
