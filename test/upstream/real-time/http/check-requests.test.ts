/** Compares the requests that HTTP checks send with a real HAProxy's, byte by byte. */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { REAL } from '../../support/programs.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const SENDS: readonly string[] = [
  '',
  'meth GET',
  'uri /a?b',
  'uri * ver HTTP/1.1 hdr Host a',
  'ver HTTP/1.1 hdr Host a',
  'ver HTTP/1.2 hdr Host a',
  'ver HTTP/2 hdr Host a',
  'ver HTTP/0.9',
  'meth FOO ver HTTP/1.1',
  'meth POST',
  'meth POST ver HTTP/1.1 body abc',
  'meth GET body abc',
  'meth GET ver HTTP/1.1 body-lf %[str(abc)]',
  'meth HEAD ver HTTP/1.1 body abc',
  'meth PUT ver HTTP/1.1',
  'meth DELETE ver HTTP/1.1',
  'hdr X-A b hdr x-a c hdr X-UPPER d',
  'hdr X-A %[str(b)]%[int(3)]',
  'hdr Connection keep-alive',
  'hdr Connection close',
  'hdr Connection foo',
  'hdr Connection "foo, close"',
  'hdr Connection "keep-alive, foo"',
  'ver HTTP/1.1 hdr Connection keep-alive',
  'ver HTTP/1.1 hdr Connection close',
  'ver HTTP/1.1 hdr Connection foo',
  'ver HTTP/1.1 hdr Connection upgrade hdr Upgrade foo',
  'ver HTTP/1.1 hdr Connection upgrade hdr Upgrade h2c',
  'ver HTTP/1.1 hdr Upgrade foo',
  'ver HTTP/1.1 hdr TE trailers',
  'ver HTTP/1.1 hdr TE gzip',
  'uri http://a/b ver HTTP/1.1',
  'uri http://a/b ver HTTP/1.1 hdr Host c:80',
  'uri http://u@a:1/b ver HTTP/1.1 hdr Host c',
  'uri foo ver HTTP/1.1',
  'meth CONNECT uri a:80 ver HTTP/1.1 hdr Host b:81',
  'meth OPTIONS uri-lf /%[str(a)] ver HTTP/1.1',
]

const CONFIG = (port: number): string => `
global
    stats socket unix@sock level admin
defaults
    mode http
    timeout connect 2s
    timeout check 2s
    default-server inter 2s
${SENDS.map(
  (send, index) => `backend b${index}
    option httpchk
    http-check send ${send} hdr X-Index ${index}
    server s 127.0.0.1:${port} check`,
).join('\n')}
`

const INDEX = /x-index: (\d+)\r\n/

/** Requests by the rule that they were sent for. */
const bySend = (requests: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    requests.flatMap((request) => {
      const index = INDEX.exec(request)?.[1]
      return index === undefined ? [] : [[SENDS[Number(index)]!, request.replace(INDEX, '')]]
    }),
  )

describeUpstream('requests of HTTP checks', () => {
  it('are those of the real HAProxy', async () => {
    const requests: string[] = []
    const server = createServer((socket) => {
      let received = ''
      socket.on('error', () => undefined)
      socket.setEncoding('latin1').on('data', (data: string) => (received += data))
      setTimeout(() => {
        requests.push(received)
        socket.destroy()
      }, 200)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const config = CONFIG(port)
    const simulation = new Simulation()
    const simulated = simulation.tcp(`127.0.0.1:${port}`)
    simulation.haproxy({ config }).start()
    simulation.advance('5s')
    const real = await RealHaproxy.start(config, {}, REAL)
    await real.until(() => Object.keys(bySend(requests)).length === SENDS.length)
    await real.stop()
    server.close()
    expect(bySend(simulated.connections.map(({ received }) => received))).toEqual(bySend(requests))
  })
})
