/**
 * Requests of simulated clients to a simulated web server, without HAProxy between them: one client that waits for each answer on one
 * connection, fifty at once, and a new connection for each request. Times are of the processor.
 *
 * node --expose-gc bench/actors.mjs [--requests 200000] [--json]
 */
import { Simulation } from '../dist/index.js'
import { numberOption, report } from './support.mjs'

const REQUESTS = numberOption('--requests', 200_000)
const URL = 'http://10.0.0.1/some/path'
const CLIENTS = 50

const world = () => {
  const sim = new Simulation({ seed: 1 })
  sim.http('10.0.0.1:80', { keepRequests: 100 }).respond({ body: 'hello' })
  return sim
}

const oneByOne = (requests, options) => {
  const client = world().client()
  for (let i = 0; i < requests; i++) client.get(URL, options)
}

const atOnce = (requests) => {
  const sim = world()
  let left = requests
  let ended = 0
  for (let i = 0; i < CLIENTS; i++) {
    const client = sim.client()
    const next = () => {
      if (left-- > 0) client.send('GET', URL).onEnd(answered)
    }
    const answered = ({ answer }) => {
      if (answer?.status !== 200) throw new Error('no answer')
      ended++
      next()
    }
    next()
  }
  sim.runUntil(() => ended === requests, '24d')
}

const measure = (play) => {
  play(REQUESTS / 10)
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const started = process.cpuUsage().user
  play(REQUESTS)
  const micros = process.cpuUsage().user - started
  globalThis.gc?.()
  return {
    'a request (µs)': micros / REQUESTS,
    'requests a second': Math.round(REQUESTS / (micros / 1e6)),
    'heap after it (MB)': Math.round((process.memoryUsage().heapUsed - before) / 1e6),
  }
}

report(`${REQUESTS} requests`, {
  'one after the other': measure((count) => oneByOne(count)),
  [`${CLIENTS} at once`]: measure(atOnce),
  'new connections': measure((count) => oneByOne(count, { keepAlive: false })),
})
