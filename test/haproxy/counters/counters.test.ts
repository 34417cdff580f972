import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import type { StatColumn } from '../../../src/haproxy/stats/index.js'

const start = () => {
  const sim = new Simulation({ seed: 1 })
  const config = `
defaults
    mode http
    timeout client 1s
    timeout connect 1s
    timeout server 1s
listen site
    bind 127.0.0.1:8080
    option socket-stats
    server one 10.0.0.1:80
`
  const haproxy = sim.haproxy({ config, directory: false }).start()
  const site = haproxy.process.backendNamed('site')!
  /** the columns of a line of `show stat` */
  const show = (name: string): Partial<Record<StatColumn, string>> => {
    const [head, ...lines] = haproxy.cli('show stat').split('\n')
    const columns = head!.slice(2).split(',')
    const values = lines.find((line) => line.startsWith(`site,${name},`))!.split(',')
    return Object.fromEntries(columns.map((column, i) => [column, values[i]]))
  }
  return { sim, haproxy, site, show, server: site.server('one')! }
}

describe('statistics', () => {
  it('show the counters of a frontend', () => {
    const { site, show } = start()
    const counters = site.countingFrontend
    counters.sessions = 7
    counters.sessionsByVersion[1] = 3
    counters.requestsByVersion[1] = 4
    counters.requestsByVersion[2] = 5
    counters.responses[2] = 6
    counters.responses[0] = 1
    counters.compression.input[0] = 8
    counters.compression.input[1] = 9
    counters.maxSessions = 2
    site.frontendSessions = 1
    expect(show('FRONTEND')).toMatchObject({
      ...{ scur: '1', smax: '2', stot: '7', sess_other: '4', h1sess: '0', h2sess: '3', req_tot: '9', h1req: '4' },
      ...{ h2req: '5', hrsp_2xx: '6', hrsp_other: '1', comp_in: '9' },
    })
  })

  it('show the counters of a listener, a server and its backend', () => {
    const { site, server, show } = start()
    site.listeners[0]!.counting.connections = 5
    server.counting.balancedSessions = 3
    server.counting.requests = 2
    server.counting.times.queue = 5
    server.counting.maxTimes.queue = 4
    site.countingBackend.retries = 1
    site.pendingConnections = 6
    expect(show('sock-1').conn_tot).toBe('5')
    expect(show('one')).toMatchObject({ lbtot: '3', req_tot: '2', qtime: '3', qtime_max: '4' })
    expect(show('BACKEND')).toMatchObject({ wretr: '1', qcur: '6', lbtot: '0' })
  })

  it('count an invalid request, for its listener, too', () => {
    const { sim, show } = start()
    sim.client().connect('127.0.0.1:8080').send('GET \x01 x\r\n\r\n')
    sim.advance('1s')
    expect(show('FRONTEND')).toMatchObject({ req_tot: '1', ereq: '1', hrsp_4xx: '1' })
    expect(show('sock-1').ereq).toBe('1')
  })

  it('show rates, and the time of the last session', () => {
    const { sim, server, show } = start()
    const { now } = server.proxy.process.clock
    for (let i = 0; i < 4; i++) server.counting.sessionRate.add(now)
    server.counting.lastSession = now
    expect(show('one')).toMatchObject({ rate: '4', lastsess: '0' })
    sim.advance('3s')
    expect(show('one')).toMatchObject({ rate: '0', lastsess: '3' })
    expect(show('BACKEND').lastsess).toBe('-1')
  })
})

describe('clear counters', () => {
  it('resets maxima and modules; with `all` also the others and the time of the last change', () => {
    const { sim, haproxy, site, server, show } = start()
    Object.assign(site.countingFrontend, { sessions: 7, maxSessions: 2 })
    Object.assign(server.counting, { retries: 3, maxPending: 4, maxSessionRate: 5 })
    site.countModule('frontend', 'h1_total_connections')
    sim.advance('2s')
    expect(haproxy.cli('show stat')).toContain('h1_total_connections')
    haproxy.cli('clear counters')
    expect(show('FRONTEND')).toMatchObject({ stot: '7', smax: '0', h1_total_connections: '0' })
    expect(show('one')).toMatchObject({ wretr: '3', qmax: '0', rate_max: '0', lastchg: '2' })
    haproxy.cli('clear counters all')
    expect(show('FRONTEND').stot).toBe('0')
    expect(show('one')).toMatchObject({ wretr: '0', lastchg: '0' })
  })
})

describe('the process', () => {
  it('is tainted by commands of the experimental and expert modes', () => {
    const { haproxy } = start()
    const tainted = (command: string) => /Tainted: (\w+)/.exec(haproxy.cli(`${command}; show info`))![1]
    expect(tainted('experimental-mode on')).toBe('0')
    expect(tainted('experimental-mode on; set var proc.a int(1)')).toBe('0x8')
    expect(tainted('expert-mode on; debug dev write 3')).toBe('0xc')
  })
})
