/**
 * Health analysis of traffic: `observe`, `error-limit` and `on-error` (`__health_adjust` in src/check.c).
 */
import { Wake } from '../../engine/task.js'
import type { Server } from '../server/server.js'
import { STATUS } from '../../config/checks/status.js'
import { applyResult, setCheckStatus } from './result.js'

/** What can be observed, with its description and its meaning at layer 4 and at layer 7 (`enum hana_status`). */
const OBSERVATIONS = {
  'L4 ok': ['L4 successful connection', 'good', undefined],
  'L4 error': ['L4 unsuccessful connection', 'bad', 'bad'],
  'HTTP ok': ['Correct http response', undefined, 'good'],
  'HTTP status': ['Wrong http response', undefined, 'bad'],
  'HTTP headers': ['Invalid http response (headers)', undefined, 'bad'],
  'HTTP response': ['Invalid http response', undefined, 'bad'],
  'HTTP read error': ['Read error (http)', undefined, 'bad'],
  'HTTP read timeout': ['Read timeout (http)', undefined, 'bad'],
  'HTTP broken pipe': ['Close from server (http)', undefined, 'bad'],
} as const satisfies Record<string, readonly [string, 'good' | 'bad' | undefined, 'good' | 'bad' | undefined]>

export type Observation = keyof typeof OBSERVATIONS

/** Records an observation of `server`, if its traffic is observed. */
export const adjustHealth = (server: Server, observation: Observation): void => {
  const { observe, errorLimit } = server.config
  if (observe === 'none') return
  const [words, layer4, layer7] = OBSERVATIONS[observation]
  const meaning = observe === 'layer4' ? layer4 : layer7
  if (meaning === undefined) return
  if (meaning === 'good') server.consecutiveErrors = 0
  else if (++server.consecutiveErrors >= errorLimit) limitReached(server, words)
}

const limitReached = (server: Server, words: string): void => {
  const { check } = server
  const info = `Detected ${server.consecutiveErrors} consecutive errors, last one was: ${words}`
  if (check) {
    check.forceFast = true
    switch (server.config.onError) {
      case 'sudden-death':
        if (check.health > check.rise) check.health = check.rise + 1
        break
      case 'mark-down':
        check.health = check.rise
    }
    if (server.config.onError !== 'fastinter') {
      setCheckStatus(server, check, { status: STATUS.HANA, info })
      applyResult(server, check)
    }
  }
  server.consecutiveErrors = 0
  server.counting.failedHealthAnalyses++
  if (server.config.check.fastinter > 0) check?.task?.wake(Wake.MESSAGE)
}
