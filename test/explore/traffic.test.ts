/** Requests are explored as tasks are: two at a time lose an update of a variable under some schedules only. */
import { readFileSync } from 'node:fs'
import { parseConfig } from '../../src/config/index.js'
import { describeRequestRace } from './request-race.js'

const parse = (name: string) =>
  parseConfig(
    [{ name, text: readFileSync(new URL(`../../fixtures/lost-request/${name}`, import.meta.url), 'utf8') }],
    {},
  )

const configs = { 'haproxy.cfg': parse('haproxy.cfg'), 'fixed.cfg': parse('fixed.cfg') }

describeRequestRace('a lost update of two requests', {
  files: { racy: 'haproxy.cfg', fixed: 'fixed.cfg' },
  // the answer to the first request arrives a little before the second one is sent
  gap: 0.1,
  depth: 2,
  message: 'counted 3 of 4 requests',
  delayed: 'stream',
  create: (sim, file) => sim.haproxy({ config: configs[file as keyof typeof configs] }),
  check({ haproxy }) {
    const counted = /value=<(\d+)>/.exec(haproxy.cli('get var proc.answered'))?.[1]
    if (counted !== '4') throw new Error(`counted ${counted} of 4 requests`)
  },
})
