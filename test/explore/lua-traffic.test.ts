/** Actions of scripts are explored as tasks are: one that reads a counter, waits, and writes it loses counts under some schedules only. */
import { readFileSync } from 'node:fs'
import { describeLostUpdate } from './lost-update.js'

const FOLDER = new URL('../../fixtures/lost-count/', import.meta.url)

const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')

describeLostUpdate('a lost count of an action', {
  files: { lost: 'lost.lua', fixed: 'fixed.lua' },
  // the action has just waited in the first request when the second one arrives
  gap: 10.02,
  depth: 1,
  message: 'counted 1, 2, 3, 3',
  create(sim, script) {
    const config = read('haproxy.cfg').replace('fixtures/lost-count/${SCRIPT}', script)
    return sim.haproxy({ config, files: { [script]: read(script) } })
  },
  check(_, { requests }) {
    const counts = requests.map(({ headers }) => headers['x-count'])
    if (!counts.includes('4')) throw new Error(`counted ${counts.join(', ')}`)
  },
})
