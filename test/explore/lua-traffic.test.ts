/** Actions and services of scripts are explored as tasks are: what is shared by requests, and used before and after a wait, is found. */
import { readFileSync } from 'node:fs'
import type { Haproxy, Simulation } from '../../src/sim/index.js'
import { describeRequestRace } from './request-race.js'

/** Creates a process with a script of a folder in fixtures/. */
const inFolder = (folder: string) => {
  const at = new URL(`../../fixtures/${folder}/`, import.meta.url)
  const read = (name: string): string => readFileSync(new URL(name, at), 'utf8')
  const config = read('haproxy.cfg')
  const loaded = [...config.matchAll(/fixtures\/[\w-]+\/(\w+\.lua)/g)].map(([, name]) => name!)
  return (sim: Simulation, script: string): Haproxy =>
    sim.haproxy({
      config: config.replaceAll(`fixtures/${folder}/`, '').replace('${SCRIPT}', script),
      files: Object.fromEntries([script, ...loaded].map((name) => [name, read(name)])),
    })
}

describeRequestRace('an action that counts after a wait', {
  files: { racy: 'lost.lua', fixed: 'fixed.lua' },
  // the action has just waited in the first request when the second one arrives
  gap: 10.02,
  depth: 1,
  message: 'counted 1, 2, 3, 3',
  delayed: 'stream',
  create: inFolder('lost-count'),
  check({ server: { requests } }) {
    const counts = requests.map(({ headers }) => headers['x-count'])
    if (!counts.includes('4')) throw new Error(`counted ${counts.join(', ')}`)
  },
})

describeRequestRace('a rate limit that counts after a wait', {
  files: { racy: 'race.lua', fixed: 'fixed.lua' },
  gap: 10.02,
  depth: 1,
  message: '4 requests have passed',
  delayed: 'stream',
  create: inFolder('rate-limit'),
  check({ server: { requests }, answers }) {
    if (requests.length !== 3) throw new Error(`${requests.length} requests have passed`)
    if (answers[1].status !== 429) throw new Error(`answered with ${answers[1].status}`)
  },
})

describeRequestRace('a service whose requests share a connection', {
  files: { racy: 'race.lua', fixed: 'fixed.lua' },
  gap: 0,
  depth: 1,
  message: 'answer to /2, answer to /1',
  delayed: 'Lua service lookup',
  create: inFolder('shared-connection'),
  check({ answers }) {
    const texts = answers.map((answer) => answer.text()).join(', ')
    if (texts !== 'answer to /1, answer to /2') throw new Error(texts)
  },
})
