/** Every entry of the manual of the Lua API is found by scripts, as in the real HAProxy. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NOT_EMULATED } from '../../../src/lua/classes/index.js'
import { Simulation } from '../../../src/sim/index.js'
import { REAL } from '../support/programs.js'
import { RealHaproxy, sleep } from '../support/real-haproxy.js'
import { describeUpstream, upstream } from '../support/upstream.js'
import { randomLoopback } from '../traffic/harness/addresses.js'

/** Number of entries in the manual of 3.2. */
const ENTRIES = 366

/** Functions that are found and end in an error. */
const REFUSED: Readonly<Record<string, string>> = {
  'CertCache.set': 'certificates of listeners are not emulated',
}

/** The entries, as `Class` or `Class.member`. */
const entries = (): string[] =>
  [
    ...readFileSync(upstream('doc/lua/_sources/index.rst.txt'), 'utf8').matchAll(
      /^\.\. js:\w+:: (\w+)(?:[.:](\w+))?/gm,
    ),
  ].map(([, owner, member]) => (member === undefined ? owner! : `${owner}.${member}`))

/** The table `wanted`: names of members by class. */
const wanted = (names: readonly string[]): string => {
  const members = new Map<string, string[]>()
  for (const name of names) {
    const [owner, member] = name.split('.')
    if (member !== undefined) members.set(owner!, [...(members.get(owner!) ?? []), `"${member}"`])
  }
  return `wanted = {${[...members].map(([owner, list]) => `["${owner}"] = { ${list.join(', ')} }`).join(',\n')}}\n`
}

const FILES = {
  'm.map': 'a b\n',
  'look.lua': readFileSync(join(import.meta.dirname, '../fixtures/manual-index.lua'), 'utf8'),
}

const config = (host: string): string => `global
  nbthread 1
  stats socket unix@sock level admin
  tune.lua.bool-sample-conversion normal
  lua-load wanted.lua
  lua-load look.lua
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
mailers m
  mailer mail1 ${host}:8025
frontend fe
  bind ${host}:8000
  http-request use-service lua.look if { path /service }
  default_backend be
backend be
  stick-table type ip size 1k
  email-alert mailers m
  email-alert from a@example.com
  email-alert to b@example.com
  filter lua.look
  http-request lua.look
  http-response lua.look
  http-request return status 200 if { path /reply }
  server s1 ${host}:8001 check inter 100ms fall 1
`

const COMMANDS = ['set server be/s1 state maint', 'set server be/s1 state ready', 'look']
const PATHS = ['/service', '/reply', '/']

const foundByReal = async (names: readonly string[]): Promise<string> => {
  const host = randomLoopback()
  const real = await RealHaproxy.start(config(host), { ...FILES, 'wanted.lua': wanted(names) }, REAL)
  try {
    await sleep(300)
    for (const path of PATHS) await fetch(`http://${host}:8000${path}`).then((response) => response.text())
    let answer = ''
    for (const command of COMMANDS) {
      answer = await real.cli(command)
      await sleep(300)
    }
    return answer
  } finally {
    await real.stop()
  }
}

const foundBySimulated = (names: readonly string[]): string => {
  const simulation = new Simulation()
  const host = '127.0.0.1'
  const haproxy = simulation.haproxy({ config: config(host), files: { ...FILES, 'wanted.lua': wanted(names) } }).start()
  simulation.advance('300ms')
  for (const path of PATHS) simulation.client().get(`http://${host}:8000${path}`)
  let answer = ''
  for (const command of COMMANDS) {
    answer = haproxy.cli(command)
    simulation.advance('300ms')
  }
  return answer
}

describeUpstream("the manual's index", () => {
  it('has entries that scripts find', { timeout: 60_000 }, async () => {
    const names = entries()
    expect(names).toHaveLength(ENTRIES)
    const missing = (found: string): string[] => {
      const lines = new Set(found.split('\n'))
      return names.filter((name) => !lines.has(name)).sort()
    }
    expect(missing(await foundByReal(names))).toEqual([])
    expect(missing(foundBySimulated(names))).toEqual([])
  })

  it('has functions that are emulated, or listed with a reason', () => {
    expect([...NOT_EMULATED].sort()).toEqual(Object.keys(REFUSED).sort())
  })
})
