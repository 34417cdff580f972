/** Requests that `hapsim run --at` sends: how they are written, and how they and their answers are shown. */
import { describe, expect, it } from 'vitest'
import { makeSurroundings, planAction, Simulation, type HttpServer } from '../../src/sim/index.js'
import { splitWords } from '../../src/sim/request-actions.js'
import { hapsim, objects } from '../support/hapsim.js'

const CONFIG = `global
    stats socket /run/haproxy.sock level admin
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend app
    server web1 10.0.0.1:80
`

const run = (...args: string[]) => hapsim(['run', '@/a.cfg', ...args], { 'a.cfg': CONFIG })
const at = (...actions: string[]) => actions.flatMap((action, i) => ['--at', `${i + 1}s=${action}`])

describe('a request at a time', () => {
  it('is shown with its answer, and counted in the last line', async () => {
    const { out, code } = await run(
      ...at('get http://10.0.0.1/x', `post http://10.0.0.1/y -H 'X-A: "1"' -H "x-b:2" -d 'a b\\nc' -0`),
    )
    expect(out).toMatch(
      new RegExp(
        [
          'world {3}get http://10\\.0\\.0\\.1/x',
          '    1\\.00\\ds  client  GET http://10\\.0\\.0\\.1/x: 200 OK, 0 bytes, 1\\.\\d ms',
          ' {20}> GET /x HTTP/1\\.1',
          ' {20}> host: 10\\.0\\.0\\.1',
          ' {20}< HTTP/1\\.1 200 OK',
          ' {20}< content-length: 0\n',
        ].join('\n'),
      ),
    )
    expect(out).toMatch(
      new RegExp(
        [
          '> POST /y HTTP/1\\.0',
          '> host: 10\\.0\\.0\\.1',
          '> X-A: "1"',
          '> x-b: 2',
          '> content-length: 5',
          '\\| a b',
          '\\| c',
          '< HTTP/1\\.1 200 OK',
          '< content-length: 0',
          '< connection: close\n',
        ].join('\n {20}'),
      ),
    )
    expect(out).toMatch(/end {5}2 requests, 0 mails/)
    expect(code).toBe(0)
  })

  it('is reported in JSON', async () => {
    const { out } = await run('--json', ...at('put http://shop.example/x --to 10.0.0.1:80 --from 203.0.113.5 -d ü'))
    const records = objects(out)
    expect(records).toContainEqual(
      expect.objectContaining({
        type: 'client',
        client: '203.0.113.5',
        method: 'PUT',
        url: 'http://shop.example/x',
        status: 200,
        reason: 'OK',
        length: 0,
        request: { head: 'PUT /x HTTP/1.1\nhost: shop.example\ncontent-length: 2', body: 'ü' },
        answer: { head: 'HTTP/1.1 200 OK\ncontent-length: 0', body: '' },
      }),
    )
    expect(records.at(-1)).toMatchObject({ counts: { client: 1 } })
  })

  it('that is not answered shows why, also at the end of the run', async () => {
    const { out, code } = await run('--for', '12s', ...at('get http://127.0.0.1:9/', 'head http://10.0.0.99/'))
    expect(out).toContain('client  GET http://127.0.0.1:9/: Connection refused (the connection was not established)')
    expect(out).toMatch(/12\.000s {2}client {2}HEAD http:\/\/10\.0\.0\.99\/: no complete answer at the end of the run/)
    expect(out).toContain('2 requests (2 failed)')
    expect(code).toBe(0)
  })

  it('is the only kind shown with --only client', async () => {
    const { out } = await run('--only', 'client', ...at('delete http://10.0.0.1/'))
    expect(out).toMatch(/client {2}DELETE/)
    expect(out).not.toContain('world')
  })

  it('leaves no connection open', () => {
    const sim = new Simulation()
    const haproxy = sim.haproxy({ config: CONFIG, directory: false })
    const surroundings = makeSurroundings(sim, haproxy.process.configuration)
    sim.at('1s', planAction('get http://10.0.0.1/', haproxy, surroundings))
    sim.advance('2s')
    expect((surroundings.servers.get('app/web1')![0] as HttpServer).requests).toHaveLength(1)
    expect(sim.network.openConnections).toBe(0)
  })

  it.each([
    ['get', "'get' needs a URL; expected URL [-H 'NAME: VALUE']"],
    ['get ftp://x/', "'ftp://x/' is not a URL"],
    ['get http://10.0.0.1/ -H', '-H needs a value'],
    ['get http://10.0.0.1/ -H x', "invalid header 'x': expected NAME: VALUE"],
    ['get http://10.0.0.1/ -X', "unexpected '-X'"],
    ['get http://10.0.0.1/ b', "unexpected 'b'"],
    ["get http://10.0.0.1/ -d 'a", 'a quote is not closed'],
    ['get http://10.0.0.1/ --from here', 'here'],
    ['fetch http://10.0.0.1/', "unknown action 'fetch'; known actions: down, up, hang, smtp-down, smtp-up, cli, get"],
  ])('is a usage error: %s', async (action, message) => {
    const { code, complaints } = await run(...at(action))
    expect(complaints).toContain(message)
    expect(code).toBe(2)
  })
})

describe('the words of an action', () => {
  it.each([
    ['a  b\tc ', ['a', 'b', 'c']],
    [`-d 'a "b"' "c 'd'"`, ['-d', 'a "b"', "c 'd'"]],
    [`a\\ b "c\\"d\\\\e\\n" 'f\\n'`, ['a b', 'c"d\\e\\n', 'f\\n']],
    [`x'y z'"w"`, ['x' + 'y zw']],
    [`'' ""`, ['', '']],
    ['', []],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  it.each(["'", 'a "b', 'a\\', `a 'b' "`])('%j has a quote that is not closed', (text) => {
    expect(() => splitWords(text)).toThrow('a quote is not closed')
  })
})

describe('requests to frontends', () => {
  const FRONTENDS = `defaults
    mode http
    timeout connect 1s
    timeout client 9s
    timeout server 9s
frontend web
    bind 127.0.0.1:8000
    http-request return status 404 if { path /missing }
    default_backend app
frontend raw
    mode tcp
    bind 127.0.0.1:8001
    default_backend app-tcp
backend app
    server web1 10.0.0.1:80
backend app-tcp
    mode tcp
    server web1 10.0.0.1:80
`
  const runFrontends = (...args: string[]) => hapsim(['run', '@/a.cfg', ...args], { 'a.cfg': FRONTENDS })
  const REQUESTS = at('get http://127.0.0.1:8000/x', 'get http://127.0.0.1:8000/missing', 'get http://127.0.0.1:8001/y')

  it('are summed up in the last line, with the classes of their answers', async () => {
    const { out } = await runFrontends(...REQUESTS)
    expect(out).toMatch(/end {5}3 requests, frontends: 2 requests \(2xx: 1, 4xx: 1\), 1 TCP session, 0 mails/)
  })

  it('are summed up in JSON', async () => {
    const { out } = await runFrontends('--json', ...REQUESTS)
    const traffic = { requests: 2, answers: { '2xx': 1, '4xx': 1 }, sessions: 1, streams: 0 }
    expect(objects(out).at(-1)).toMatchObject({ type: 'end', traffic })
  })
})
