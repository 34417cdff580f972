/** Listeners whose addresses are host names. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/index.js'

it('a listener with a host name accepts connections at its address', () => {
  const sim = new Simulation()
  const config = `frontend f
  mode http
  bind localhost:8000
  timeout client 1s
  http-request return status 200
`
  sim.haproxy({ config }).start()
  expect(sim.client().get('http://127.0.0.1:8000/').status).toBe(200)
})
