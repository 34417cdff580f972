import { describe, expect, it } from 'vitest'
import { SECOND } from '../../../src/engine/index.js'
import { Client, HttpServer, TcpServer } from '../../../src/sim/actors/index.js'
import { address, place } from './world.js'

describe('a client', () => {
  it('sends data given before the connection was established, and keeps the response', () => {
    const w = place()
    new HttpServer(w.here, address('10.0.0.1:80')).respond({ body: 'hello' })
    const connection = new Client({ ...w.here, host: w.far }).connect(address('10.0.0.1:80'))
    connection.send('GET / HTTP/1.0\r\n\r\n')
    expect(connection.state).toBe('connecting')
    w.run(SECOND)
    expect(connection.received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhello$/)
    expect(connection.ended).toBe(true)
  })

  it('sends more than the window holds, and receives the response after it has finished sending', () => {
    const w = place()
    const tcp = new TcpServer(w.here, address('10.0.0.1:80'))
    const heard: string[] = []
    const client = new Client({ ...w.here, host: w.far })
    const connection = client.connect(address('10.0.0.1:80'), { receive: (text) => heard.push(text) })
    tcp.respond((_, { received }) => (received.length === 200_000 ? 'all of it' : undefined))
    connection.send('x'.repeat(200_000))
    connection.finish()
    w.run(SECOND)
    expect(tcp.received).toHaveLength(200_000)
    expect(heard).toEqual(['all of it'])
    expect(client.connections).toEqual([connection])
  })

  it('reports why it could not connect, and connects from a given address', () => {
    const w = place()
    const client = new Client({ ...w.here, host: w.far })
    const refused = client.connect(address('10.0.0.1:81'))
    w.run(SECOND)
    expect([refused.state, refused.error]).toEqual(['closed', 'ECONNREFUSED'])
    const tcp = new TcpServer(w.here, address('10.0.0.1:80'))
    client.connect(address('10.0.0.1:80'), { from: address('10.0.0.2:1234') }).send('hi')
    w.run(SECOND)
    expect(tcp.connections[0]).toMatchObject({ from: '10.0.0.2:1234', received: 'hi' })
  })
})
