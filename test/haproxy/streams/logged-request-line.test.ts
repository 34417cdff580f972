/** `tune.http.logurilen`: how much of a request line is logged, and what the aliases of logs make of it. Lines of HAProxy 3.2. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

/** The log line of a request with this line. */
const logged = (length: number, line: string): string | undefined => {
  const sim = new Simulation()
  const haproxy = sim.haproxy({
    config: `global
  log stdout format raw local0
  tune.http.logurilen ${length}
frontend fe
  mode http
  bind 127.0.0.1:9000
  log global
  timeout client 1s
  log-format "%r|%HU|%HP|%HQ|%HV|%HM|%HPO|%[capture.req.uri]|%[capture.req.method]|%[capture.req.ver]"
  http-request return status 200
`,
  })
  haproxy.start()
  const client = sim.client().connect('127.0.0.1:9000')
  client.send(`${line} HTTP/1.1\r\nHost: a\r\n\r\n`)
  sim.advance('1s')
  return haproxy.logs.at(-1)?.message
}

it('a request line is cut off', () => {
  expect(logged(20, 'GET /0123456789/abcdefghijklmnop?q=1')).toBe(
    'GET /0123456789/abcd|/0123456789/abcd|/0123456789/abcd||HTTP/0.9|GET|/0123456789/abcd|/0123456789/abcd|GET|HTTP/1.1',
  )
})

it('a request line that is short enough is logged', () => {
  expect(logged(20, 'GET /01234')).toBe('GET /01234 HTTP/1.1|/01234|/01234||HTTP/1.1|GET|/01234|/01234|GET|HTTP/1.1')
})

it('a request line is cut off within its version', () => {
  expect(logged(20, 'GET /01234567890')).toBe(
    'GET /01234567890 HTT|/01234567890|/01234567890||HTT|GET|/01234567890|/01234567890|GET|HTTP/1.1',
  )
})

it('a request line is cut off within its query', () => {
  expect(logged(20, 'GET /0?abcdefghijklmnop')).toBe(
    'GET /0?abcdefghijklm|/0?abcdefghijklm|/0|?abcdefghijklm|HTTP/0.9|GET|/0|/0?abcdefghijklm|GET|HTTP/1.1',
  )
})

it('a request line is cut off within its method', () => {
  expect(logged(20, 'OPTIONSOPTIONSOPTIONSOPTIONS /')).toBe(
    'OPTIONSOPTIONSOPTION|<BADREQ>|<BADREQ>||<BADREQ>|<BADREQ>|<BADREQ>|-|OPTIONSOPTIONSOPTION|HTTP/1.1',
  )
})

it('no part of a request line is logged', () => {
  expect(logged(0, 'GET /')).toBe('|<BADREQ>|<BADREQ>||<BADREQ>|<BADREQ>|<BADREQ>|-|-|HTTP/1.1')
})
