/** Messages to and from a name server over TCP (RFC 1035, section 4.2.2): each behind its length, however the bytes come. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QueryStream } from '../../../src/haproxy/resolvers/stream.js'
import type { ProcessContext } from '../../../src/haproxy/index.js'
import type { Connection, ConnectionEvents } from '../../../src/net/network.js'
import { parseAddress } from '../../../src/net/address.js'
import { Simulation } from '../../../src/sim/index.js'

/** A connection that takes `room` bytes at once, and what was written to it. */
const pipe = (room: number) => {
  const written: number[] = []
  const arrived: Uint8Array[] = []
  const state = { opened: 0, closed: 0, events: undefined as ConnectionEvents | undefined }
  const connection = {
    state: 'open',
    ended: false,
    read: () => arrived.shift() ?? new Uint8Array(0),
    write(bytes: Uint8Array) {
      const taken = bytes.subarray(0, room)
      written.push(...taken)
      return taken.length
    },
    close: () => state.closed++,
  }
  const { threads, clock } = new Simulation().haproxy({ config: 'global\n    stats socket /s\n' }).process
  const network = {
    connect(_address: unknown, events: ConnectionEvents) {
      state.opened++
      state.events = events
      return connection
    },
  }
  const process = { threads, clock, network } as unknown as ProcessContext
  return { process, connection: connection as unknown as Connection, written, arrived, state }
}

const { address } = parseAddress('10.0.0.53:53', { portOk: true }) as { address: Connection['remote'] }

const framed = (messages: readonly Uint8Array[]): number[] =>
  messages.flatMap((message) => [message.length >> 8, message.length & 255, ...message])

const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { minLength: 1, maxLength: 8 })

describe('a name server over TCP', () => {
  it('receives every query whole, regardless of how the connection splits it', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 700 }), (asked, room) => {
        const { process, connection, written, state } = pipe(room)
        const stream = new QueryStream(process, address, () => undefined)
        for (const each of asked) stream.send(each)
        state.events!.connected!(connection)
        const all = framed(asked)
        for (let turn = 0; written.length < all.length && turn < all.length; turn++) state.events!.writable!(connection)
        expect(written).toEqual(all)
        expect(state.opened).toBe(1)
      }),
    )
  })

  it('is understood regardless of how its bytes arrive', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 200 }), (reported, sizes) => {
        const { process, connection, arrived, state } = pipe(1000)
        const heard: Uint8Array[] = []
        const stream = new QueryStream(process, address, (message) => heard.push(message.slice()))
        stream.send(Uint8Array.of(1))
        const bytes = Uint8Array.from(framed(reported))
        let at = 0
        for (const size of [...sizes, bytes.length]) {
          arrived.push(bytes.slice(at, at + size))
          at += size
          state.events!.readable!(connection)
        }
        expect(heard.map((each) => [...each])).toEqual(reported.map((each) => [...each]))
      }),
    )
  })

  it('is reconnected after a failure', () => {
    const { process, connection, state, written } = pipe(1000)
    const stream = new QueryStream(process, address, () => undefined)
    stream.send(Uint8Array.of(1))
    state.events!.failed!(connection, 'ECONNREFUSED')
    stream.send(Uint8Array.of(2))
    state.events!.connected!(connection)
    expect(state.opened).toBe(2)
    // the query that the first connection should have answered is sent again by its requester
    expect(written).toEqual([0, 1, 2])
  })
})

describe('resolvers over TCP', () => {
  const config = `resolvers dns
    nameserver one tcp@10.0.0.53:53
    hold valid 1s
backend be1
    timeout connect 1s
    timeout server 1s
    server s1 a.test:80 resolvers dns init-addr none
global
    stats socket /run/sock level admin
`

  it('close the connection five seconds after the last query, and open another one', () => {
    const simulation = new Simulation({ seed: 1 })
    const dns = simulation.dns('10.0.0.53:53').set('a.test', '10.0.0.1')
    const haproxy = simulation.haproxy({
      config: `${config.replace('hold valid 1s', 'hold valid 1s\n    timeout resolve 20s')}`,
    })
    haproxy.start()
    simulation.advance('2s')
    expect(haproxy.server('be1/s1').address).toMatch(/^10\.0\.0\.1\b/)
    expect(simulation.network.openConnections).toBe(1)
    simulation.advance('6s')
    expect(simulation.network.openConnections).toBe(0)
    const asked = dns.questions.length
    simulation.advance('20s')
    expect(dns.questions.length).toBeGreaterThan(asked)
  })

  it('get whole responses if those to datagrams are truncated', () => {
    const simulation = new Simulation({ seed: 1 })
    simulation.dns('10.0.0.53:53').set('a.test', '10.0.0.1').fail('b.test', 'truncated')
    const haproxy = simulation.haproxy({ config: config.replace('a.test', 'b.test') })
    haproxy.start()
    simulation.advance('3s')
    expect(haproxy.cli('show resolvers')).toMatch(/truncated: +0/)
  })
})
