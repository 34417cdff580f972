/**
 * TLS in simulations: the findings, messages and layers are those that the real HAProxy 3.2 logs of servers that do the same
 * (test/upstream/live/tls.test.ts has both beside each other).
 */
import { describe, expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../src/index.js'

type Tls = NonNullable<NonNullable<Parameters<Simulation['http']>[1]>['tls']>

const config = (server: string, ...lines: string[]) => `
global
    log stdout format raw local0
    stats socket unix@/run/haproxy.sock level admin
defaults
    mode tcp
    log global
    option log-health-checks
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend b
    ${lines.join('\n    ')}
    server s 10.0.0.1:443 check inter 2s fall 1 rise 1 ${server}
`

const firstCheck = (haproxy: Haproxy): string | undefined =>
  haproxy.logs.map(({ message }) => message).find((message) => message.startsWith('Health check'))

const reasonOf = (message: string | undefined): string | undefined =>
  message && /reason: (.*), check duration: /.exec(message)?.[1]

/** What the first check of a server finds that speaks TLS so, or plainly. */
const found = (tls: Tls | undefined, server: string, ...lines: string[]): string | undefined => {
  const sim = new Simulation({ seed: 1 })
  sim.http('10.0.0.1:443', { tls })
  const haproxy = sim.haproxy({ config: config(server, ...lines) }).start()
  sim.advance('6s')
  return reasonOf(firstCheck(haproxy))
}

const OK = 'Layer6 check passed'
const FAILED = 'Layer6 invalid response, info: "SSL handshake failure"'
const VERIFIED = 'check-ssl verify required ca-file ca.pem'

describe('a check with check-ssl', () => {
  it.each<[string, Tls | undefined, string, string]>([
    ['a server that speaks TLS', {}, 'check-ssl verify none', OK],
    ['a server that does not', undefined, 'check-ssl verify none', FAILED],
    ['a handshake that is ended', { handshake: 'close' }, 'check-ssl verify none', FAILED],
    ['a handshake that hangs', { handshake: 'hang' }, 'check-ssl verify none', 'Layer6 timeout'],
    ['an old certificate, not looked at', { expired: true }, 'check-ssl verify none', OK],
    ['an old certificate', { expired: true }, VERIFIED, FAILED],
    ['an authority that is trusted', { issuer: 'ca.pem' }, VERIFIED, OK],
    ['an authority that is not', { issuer: 'other.pem' }, VERIFIED, FAILED],
    ['a name that nobody asks for', { names: ['other.com'] }, VERIFIED, OK],
    ['the name that is asked for', { names: ['example.com'] }, `${VERIFIED} check-sni example.com`, OK],
    [
      'another name than was asked for',
      { names: ['other.com'] },
      `${VERIFIED} check-sni example.com`,
      'Layer6 invalid response, info: "Server presented an SSL certificate different from the expected one"',
    ],
    [
      'another name than the configured one',
      { names: ['other.com'] },
      `${VERIFIED} verifyhost example.com`,
      'Layer6 invalid response, info: "Server presented an SSL certificate different from the configured one"',
    ],
    ['TLS 1.2 only', { maxVersion: 'TLSv1.2' }, 'check-ssl verify none', OK],
    ['too old a version', { maxVersion: 'TLSv1.2' }, 'check-ssl verify none ssl-min-ver TLSv1.3', FAILED],
    ['other protocols', { alpn: ['h2'] }, 'check-ssl verify none check-alpn http/1.1', FAILED],
    ['TLS of the traffic', {}, 'ssl verify none', OK],
    ['TLS of the traffic only', undefined, 'ssl verify none no-check-ssl', 'Layer4 check passed'],
    ['PROXY before TLS', {}, 'ssl verify none send-proxy', FAILED],
  ])('reports %s', (_, tls, server, expected) => {
    expect(found(tls, server)).toBe(expected)
  })

  it('sends HTTP over it', () => {
    expect(found({}, 'check-ssl verify none', 'option httpchk')).toBe('Layer7 check passed, code: 200')
    expect(found(undefined, 'check-ssl verify none', 'option httpchk')).toBe(FAILED)
  })

  it('names the step at which it failed', () => {
    const rules = ['option tcp-check', 'tcp-check connect ssl', 'tcp-check send x', 'tcp-check expect string x']
    expect(found(undefined, 'verify none', ...rules)).toBe(
      'Layer6 invalid response, info: "SSL handshake failure at step 1 of tcp-check (connect)"',
    )
    expect(found({ handshake: 'hang' }, 'verify none', ...rules)).toBe(
      'Layer6 timeout, info: " at step 1 of tcp-check (connect)"',
    )
  })

  it('reports a server that starts TLS, and one that hangs', () => {
    const sim = new Simulation({ seed: 1 })
    sim.smtp('10.0.0.1:443')
    const haproxy = sim.haproxy({ config: config('check-ssl verify none') }).start()
    sim.advance('3s')
    expect(reasonOf(firstCheck(haproxy))).toBe(FAILED)

    const other = new Simulation({ seed: 1 })
    other.http('10.0.0.1:443', { tls: {} }).hang()
    const second = other.haproxy({ config: config('check-ssl verify none') }).start()
    other.advance('6s')
    expect(reasonOf(firstCheck(second))).toBe('Layer6 timeout')
  })
})

describe('a plain check of a TLS server', () => {
  it('gets no HTTP response', () => {
    expect(found({}, '', 'option httpchk')).toBe('Socket error')
  })
})

describe('connect_ssl', () => {
  const script = (address: string) => `
    core.register_task(function()
      local socket = core.tcp()
      socket:settimeout(1)
      local from = core.now()
      local ok, message = socket:connect_ssl(${address})
      local now = core.now()
      print("connect", ok, message, now.sec - from.sec)
      print("send", socket:send("GET / HTTP/1.0\\r\\n\\r\\n"))
      print("receive", socket:receive("*l"))
    end)`

  const outputOf = (prepare: (sim: Simulation) => void): readonly string[] => {
    const sim = new Simulation({ seed: 1 })
    prepare(sim)
    const files = { 'a.lua': script('"10.0.0.1", 443') }
    const haproxy = sim
      .haproxy({
        config: 'global\n stats socket unix@/s\n tune.lua.bool-sample-conversion normal\n lua-load a.lua\n',
        files,
      })
      .start()
    sim.advance('10s')
    return haproxy.output
  }

  it('connects to any TLS server, regardless of the certificate', () => {
    const output = outputOf((sim) => sim.http('10.0.0.1:443', { tls: { expired: true, issuer: 'nobody' } }))
    expect(output).toEqual(['connect\t1\tnil\t0', 'send\t18', 'receive\tHTTP/1.1 200 OK'])
  })

  it.each<[string, (sim: Simulation) => void, number]>([
    ['nobody listens', (sim) => sim.http('10.0.0.1:443').refuse(), 3],
    ['the server speaks plainly', (sim) => sim.http('10.0.0.1:443'), 3],
    ['the handshake is ended', (sim) => sim.http('10.0.0.1:443', { tls: { handshake: 'close' } }), 3],
    ['the handshake hangs', (sim) => sim.http('10.0.0.1:443', { tls: { handshake: 'hang' } }), 4],
  ])('is tried four times if %s', (_, prepare, seconds) => {
    expect(outputOf(prepare)).toEqual([
      `connect\tnil\tCan't connect\t${seconds}`,
      'send\t-1',
      'receive\tnil\tconnection closed.',
    ])
  })
})

describe('automatic servers', () => {
  it('use TLS if their checks do', async () => {
    const { makeSurroundings } = await import('../../src/sim/surroundings.js')
    const sim = new Simulation({ seed: 1 })
    const haproxy = sim.haproxy({ config: config(`${VERIFIED} check-sni example.com`, 'option httpchk') })
    makeSurroundings(sim, haproxy.process.configuration)
    haproxy.start()
    sim.advance('3s')
    expect(reasonOf(firstCheck(haproxy))).toBe('Layer7 check passed, code: 200')
  })
})

describe('settings of TLS', () => {
  it('that are invalid are rejected with a message', () => {
    const sim = new Simulation({ seed: 1 })
    const http = (tls: unknown) => () => sim.http('10.0.0.1:443', { tls: tls as Tls })
    expect(http({ expire: true })).toThrow("unknown tls setting 'expire'; known settings: names, issuer, expired")
    expect(http({ names: 'a' })).toThrow("invalid tls setting 'names': expected a list of names")
    expect(http({ minVersion: 'TLS1' })).toThrow("invalid tls setting 'minVersion': expected one of SSLv3")
  })

  it('can be changed at run time', () => {
    const sim = new Simulation({ seed: 1 })
    const web = sim.http('10.0.0.1:443', { tls: {} })
    const haproxy = sim.haproxy({ config: config('check-ssl verify none') }).start()
    sim.advance('3s')
    expect(haproxy.server('b/s').status).toBe('UP')
    web.tls({ handshake: 'close' })
    sim.advance('3s')
    expect(haproxy.server('b/s').status).toBe('DOWN')
    web.tls({})
    sim.advance('3s')
    expect(haproxy.server('b/s').status).toBe('UP')
  })

  it('give the same run twice', () => {
    const run = () => {
      const sim = new Simulation({ seed: 7 })
      sim.http('10.0.0.1:443', { tls: { maxVersion: 'TLSv1.2' } })
      sim.haproxy({ config: config('check-ssl verify none', 'option httpchk') }).start()
      sim.advance('20s')
      return sim.trace.hash
    }
    expect(run()).toBe(run())
  })
})
