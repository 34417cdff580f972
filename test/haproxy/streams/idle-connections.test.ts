/** Idle connections to servers are closed as less of them are needed. The times are those of HAProxy 3.2 with real servers. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

const config = (server = '') => `
defaults
    mode http
    timeout client 60s
    timeout server 60s
    timeout connect 1s
    http-reuse always
listen web
    bind 127.0.0.1:8080
    server app 10.0.0.1:80 ${server}
`

/** The number of open connections, each second after requests at the same time. */
const openConnections = (requests: number, server?: string): readonly number[] => {
  const sim = new Simulation()
  const app = sim.http('10.0.0.1:80')
  app.respond('*', { delay: '200ms' })
  sim.haproxy({ config: config(server), directory: false }).start()
  const clients = Array.from({ length: requests }, () => sim.client())
  for (const client of clients) client.send('GET', 'http://127.0.0.1:8080/')
  for (const client of clients) {
    client.wait()
    client.close()
  }
  return Array.from({ length: 25 }, () => {
    const open = app.openConnections
    sim.advance('1s')
    return open
  })
}

describe('idle connections to a server', () => {
  it('are closed step by step in purges every five seconds', () => {
    const open = openConnections(4)
    expect([open[0], open[14], open[17], open[19], open[22]]).toEqual([4, 4, 2, 2, 0])
  })

  it('are purged as often as pool-purge-delay says', () => {
    expect(openConnections(4, 'pool-purge-delay 1s')[6]).toBe(0)
  })

  it('are not kept without a delay, and not more than pool-max-conn', () => {
    expect(openConnections(4, 'pool-purge-delay 0')[1]).toBe(0)
    expect(openConnections(4, 'pool-max-conn 3')[1]).toBe(3)
  })
})
