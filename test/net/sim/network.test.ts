import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../../src/engine/index.js'
import type { Connection } from '../../../src/net/network.js'
import { address, bytes, Owner, world } from './world.js'

/** A connection from near to far that is made. */
const connected = (seed = 1, options = {}) => {
  const w = world(seed, options)
  const client = new Owner()
  const server = new Owner()
  w.far.listen(address('10.0.0.2:80'), server.accept)
  w.near.connect(address('10.0.0.2:80'), client)
  w.run(SECOND)
  return { ...w, client, server, a: client.connection!, b: server.connection! }
}

describe('a connection', () => {
  it('is established, and both sides know the addresses', () => {
    const { client, server, a, b } = connected()
    expect(client.heard).toEqual(['connected'])
    expect(server.heard).toEqual(['accepted'])
    expect([a.state, b.state]).toEqual(['open', 'open'])
    expect(a.remote).toEqual(address('10.0.0.2:80'))
    expect(b.local).toEqual(a.remote)
    expect(b.remote).toEqual(a.local)
    expect(a.local).toMatchObject({ family: 'ipv4', ip: '10.0.0.1' })
  })

  it('bytes arrive in order and complete for any latency', () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 50_000 }), fc.nat(50_000))
      .map(([min, more]) => ({ min, max: min + more }))
    const writes = fc.array(fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(2000)), { maxLength: 30 })
    fc.assert(
      fc.property(fc.integer(), range, fc.integer({ min: 1, max: 500 }), writes, (seed, remote, window, list) => {
        const w = world(seed, { latency: { remote }, window })
        const server = new Owner()
        const client = new Owner()
        const expected = list.flatMap(([chunk]) => [...chunk])
        let left: Uint8Array = Uint8Array.from([])
        const push = () => {
          if (left.length > 0) left = left.subarray(client.connection!.write(left))
        }
        client.onWritable = push
        w.far.listen(address('10.0.0.2:80'), server.accept)
        w.near.connect(address('10.0.0.2:80'), client)
        w.run(SECOND)
        for (const [chunk, pause] of list) {
          left = Uint8Array.from([...left, ...chunk])
          push()
          w.run(pause)
        }
        w.run(10_000 * SECOND)
        expect(server.bytes).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('a reader that does not read blocks the writer', () => {
    const { client, server, a, b, run } = connected(1, { window: 1000 })
    server.reading = false
    expect(a.write(new Uint8Array(1500))).toBe(1000)
    run(SECOND)
    expect(a.write(new Uint8Array(500))).toBe(0)
    run(SECOND)
    expect(client.heard).not.toContain('writable')
    expect(b.available).toBe(1000)
    expect(b.read(10).length).toBe(10)
    run(SECOND)
    expect(client.heard).toContain('writable')
    expect(a.write(new Uint8Array(500))).toBe(10)
  })

  it('can be read in parts of a given size', () => {
    const { server, a, b, run } = connected()
    server.reading = false
    a.write(bytes('hello '))
    run(SECOND)
    a.write(bytes('world'))
    run(SECOND)
    expect(String.fromCharCode(...b.read(3))).toBe('hel')
    expect(String.fromCharCode(...b.read(5))).toBe('lo wo')
    expect(String.fromCharCode(...b.read())).toBe('rld')
    expect(b.read().length).toBe(0)
  })

  it('half-close lets the other direction finish', () => {
    const { client, server, a, b, run } = connected()
    a.write(bytes('question'))
    a.finish()
    expect(() => a.write(bytes('more'))).toThrow('Broken pipe')
    run(SECOND)
    expect(server.text).toBe('question')
    expect(b.ended).toBe(true)
    b.write(bytes('answer'))
    run(SECOND)
    b.close()
    run(SECOND)
    expect(client.text).toBe('answer')
    expect(a.ended).toBe(true)
    expect(client.error).toBeUndefined()
  })

  it('close lets the peer read to the end', () => {
    const { server, a, b, run } = connected()
    a.write(bytes('last words'))
    a.close()
    run(SECOND)
    expect(server.text).toBe('last words')
    expect(server.heard).toEqual(['accepted', 'readable', 'ended'])
    expect(b.state).toBe('open')
  })

  it('close with unread data resets', () => {
    const { client, server, a, b, run } = connected()
    server.reading = false
    a.write(bytes('unread'))
    run(SECOND)
    b.close()
    run(SECOND)
    expect(client.error).toBe('ECONNRESET')
    expect(a.state).toBe('closed')
    expect(() => a.write(bytes('x'))).toThrow('Broken pipe')
  })

  it('writing to a closed peer is answered with a reset', () => {
    const { client, a, b, run } = connected()
    b.close()
    run(SECOND)
    expect(a.ended).toBe(true)
    expect(a.write(bytes('anybody there?'))).toBe(14)
    run(SECOND)
    expect(client.error).toBe('ECONNRESET')
  })

  it('a reset arrives after the bytes before it, which can still be read', () => {
    const { client, server, a, b, run } = connected()
    client.reading = false
    b.write(bytes('before'))
    b.reset()
    run(SECOND)
    expect(client.heard).toEqual(['connected', 'readable', 'ECONNRESET'])
    expect(String.fromCharCode(...a.read())).toBe('before')
    expect(server.error).toBeUndefined()
  })

  it('there are no notifications after closing', () => {
    const { client, a, b, run } = connected()
    b.write(bytes('too late'))
    a.close()
    run(SECOND)
    expect(client.heard).toEqual(['connected'])
  })

  it('callbacks are not called from within a call', () => {
    const w = world()
    let depth = 0
    const within = <T>(call: () => T): T => {
      depth++
      const result = call()
      depth--
      return result
    }
    const seen: string[] = []
    const note = (what: string) => {
      expect(depth).toBe(0)
      seen.push(what)
    }
    const side = (): Owner => {
      const owner = new Owner()
      owner.onConnected = (c: Connection) => (note('connected'), within(() => c.write(bytes('hi'))))
      owner.onReadable = (c: Connection) => (note('readable'), within(() => c.close()))
      return owner
    }
    within(() => w.near.listen(address('127.0.0.1:80'), side().accept))
    within(() => w.near.connect(address('127.0.0.1:80'), side()))
    within(() => w.near.connect(address('127.0.0.1:81'), { failed: () => note('refused') }))
    within(() => w.near.connect(address('unix@nothing'), { failed: () => note('missing') }))
    expect(seen).toEqual([])
    w.run(SECOND)
    expect(seen.sort()).toEqual(['connected', 'missing', 'readable', 'readable', 'refused'])
  })
})

describe('connecting', () => {
  const attempt = (w: ReturnType<typeof world>, to: string) => {
    const owner = new Owner()
    const connection = w.near.connect(address(to), owner)
    return { owner, connection }
  }

  it.each(['127.0.0.1:9', '[::1]:9', '10.0.0.2:9', '10.0.0.1:9', 'abns@nobody'])(
    '%s without a listening socket is refused',
    (to) => {
      const w = world()
      const { owner, connection } = attempt(w, to)
      w.run(SECOND)
      expect(owner.heard).toEqual(['ECONNREFUSED'])
      expect(connection.state).toBe('closed')
    },
  )

  it('to an address without a host times out after 127 seconds', () => {
    const w = world()
    const { owner, connection } = attempt(w, '192.0.2.1:80')
    w.run(127 * SECOND - 1)
    expect(connection.state).toBe('connecting')
    w.run(1)
    expect(owner.heard).toEqual(['ETIMEDOUT'])
  })

  it('to an address that hangs succeeds once it is restored, at the next attempt', () => {
    const w = world()
    const server = new Owner()
    w.far.listen(address('10.0.0.2:80'), server.accept)
    w.network.fault(address('10.0.0.2:80'), 'hang')
    const { owner } = attempt(w, '10.0.0.2:80')
    w.run(2 * SECOND)
    expect(owner.heard).toEqual([])
    w.network.fault(address('10.0.0.2:80'), undefined)
    w.run(SECOND)
    expect(owner.heard).toEqual([])
    w.run(SECOND)
    expect(owner.heard).toEqual(['connected'])
  })

  it('an address can refuse or reset although a socket listens', () => {
    const w = world()
    const server = new Owner()
    w.far.listen(address('10.0.0.2:80'), server.accept)
    w.network.fault(address('10.0.0.2:80'), 'refuse')
    const refused = attempt(w, '10.0.0.2:80')
    w.run(SECOND)
    expect(refused.owner.heard).toEqual(['ECONNREFUSED'])
    w.network.fault(address('10.0.0.2:80'), 'reset')
    const reset = attempt(w, '10.0.0.2:80')
    w.run(SECOND)
    expect(reset.owner.heard).toEqual(['connected', 'ECONNRESET'])
    expect(server.heard).toEqual([])
  })

  it('closing before the connection is established leaves no trace at the peer', () => {
    const w = world()
    const server = new Owner()
    w.far.listen(address('10.0.0.2:80'), server.accept)
    const { owner, connection } = attempt(w, '10.0.0.2:80')
    connection.close()
    w.run(200 * SECOND)
    expect([owner.heard, server.heard]).toEqual([[], []])
  })

  it('closing the listening socket meanwhile resets', () => {
    const w = world(1, { latency: { remote: { min: 100, max: 100 } } })
    const listening = w.far.listen(address('10.0.0.2:80'), new Owner().accept)
    const { owner } = attempt(w, '10.0.0.2:80')
    w.run(150)
    listening.close()
    w.run(SECOND)
    expect(owner.heard).toEqual(['connected', 'ECONNRESET'])
  })

  it('takes half a round trip more at the accepting side', () => {
    const w = world(1, { latency: { remote: { min: 100, max: 100 } } })
    const at: Record<string, number> = {}
    w.far.listen(address('10.0.0.2:80'), () => ((at.accepted = w.clock.now), {}))
    w.near.connect(address('10.0.0.2:80'), { connected: () => (at.connected = w.clock.now) })
    w.run(SECOND)
    expect(at).toEqual({ connected: 200, accepted: 300 })
  })

  it('from a local address of another host is impossible', () => {
    const w = world()
    const owner = new Owner()
    w.near.connect(address('10.0.0.2:80'), owner, address('10.0.0.9:0'))
    w.run(SECOND)
    expect(owner.heard).toEqual(['EADDRNOTAVAIL'])
    expect(() => w.near.listen(address('10.0.0.2:80'), new Owner().accept)).toThrow('Cannot assign requested address')
  })

  it('a UNIX socket that does not exist is missing; one without a listener refuses', () => {
    const w = world()
    const before = attempt(w, '/run/x.sock')
    w.run(SECOND)
    expect(before.owner.heard).toEqual(['ENOENT'])
    const server = new Owner()
    const listening = w.near.listen(address('/run/x.sock'), server.accept)
    const made = attempt(w, '/run/x.sock')
    w.run(SECOND)
    expect(made.owner.heard).toEqual(['connected'])
    listening.close()
    const after = attempt(w, '/run/x.sock')
    w.run(SECOND)
    expect(after.owner.heard).toEqual(['ECONNREFUSED'])
  })

  it('a UNIX socket of one host is unknown on another', () => {
    const w = world()
    w.far.listen(address('/run/x.sock'), new Owner().accept)
    const { owner } = attempt(w, '/run/x.sock')
    w.run(SECOND)
    expect(owner.heard).toEqual(['ENOENT'])
  })
})

describe('listening', () => {
  it('a specific address has precedence over a wildcard, which in IPv6 includes IPv4', () => {
    const w = world()
    const [one, all4, all6] = [new Owner(), new Owner(), new Owner()]
    w.far.listen(address('10.0.0.2:80'), one.accept)
    w.far.listen(address('*:80'), all4.accept)
    w.far.listen(address(':::81'), all6.accept)
    for (const to of ['10.0.0.2:80', '10.0.0.2:81', '[fd00::2]:81']) w.near.connect(address(to), {})
    w.run(SECOND)
    expect([one, all4, all6].map((owner) => owner.heard.length)).toEqual([1, 0, 2])
  })

  it('twice at one address is rejected, and possible again after closing', () => {
    const w = world()
    const first = w.far.listen(address('10.0.0.2:80'), new Owner().accept)
    expect(() => w.far.listen(address('10.0.0.2:80'), new Owner().accept)).toThrow('Address already in use')
    first.close()
    expect(w.far.listen(address('10.0.0.2:80'), new Owner().accept).address).toEqual(address('10.0.0.2:80'))
  })

  it('loopback belongs to each host', () => {
    const w = world()
    const [here, there] = [new Owner(), new Owner()]
    w.near.listen(address('127.0.0.1:80'), here.accept)
    w.far.listen(address('127.0.0.1:80'), there.accept)
    w.near.connect(address('127.0.0.1:80'), {})
    w.run(SECOND)
    expect([here.heard, there.heard]).toEqual([['accepted'], []])
  })
})

describe('links', () => {
  it('loopback is faster than a remote host', () => {
    const time = (to: string) => {
      const w = world()
      let at = 0
      w.near.listen(address('127.0.0.1:80'), () => ({}))
      w.far.listen(address('10.0.0.2:80'), () => ({}))
      w.near.connect(address(to), { connected: () => (at = w.clock.now) })
      w.run(SECOND)
      return at
    }
    expect(time('127.0.0.1:80')).toBeLessThan(time('10.0.0.2:80'))
  })

  it('can be made slow', () => {
    const w = world()
    w.network.link(w.far, w.near).setLatency({ min: 2 * SECOND, max: 2 * SECOND })
    const server = new Owner()
    const client = new Owner()
    w.far.listen(address('10.0.0.2:80'), server.accept)
    w.near.connect(address('10.0.0.2:80'), client)
    w.run(4 * SECOND)
    expect(client.heard).toEqual(['connected'])
    expect(() => w.network.link(w.far, w.near).setLatency({ min: 0, max: 5 })).toThrow(RangeError)
  })

  it('packets sent over a cut link arrive after it is mended', () => {
    const { client, server, a, network, near, far, run } = connected()
    network.link(near, far).cut()
    a.write(bytes('patience'))
    run(60 * SECOND)
    expect(server.text).toBe('')
    network.link(near, far).mend()
    run(120 * SECOND)
    expect(server.text).toBe('patience')
    expect(client.error).toBeUndefined()
  })

  it('a sender times out if the link remains cut', () => {
    const { client, a, network, near, far, run } = connected()
    network.link(near, far).cut()
    a.write(bytes('hello?'))
    run(900 * SECOND)
    expect(client.error).toBeUndefined()
    run(200 * SECOND)
    expect(client.error).toBe('ETIMEDOUT')
  })
})

describe('names', () => {
  it('localhost, hosts and given names resolve, IPv4 first', () => {
    const w = world()
    w.network.name('Mail.Example', 'fd00::25', '10.0.0.25')
    expect(w.near.resolve('localhost')).toEqual(['127.0.0.1', '::1'])
    expect(w.near.resolve('mail.example')).toEqual(['10.0.0.25', 'fd00::25'])
    expect(w.near.resolve('FAR')).toEqual(['10.0.0.2', 'fd00::2'])
    expect(w.near.resolve('nobody')).toEqual([])
  })

  it("a host cannot have another host's address, or an invalid one", () => {
    const w = world()
    expect(() => w.network.host('third', ['10.0.0.2'])).toThrow('belongs to host far')
    expect(() => w.network.host('third', ['127.0.0.1'])).toThrow(RangeError)
    expect(() => w.network.host('third', ['mail'])).toThrow(RangeError)
  })
})

describe('the trace', () => {
  const play = (seed: number) => {
    const { trace, a, b, run } = connected(seed)
    for (let i = 0; i < 20; i++) {
      a.write(bytes(`message ${i}`))
      run(100)
      b.write(bytes('answer'))
    }
    a.close()
    run(SECOND)
    return trace.hash
  }

  it('same seed, same hash; another seed, another', () => {
    for (let seed = 0; seed < 20; seed++) expect(play(seed)).toBe(play(seed))
    expect(play(1)).not.toBe(play(2))
  })

  it('has a record for each event of a connection', () => {
    const w = world()
    const types: string[] = []
    w.trace.listen((record) => types.push(record.type))
    w.far.listen(address('10.0.0.2:80'), () => ({ readable: (c) => c.close() }))
    w.near.connect(address('10.0.0.2:80'), { connected: (c) => c.close() })
    w.run(SECOND)
    w.near.connect(address('10.0.0.2:81'), {})
    w.run(SECOND)
    expect(types).toEqual(['connect', 'close', 'accept', 'close', 'connect', 'refuse'])
  })
})
