/**
 * The start of the checks: each gets its first date, spread over the shortest interval, so that they do not come all at
 * once (`start_checks` in src/check.c).
 */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { HaproxyProcess } from '../process.js'
import type { Server } from '../server.js'
import type { Check } from './check.js'
import { HttpDialogue, httpRequest } from './http.js'
import { CheckRunner, spread, type DialogueMaker } from './run.js'

/** Intervals shorter than this do not shorten the spreading of the others (`SRV_CHK_INTER_THRES`). */
const THRESHOLD: Micros = 1000 * MILLISECOND

/** Gives every server that is to be checked its check. */
export const startChecks = (process: HaproxyProcess): void => {
  const checks: Check[] = []
  for (const proxy of process.proxies) for (const server of proxy.servers) if (server.check) checks.push(server.check)
  let shortest = 0
  for (const { interval } of checks)
    if (interval >= THRESHOLD && (shortest === 0 || interval < shortest)) shortest = interval
  const talks = new Map<object, DialogueMaker>()
  checks.forEach((check, position) => {
    const { healthCheck } = check.server.proxy.config
    if (!talks.has(healthCheck)) talks.set(healthCheck, dialogueMaker(check.server))
    const window = firstWindow(check, shortest)
    const offset = Math.floor(((window / MILLISECOND) * position) / checks.length) * MILLISECOND
    new CheckRunner(check, talks.get(healthCheck), process.clock.now + offset)
  })
}

/** Starts the check of a server that is added at run time: the first one comes after one interval. */
export const startDynamicCheck = (server: Server): void => {
  const { check, proxy } = server
  if (check) new CheckRunner(check, dialogueMaker(server), proxy.process.clock.now + spread(proxy, check.interval))
}

/** The time over which the first checks are spread, from the point of view of one of them. */
const firstWindow = (check: Check, shortest: Micros): Micros => {
  const { proxy } = check.server
  const window = spread(proxy, Math.max(shortest, check.interval))
  const limit = proxy.process.configuration.global.maxSpreadChecks
  return limit === undefined ? window : Math.min(window, limit)
}

const dialogueMaker = (server: Server): DialogueMaker => {
  const { healthCheck } = server.proxy.config
  if (healthCheck.kind === 'tcp') return undefined
  const request = httpRequest(healthCheck)
  return () => new HttpDialogue(request)
}
