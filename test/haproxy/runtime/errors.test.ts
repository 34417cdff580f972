/** `show errors`, with texts of HAProxy 3.2.26. */
import { expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../../src/sim/index.js'
import { toBytes } from '../../../src/bytes/latin1.js'
import { parseAddress } from '../../../src/net/address.js'

const CONFIG = `
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend f
  bind 127.0.0.1:8000
  default_backend b
backend b
  server s 127.0.0.1:9000
`

const address = (text: string) => {
  const parsed = parseAddress(text, { portOk: true })
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed.address
}

/** Runs HAProxy with a server that answers everything with `response`, and a client that sends `request`. */
const exchange = (request: string, response = ''): Haproxy => {
  const simulation = new Simulation()
  simulation.home.listen(address('127.0.0.1:9000'), (connection) => ({
    readable: () => {
      if (connection.read().length > 0) connection.write(toBytes(response))
    },
  }))
  const haproxy = simulation.haproxy({ config: CONFIG })
  haproxy.start()
  simulation.home.connect(address('127.0.0.1:8000'), { connected: (connection) => connection.write(toBytes(request)) })
  simulation.advance('1s')
  return haproxy
}

/** The text, with dates and the port of the client masked. */
const errors = (haproxy: Haproxy, args = ''): string =>
  haproxy
    .cli(`show errors${args}`)
    .replace(/\[\d\d\/\w{3}\/\d{4}:[\d:.]+\]/g, '[DATE]')
    .replace(/127\.0\.0\.1:\d+/g, 'CLIENT')
    .trimEnd()

const LONG = `X: ${'y'.repeat(120)}`

it('the last invalid request is shown with the position of the error, and its bytes escaped', () => {
  const haproxy = exchange(`GET / HTTP/1.1\r\nHost: a\r\nbad f\xe9\teld\r\n${LONG}\r\n\r\n`)
  expect(errors(haproxy)).toBe(`Total events captured on [DATE] : 1
 
[DATE] frontend f (#1): invalid request
  backend <NONE> (#-1), server <NONE> (#-1), event #0, src CLIENT
  buffer starts at 0 (including 0 out), 16220 free,
  len 164, wraps at 16336, error at position 28
  H1 connection flags 0x00000000, H1 stream flags 0x00000810
  H1 msg state MSG_HDR_NAME(17), H1 msg flags 0x00001410
  H1 chunk len 0 bytes, H1 body len 0 bytes :
  
  00000  GET / HTTP/1.1\\r\\n
  00016  Host: a\\r\\n
  00025  bad f\\xE9\\teld\\r\\n
  00037  X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
  00107+ yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\\r\\n
  00162  \\r\\n`)
})

it('the last invalid response is shown with its server and the frontend', () => {
  const haproxy = exchange('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n')
  expect(errors(haproxy, ' b response')).toBe(`Total events captured on [DATE] : 1
 
[DATE] backend b (#2): invalid response
  frontend f (#1), server s (#1), event #0, src CLIENT
  buffer starts at 0 (including 0 out), 16352 free,
  len 32, wraps at 16336, error at position 20
  H1 connection flags 0x80000100, H1 stream flags 0x00014810
  H1 msg state MSG_HDR_NAME(17), H1 msg flags 0x00001414
  H1 chunk len 0 bytes, H1 body len 0 bytes :
  
  00000  HTTP/1.1 200 OK\\r\\n
  00017  bad name: x\\r\\n
  00030  \\r\\n`)
})

it('errors are selected by proxy and direction', () => {
  const haproxy = exchange('bad\r\n\r\n')
  expect(errors(haproxy, ' f')).toContain('invalid request')
  expect(errors(haproxy, ' f request')).toContain('invalid request')
  expect(errors(haproxy, ' f response')).toBe('Total events captured on [DATE] : 1')
  expect(errors(haproxy, ' b')).toBe('Total events captured on [DATE] : 1')
  expect(errors(haproxy, ' nope')).toBe('No such proxy.')
})
