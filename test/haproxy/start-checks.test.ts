/** Checks of a start, which the check of a configuration does not make. */
import { expect, test } from 'vitest'
import { Simulation } from '../../src/index.js'

test('a process does not start with a log line to a ring that does not exist', () => {
  const config = [
    'listen l',
    ' bind :80',
    ' log ring@nosuch local0',
    ' timeout client 1s',
    ' timeout connect 1s',
    ' timeout server 1s',
  ]
  const haproxy = new Simulation().haproxy({ config: `${config.join('\n')}\n` })
  expect(() => haproxy.start()).toThrow("uses unknown ring named 'nosuch'")
})
