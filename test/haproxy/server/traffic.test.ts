/**
 * What changes of servers' states do to their traffic, and how reports and events count it (`_srv_update_status_op`,
 * `_srv_update_status_adm` and `srv_append_more` in src/server.c; `on-marked-down` and `on-marked-up` in section 5.2 of the manual).
 */
import { describe, expect, it } from 'vitest'
import { makeReady, setDrain, setMaintenance } from '../../../src/haproxy/server/control.js'
import { setRunning, setStopped, setStopping } from '../../../src/haproxy/server/state.js'
import { NO_TRAFFIC, type ServerTraffic } from '../../../src/haproxy/server/traffic.js'
import { Simulation } from '../../../src/sim/index.js'

/** A backend with a server that has four sessions and five pending connections, two of which may be redispatched, and a backup. */
const start = (settings = '') => {
  const sim = new Simulation()
  const haproxy = sim
    .haproxy({
      config: `
global
    log stdout format raw local0 info
    stats socket unix@/run/haproxy.sock level admin
backend be1
    log global
    timeout connect 5s
    timeout server 5s
    server s1 10.0.0.1:80 ${settings}
    server b1 10.0.0.2:80 backup
`,
      directory: false,
    })
    .start()
  const ended: string[] = []
  const traffic = (path: string): ServerTraffic => ({
    ...NO_TRAFFIC,
    currentSessions: 4,
    pendingConnections: 3,
    shutdownSessions: () => void ended.push(path),
    redistribute: () => 2,
    takePending: () => 1,
  })
  const server = haproxy.process.server('be1/s1')!
  for (const each of server.proxy.servers) each.traffic = traffic(each.path)
  const requeued = () =>
    haproxy.events.map(({ name, data }) => {
      const { state, admin } = data as Record<string, { requeued: number } | undefined>
      return [name, (state ?? admin)?.requeued]
    })
  return { haproxy, server, ended, requeued, line: () => haproxy.logs.at(-1)!.message }
}

describe('a server that goes down', () => {
  it('keeps its sessions, and its pending connections are redistributed', () => {
    const { server, ended, line, requeued } = start()
    setStopped(server, 'cli')
    expect(ended).toEqual([])
    expect(line()).toBe(
      'Server be1/s1 is DOWN, changed from CLI. 0 active and 1 backup servers left. Running on backup. ' +
        '4 sessions active, 2 requeued, 3 remaining in queue.',
    )
    expect(requeued()).toEqual([
      ['SERVER_DOWN', undefined],
      ['SERVER_STATE', 2],
    ])
  })

  it('closes its sessions: on-marked-down shutdown-sessions', () => {
    const { server, ended } = start('on-marked-down shutdown-sessions')
    setStopped(server, 'cli')
    expect(ended).toEqual(['be1/s1'])
  })

  it('closes its sessions in maintenance, too', () => {
    const { server, ended, line } = start('on-marked-down shutdown-sessions')
    setMaintenance(server)
    expect(ended).toEqual(['be1/s1'])
    expect(line()).toBe(
      'Server be1/s1 is going DOWN for maintenance. 0 active and 1 backup servers left. Running on backup. ' +
        '4 sessions active, 2 requeued, 3 remaining in queue.',
    )
  })
})

describe('a server that gets no new traffic', () => {
  it('its pending connections are redistributed when it is drained', () => {
    const { server, line, requeued } = start()
    setDrain(server)
    expect(line()).toBe(
      'Server be1/s1 enters drain state. 0 active and 1 backup servers online. Running on backup. ' +
        '2 sessions requeued, 3 total in queue.',
    )
    expect(requeued()).toEqual([['SERVER_ADMIN', 2]])
  })

  it('its pending connections are redistributed when it is stopping', () => {
    const { server, line } = start()
    setStopping(server, 'lua')
    expect(line()).toBe(
      'Server be1/s1 is stopping, changed from Lua script. 0 active and 1 backup servers online. Running on backup. ' +
        '2 sessions requeued, 3 total in queue.',
    )
  })
})

describe('a server that is up again', () => {
  it('takes pending connections of its backend', () => {
    const { server, ended, line } = start()
    setStopped(server, 'cli')
    setRunning(server, 'cli')
    expect(ended).toEqual([])
    expect(line()).toBe(
      'Server be1/s1 is UP, changed from CLI. 1 active and 1 backup servers online. 1 sessions requeued, 3 total in queue.',
    )
  })

  it('closes the sessions of backup servers: on-marked-up shutdown-backup-sessions', () => {
    const { server, ended } = start('on-marked-up shutdown-backup-sessions')
    setStopped(server, 'cli')
    setRunning(server, 'cli')
    expect(ended).toEqual(['be1/b1'])
  })

  it('closes the sessions of backup servers when it leaves maintenance', () => {
    const { server, ended, requeued } = start('on-marked-up shutdown-backup-sessions')
    setMaintenance(server)
    makeReady(server)
    expect(ended).toEqual(['be1/b1'])
    expect(requeued().filter(([name]) => name === 'SERVER_ADMIN')).toEqual([
      ['SERVER_ADMIN', 2],
      ['SERVER_ADMIN', 1],
    ])
  })
})

describe('a server with sessions', () => {
  it('cannot be removed', () => {
    const { haproxy, server } = start()
    haproxy.cli('add server be1/new 10.0.0.3:80')
    const added = haproxy.process.server('be1/new')!
    added.traffic = server.traffic
    expect(haproxy.cli('del server be1/new')).toBe('Server still has connections attached to it, cannot remove it.\n\n')
  })
})
