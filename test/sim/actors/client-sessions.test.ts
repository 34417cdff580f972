/** Raw connections of a client: bytes sent and received by a test. */
import { beforeEach, describe, expect, it } from 'vitest'
import { Simulation, type ClientConnection, type TcpServer } from '../../../src/index.js'

let sim: Simulation
let tcp: TcpServer

beforeEach(() => {
  sim = new Simulation({ seed: 1 })
  tcp = sim.tcp('127.0.0.1:7')
})

const connect = (): ClientConnection => sim.client().connect('127.0.0.1:7')

describe('a raw connection', () => {
  it('sends texts of bytes, and bytes, before and after it is established', () => {
    const connection = connect()
    connection.send('gr\xfc\xdf')
    expect(connection.state).toBe('connecting')
    sim.advance('1s')
    connection.send(Uint8Array.of(0xff))
    sim.advance('1s')
    expect(tcp.received).toBe('gr\xfc\xdf\xff')
    expect(() => connection.send('\u20ac')).toThrow('has characters that are not bytes')
    expect(connection.local).toBe(tcp.connections[0]!.from)
  })

  it('receives what is new, and nothing at the end', () => {
    tcp.greet('hello').respond((text) => text.toUpperCase())
    const connection = connect()
    expect(connection.receive()).toBe('hello')
    connection.send('a')
    expect(connection.receive()).toBe('A')
    tcp.closeConnections()
    expect(connection.receive()).toBe('')
    expect([connection.ended, connection.error, connection.received]).toEqual([true, undefined, 'helloA'])
  })

  it('receives everything until the peer has finished', () => {
    tcp.greet((connection) => {
      connection.send('a')
      sim.at('2s', () => connection.send('b'))
      sim.at('3s', () => connection.close())
    })
    const connection = connect()
    expect(connection.receiveAll()).toBe('ab')
    expect(sim.now).toBeGreaterThan(3000)
  })

  it('expects a text, a pattern or what a function accepts, one after the other', () => {
    tcp.greet('220 mail.example ESMTP\r\n250-a\r\n250 b\r\nrest \xc3\xbc')
    const connection = connect()
    expect(connection.expect('220 ')).toBe('220 ')
    expect(connection.expect(/^(\S+) ESMTP\r\n/)[1]).toBe('mail.example')
    expect(connection.expect((text) => /250 (.)/.exec(text)?.[1])).toBe('b')
    expect(() => connection.expect('250', '2s')).toThrow(
      'connection to 127.0.0.1:7: expected "250", received nothing (not within 2s)',
    )
    expect(connection.received).toMatch(/\xfc?$/)
  })

  it('reports what it has received if that is not what is expected', () => {
    tcp.greet('no').closeAfter('1s')
    expect(() => connect().expect('yes')).toThrow('expected "yes", received "no" (it ended)')
    tcp.refuse()
    expect(() => connect().expect(/yes/)).toThrow('expected /yes/, received nothing (ECONNREFUSED)')
    tcp.accept()
    expect(() => connect().receive('1s')).toThrow('connection to 127.0.0.1:7: nothing received within 1s')
    expect(() => connect().receiveAll('1s')).toThrow('not ended within 1s; received nothing')
  })

  it('finishes sending and still receives; is closed; is reset', () => {
    tcp.respond((_, connection) => void sim.at('1s', () => connection.open && connection.send('late')))
    const half = connect()
    half.send('x')
    half.finish()
    sim.advance('2s')
    expect([tcp.connections[0]!.open, half.ended]).toEqual([false, true])
    const closed = connect()
    closed.send('bye')
    closed.close()
    sim.advance('1s')
    expect(tcp.connections[1]).toMatchObject({ received: 'bye', open: false })
    expect(closed.state).toBe('closed')
    const reset = connect()
    sim.advance('1s')
    reset.reset()
    sim.advance('1s')
    expect([tcp.connections[2]!.open, reset.state]).toEqual([false, 'closed'])
  })

  it('that stops reading blocks the peer', () => {
    const connection = connect()
    sim.advance('1s')
    connection.pause()
    const all = 'x'.repeat(200_000)
    tcp.connections[0]!.send(all)
    tcp.connections[0]!.close()
    sim.advance('1m')
    expect([connection.received, connection.ended, tcp.openConnections]).toEqual(['', false, 1])
    connection.resume()
    sim.advance('1m')
    expect([connection.received === all, connection.ended, tcp.openConnections]).toEqual([true, true, 0])
  })

  it('that stops reading does not read after a TLS handshake either', () => {
    tcp = sim.tcp('127.0.0.1:8', { tls: {} }).greet('hello')
    const connection = sim.client().connect('127.0.0.1:8')
    connection.pause()
    connection.secure()
    connection.send('sent')
    sim.advance('1s')
    expect([connection.received, tcp.received]).toEqual(['', 'sent'])
    connection.resume()
    expect(connection.received).toBe('hello')
  })

  it('goes to Unix sockets and to names', () => {
    sim.tcp('/run/echo.sock').greet('unix')
    expect(sim.client().connect('/run/echo.sock').receive()).toBe('unix')
    sim.network.name('echo.example', '10.0.0.7')
    sim.tcp('10.0.0.7:7').greet('named')
    expect(sim.client('203.0.113.1').connect('echo.example:7').receive()).toBe('named')
    expect(() => sim.client().connect('127.0.0.1')).toThrow(RangeError)
  })
})
