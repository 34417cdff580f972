/** The failure of a test that takes too long. */
import { SECOND } from '../engine/clock.js'
import { Failure } from './failure.js'
import type { Test } from './test.js'

export const timedOut = (test: Test): Failure => {
  const time = test.world.kind === 'simulated' ? 'of virtual time' : 'of real time'
  const limit = `-t ${test.duration / SECOND}, seconds ${time}`
  const failure = new Failure([`the test has not ended within its time limit (${limit})`, ...test.waiting].join('\n'))
  failure.actor = 'top'
  failure.place = test.places.get('top')
  return failure
}
