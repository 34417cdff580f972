/** The command `httpclient`. The responses are those of HAProxy 3.2.26 to the same commands. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

const start = (global = '') => {
  const sim = new Simulation()
  const web = sim.http('10.0.0.1:80')
  web.respond({
    headers: [
      ['Content-Length', '5'],
      ['X-Multi', 'a'],
      ['x-multi', 'b, c'],
    ],
    body: 'hello',
  })
  const config = `global\n stats socket /run/cli level admin\n log 127.0.0.1:514 local0\n httpclient.retries 0\n ${global}\n`
  const haproxy = sim.haproxy({ config, directory: false })
  haproxy.start()
  const ask = (command: string): string => haproxy.cli(`expert-mode on; httpclient ${command}`)
  return { sim, web, haproxy, ask }
}

describe('httpclient', () => {
  it('shows the response', () => {
    const { ask, web } = start()
    expect(ask('GET http://10.0.0.1/x')).toBe(
      '\nHTTP/1.1 200 OK\ncontent-length: 5\r\nx-multi: a\r\nx-multi: b, c\r\n\r\nhello\n',
    )
    expect(web.requests.map(({ method, target }) => [method, target])).toEqual([['GET', '/x']])
  })

  it('shows no empty line where there are no fields', () => {
    const { ask, web } = start()
    web.respond({ raw: 'HTTP/1.1 204 No Content\r\n\r\n' })
    expect(ask('GET http://10.0.0.1/')).toBe('\nHTTP/1.1 204 No Content\n\n')
  })

  it('sends the payload', () => {
    const { ask, web } = start()
    ask('POST http://10.0.0.1/x <<\nline 1\nline 2\n')
    expect([web.requests[0]!.text, web.requests[0]!.headers['transfer-encoding']]).toEqual([
      'line 1\nline 2',
      'chunked',
    ])
  })

  it('is for experts', () => {
    const { haproxy } = start()
    expect(haproxy.cli('httpclient GET http://10.0.0.1/')).toBe('This command is restricted to expert mode only.\n\n')
  })

  it.each([
    ['', "Can't start the HTTP client: not enough parameters."],
    ['GET', "Can't start the HTTP client: not enough parameters."],
    ['FOO http://10.0.0.1/', "Can't start the HTTP client."],
    ['get http://10.0.0.1/', "Can't start the HTTP client."],
    ['GET foo', "Can't start the HTTP client."],
    ['GET /foo', "Can't start the HTTP client."],
    ['GET http:///foo', "Can't start the HTTP client."],
  ])('refuses %j', (command, message) => {
    expect(start().ask(command)).toBe(`\n${message}\n\n`)
  })

  it('shows what is answered in place of a server that cannot be reached', () => {
    const { ask, web } = start()
    web.refuse()
    expect(ask('GET http://10.0.0.1/')).toBe(
      '\nHTTP/1.1 503 Service Unavailable\ncontent-length: 107\r\ncache-control: no-cache\r\ncontent-type: text/html\r\n\r\n' +
        '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n\n',
    )
  })

  it('shows large responses, and continues with the next command', () => {
    const { ask, web } = start()
    web.respond({ body: 'x'.repeat(500_000) })
    const shown = ask('GET http://10.0.0.1/; show env nothing')
    expect(shown.match(/x{1000,}/)![0]).toHaveLength(500_000)
  })

  it('ends the request of a client that leaves', () => {
    const { sim, web, haproxy } = start()
    web.hang()
    const client = sim.client().connect('unix@/run/cli')
    client.send('expert-mode on; httpclient GET http://10.0.0.1/\n')
    sim.advance('1s')
    expect([web.openConnections, haproxy.logs.length]).toEqual([1, 0])
    client.reset()
    sim.advance('1s')
    expect(web.openConnections).toBe(0)
    expect(haproxy.logs[0]!.message).toMatch(/ 400 \d+ - - CD-- /)
  })
})
