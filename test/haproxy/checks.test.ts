/** Health checks. The log lines here were written by HAProxy 3.2.26 for servers that behave in the same way. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'

const CONFIG = (server: string, proxy = '') => `
global
    log stdout format raw local0 info
    stats socket unix@/run/haproxy.sock level admin
defaults
    mode http
    log global
    timeout connect 5s
    timeout client 5s
    timeout server 5s
backend be1
    option log-health-checks
    ${proxy}
    server s1 10.0.0.1:80 check ${server}
`

const start = (config: string, seed = 1) => {
  const sim = new Simulation({ seed })
  const haproxy = sim.haproxy({ config, directory: false })
  return {
    sim,
    haproxy,
    lines: () => haproxy.logs.map((log) => log.message),
    times: () => haproxy.logs.map((log) => log.at),
  }
}

describe('a TCP check', () => {
  it('detects refused connections', () => {
    const { sim, haproxy, lines } = start(CONFIG('inter 1s fall 2 rise 2'))
    sim.http('10.0.0.1:80').refuse()
    haproxy.start()
    sim.advance(500)
    expect(lines()).toEqual([
      'Health check for server be1/s1 failed, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms, status: 0/2 DOWN.',
      'Server be1/s1 is DOWN. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
      'backend be1 has no server available!',
    ])
  })

  it('times out after `inter`, or after `timeout connect` if `timeout check` is set', () => {
    const slow = start(CONFIG('inter 1s fall 1'))
    slow.sim.tcp('10.0.0.1:80').hang('connect')
    slow.haproxy.start()
    slow.sim.advance('1500ms')
    expect(slow.lines()[0]).toContain('failed, reason: Layer4 timeout, check duration: 1000ms, status: 0/2 DOWN.')
    const quick = start(CONFIG('inter 1s fall 1', 'timeout connect 200ms\n    timeout check 3s'))
    quick.sim.tcp('10.0.0.1:80').hang('connect')
    quick.haproxy.start()
    quick.sim.advance('1500ms')
    expect(quick.lines()[0]).toContain('failed, reason: Layer4 timeout, check duration: 200ms')
  })

  it('counts up to `rise` and down to `fall`', () => {
    const { sim, haproxy, lines } = start(CONFIG('inter 1s fall 2 rise 2'))
    const server = sim.tcp('10.0.0.1:80').refuse()
    haproxy.start()
    sim.at('500ms', () => server.accept())
    sim.at('2500ms', () => server.refuse())
    sim.advance('5s')
    const statuses = lines().flatMap((line) => /status: (.*)\.$/.exec(line)?.[1] ?? [])
    expect(statuses).toEqual(['0/2 DOWN', '1/2 DOWN', '2/2 UP', '1/2 UP', '0/2 DOWN'])
  })
})

describe('the time between checks', () => {
  const gaps = (times: readonly number[]) => times.slice(1).map((at, i) => Math.round((at - times[i]!) / 10_000) * 10)

  it('is `inter` for stable servers, `fastinter` during transitions, `downinter` when down', () => {
    const { sim, haproxy } = start(CONFIG('inter 4s fastinter 1s downinter 2s fall 3 rise 2'))
    const server = sim.http('10.0.0.1:80').refuse()
    haproxy.start()
    const connects: number[] = []
    sim.trace.listen((record) => record.type === 'connect' && connects.push(record.at))
    sim.at('5500ms', () => server.accept())
    sim.advance('20s')
    // it begins one failure away from DOWN
    expect(gaps(connects).slice(0, 5)).toEqual([2000, 2000, 2000, 1000, 4000])
  })

  it('is spread over the shortest interval when a process starts', () => {
    const servers = ['1', '2', '3', '4'].map((n) => `    server x${n} 10.0.0.${n}:80 check inter 2s`).join('\n')
    const { sim, haproxy } = start(`${CONFIG('inter 10s')}${servers.replace('server x1', 'server x0')}\n`)
    for (const n of [1, 2, 3, 4]) sim.http(`10.0.0.${n}:80`)
    const connects: number[] = []
    sim.trace.listen((record) => record.type === 'connect' && connects.push(record.at / 1000))
    haproxy.start()
    sim.advance('2s')
    expect(connects).toEqual([0, 400, 800, 1200, 1600])
  })

  it('varies by `spread-checks`, the same for the same seed', () => {
    const play = (seed: number) => {
      const config = CONFIG('inter 1s').replace('global\n', 'global\n    spread-checks 50\n')
      const { sim, haproxy } = start(config, seed)
      sim.http('10.0.0.1:80')
      const connects: number[] = []
      sim.trace.listen((record) => record.type === 'connect' && connects.push(record.at))
      haproxy.start()
      sim.advance('30s')
      return connects
    }
    const between = gaps(play(1))
    expect(Math.min(...between)).toBeGreaterThanOrEqual(500)
    expect(Math.max(...between)).toBeLessThanOrEqual(1502)
    expect(new Set(between).size).toBeGreaterThan(10)
    expect(play(1)).toEqual(play(1))
    expect(play(1)).not.toEqual(play(2))
  })
})

describe('an HTTP check', () => {
  const check = (act: (sim: Simulation) => void) => {
    const { sim, haproxy, lines } = start(CONFIG('inter 1s fall 2 rise 2', 'option httpchk'))
    act(sim)
    haproxy.start()
    sim.advance('1500ms')
    return lines()[0]!.replace(/duration: [01]ms/, 'duration: 0ms')
  }

  it('accepts statuses from 200 to 399', () => {
    expect(check((sim) => sim.http('10.0.0.1:80'))).toBe(
      'Health check for server be1/s1 succeeded, reason: Layer7 check passed, code: 200, check duration: 0ms, status: 2/2 UP.',
    )
    expect(check((sim) => sim.http('10.0.0.1:80').respond(302))).toContain('passed, code: 302')
  })

  it("reports other statuses with the server's reason", () => {
    expect(check((sim) => sim.http('10.0.0.1:80').respond(503))).toBe(
      'Health check for server be1/s1 failed, reason: Layer7 wrong status, code: 503, info: "Service Unavailable", check duration: 0ms, status: 0/2 DOWN.',
    )
    expect(check((sim) => sim.http('10.0.0.1:80').respond({ status: 500, reason: 'oh "no"' }))).toContain(
      'code: 500, info: "oh <22>no<22>"',
    )
  })

  it('reports invalid responses', () => {
    const answering = (answer: string) => (sim: Simulation) =>
      sim.tcp('10.0.0.1:80').respond((_, connection) => {
        connection.send(answer)
        connection.close()
        return undefined
      })
    const failed = 'Health check for server be1/s1 failed, reason: Socket error, check duration: 0ms, status: 0/2 DOWN.'
    for (const answer of ['', 'garbage\r\n\r\n', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nBad Header\r\n\r\n'])
      expect(check((sim) => answering(answer)(sim))).toBe(failed)
    expect(check((sim) => sim.tcp('10.0.0.1:80').respond((_, connection) => void connection.reset()))).toBe(
      'Health check for server be1/s1 failed, reason: Socket error, info: "ECONNRESET returned by OS (Connection reset by peer)", check duration: 0ms, status: 0/2 DOWN.',
    )
  })

  it('waits for a response for at most `inter`', () => {
    expect(check((sim) => sim.http('10.0.0.1:80').hang())).toBe(
      'Health check for server be1/s1 failed, reason: Layer7 timeout, check duration: 1000ms, status: 0/2 DOWN.',
    )
  })

  it('accepts a response that arrives byte by byte', () => {
    const line = check((sim) =>
      sim.tcp('10.0.0.1:80').respond((_, connection) => {
        const bytes = [...'HTTP/1.0 200 OK\r\nServer: slow\r\n\r\n']
        bytes.forEach((byte, i) => sim.scheduler.at(sim.clock.now + i * 1000, () => connection.send(byte)))
        return undefined
      }),
    )
    expect(line).toContain('succeeded, reason: Layer7 check passed, code: 200')
  })

  it('keeps no more of endless headers than HAProxy', () => {
    const line = check((sim) =>
      sim.tcp('10.0.0.1:80').respond(() => `HTTP/1.1 200 OK\r\n${'X-More: and more\r\n'.repeat(5000)}`),
    )
    expect(line).toContain('failed, reason: Socket error')
  })
})
