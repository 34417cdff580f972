/**
 * Every kind of check, against peers that do well, wrong, or nothing. What is expected was said by HAProxy 3.2.26
 * (recorded.json; test/upstream/checks-kinds.test.ts wrote it down, and compares statistics as well).
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { CASES, config, firstLine, type Case } from '../../support/check-cases.js'
import { serveSimulated } from '../../support/peers.js'

const recorded = JSON.parse(readFileSync(new URL('./recorded.json', import.meta.url), 'utf8')) as Record<
  string,
  string | null
>

const kindOf = ({ name }: Case): string => /^(?:tcp|http): [^:]*|^[^:]*/.exec(name)![0]

const kinds = new Map<string, Case[]>()
for (const each of CASES) kinds.set(kindOf(each), [...(kinds.get(kindOf(each)) ?? []), each])

describe.each([...kinds])('%s', (_, cases) => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', (name, each) => {
    const simulation = new Simulation()
    serveSimulated(simulation, simulation.tcp('127.0.0.1:1080'), each.peer)
    const haproxy = simulation.haproxy({ config: config([each], [1080]), directory: false }).start()
    simulation.advance('1380ms')
    const lines = haproxy.logs.map((log) => log.message)
    expect(firstLine(lines, 0) ?? null).toBe(recorded[name])
  })
})
