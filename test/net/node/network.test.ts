/** Real sockets behind the interface that the simulated network has, too. */
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAddress, type Address } from '../../../src/net/address.js'
import type { Connection, ConnectionEvents } from '../../../src/net/network.js'
import { NodeNetwork } from '../../../src/net/node/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const address = (text: string): Address => {
  const parsed = parseAddress(text, { portOk: true })
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed.address
}

const until = async (condition: () => boolean): Promise<void> => {
  for (const end = Date.now() + 10_000; !condition();) {
    if (Date.now() > end) throw new Error('it did not happen')
    await new Promise((done) => setTimeout(done, 5))
  }
}

/** Records all callbacks. */
class Listener implements ConnectionEvents {
  readonly reported: string[] = []
  read = ''
  reads = true
  bytes = 0
  connected = () => void this.reported.push('connected')
  writable = () => void this.reported.push('writable')
  failed = (_: Connection, error: string) => void this.reported.push(error)
  readable = (connection: Connection) => {
    if (!this.reads) return
    const bytes = connection.read()
    this.bytes += bytes.length
    if (this.bytes < 1000) this.read += Buffer.from(bytes).toString()
    if (connection.ended) this.reported.push('ended')
  }
}

let network: NodeNetwork
let folder: string
const servers: Server[] = []
const accepted = new Set<Socket>()

beforeEach(() => {
  network = new NodeNetwork((action) => action())
  folder = temporaryFolder('node')
})

afterEach(async () => {
  network.close()
  for (const socket of accepted) socket.destroy()
  await Promise.all(servers.splice(0).map((each) => new Promise((done) => each.close(done))))
})

/** A server of Node's own; gives its port. */
const serve = (serve: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      accepted.add(socket.on('error', () => undefined).on('close', () => accepted.delete(socket)))
      serve(socket)
    })
    servers.push(server)
    server.listen(0, host, () => resolve((server.address() as { port: number }).port))
  })

/** Opens `at` and answers every line there with the same in capitals. */
const echo = async (at: Address): Promise<void> => {
  await network.prepare(at)
  network.listen(at, () => ({
    readable: (connection) => {
      connection.write(Buffer.from(Buffer.from(connection.read()).toString().toUpperCase()))
      if (connection.ended) connection.close()
    },
  }))
}

const descriptors = () => readdirSync('/proc/self/fd').length

describe('a connection', () => {
  it('carries bytes both ways and knows both ends', async () => {
    const port = await serve((socket) => socket.on('data', (data) => socket.end(`got ${data.toString()}`)))
    const listener = new Listener()
    const connection = network.connect(address(`127.0.0.1:${port}`), listener)
    expect(connection.state).toBe('connecting')
    await until(() => connection.state === 'open')
    expect(connection.local).toMatchObject({ family: 'ipv4', ip: '127.0.0.1' })
    expect(connection.write(Buffer.from('hello'))).toBe(5)
    await until(() => listener.reported.includes('ended'))
    expect(listener.read).toBe('got hello')
    connection.close()
    await until(() => network.openConnections === 0)
  })

  it('stops sending but still receives after it has finished', async () => {
    const port = await serve((socket) => {
      socket.resume()
      socket.on('end', () => socket.end('after the end'))
    })
    const listener = new Listener()
    const connection = network.connect(address(`127.0.0.1:${port}`), listener)
    connection.finish()
    await until(() => listener.reported.includes('ended'))
    expect(listener.read).toBe('after the end')
    expect(() => connection.write(Buffer.from('x'))).toThrow('Broken pipe')
  })

  it('blocks a writer whose reader does not read, and resumes', async () => {
    let peer: Socket | undefined
    let received = 0
    const port = await serve((socket) => {
      peer = socket.pause()
      socket.on('data', (data) => (received += data.length))
      socket.pause()
    })
    const listener = new Listener()
    const connection = network.connect(address(`127.0.0.1:${port}`), listener)
    await until(() => connection.state === 'open' && peer !== undefined)
    let sent = 0
    for (let count = -1; count !== 0;) {
      count = connection.write(new Uint8Array(65_536))
      sent += count
      await new Promise((done) => setTimeout(done, 5))
    }
    expect(received).toBe(0)
    expect(listener.reported).not.toContain('writable')
    peer!.resume()
    await until(() => listener.reported.includes('writable') && received === sent)
  })

  it('notifies of room whenever a write was partial, whether read at once or not', async () => {
    let received = 0
    const port = await serve((socket) => socket.on('data', (data) => (received += data.length)))
    const data = new Uint8Array(1_000_000)
    let sent = 0
    const send = (connection: Connection) => void (sent += connection.write(data.subarray(sent)))
    network.connect(address(`127.0.0.1:${port}`), { connected: send, writable: send })
    await until(() => received === data.length)
  })

  it('blocks the peer while nobody reads', async () => {
    let written = 0
    const port = await serve((socket) => {
      const more = () => {
        while (socket.write(new Uint8Array(65_536), () => (written += 65_536)));
        socket.once('drain', more)
      }
      more()
    })
    const listener = new Listener()
    listener.reads = false
    const connection = network.connect(address(`127.0.0.1:${port}`), listener)
    let before = -1
    await until(() => connection.available >= 65_536)
    while (before !== written) {
      before = written
      await new Promise((done) => setTimeout(done, 100))
    }
    expect(connection.available).toBeLessThan(65_536 * 3)
    listener.reads = true
    connection.read()
    await until(() => written > before)
    connection.reset()
  })

  it('is notified of a reset', async () => {
    const port = await serve((socket) => socket.resetAndDestroy())
    const listener = new Listener()
    const connection = network.connect(address(`127.0.0.1:${port}`), listener)
    await until(() => connection.state === 'closed')
    expect(listener.reported.at(-1)).toBe('ECONNRESET')
    expect(connection.error).toBe('ECONNRESET')
  })

  it.each([
    ['127.0.0.1:1', 'ECONNREFUSED'],
    ['/nowhere/to/be/found', 'ENOENT'],
    ['abns@nobody-is-here', 'ECONNREFUSED'],
    ['abnsz@without-padding', 'EADDRNOTAVAIL'],
  ])('to %s fails with %s', async (where, code) => {
    const listener = new Listener()
    const connection = network.connect(address(where), listener)
    expect(listener.reported).toEqual([])
    await until(() => connection.state === 'closed')
    expect(listener.reported).toEqual([code])
  })
})

describe('a listening socket', () => {
  it.each(['127.0.0.1:@', '[::1]:@', 'unix@DIR/sock', `abns@hapsim-${process.pid}`])('serves at %s', async (text) => {
    const port =
      text.includes('@') && text.endsWith(':@') ? await freePort(text.startsWith('[') ? '::1' : '127.0.0.1') : 0
    const at = address(text.replace('DIR', folder).replace(/@$/, String(port)))
    await echo(at)
    const listener = new Listener()
    const connection = network.connect(at, listener)
    await until(() => connection.state === 'open')
    connection.write(Buffer.from('hello'))
    connection.finish()
    await until(() => listener.reported.includes('ended'))
    expect(listener.read).toBe('HELLO')
  })

  it('has the requested mode, and replaces that of a former process', async () => {
    const path = join(folder, 'sock')
    writeFileSync(path, 'left')
    const at = address(path)
    await network.prepare(at, { mode: 0o600 })
    network.listen(at, () => ({})).close()
    expect(statSync(path).isSocket()).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['sock'])
  })

  it('is rejected if the address is in use, not permitted, or its directory missing', async () => {
    const port = await serve(() => undefined)
    for (const [text, reason] of [
      [`127.0.0.1:${port}`, 'Address already in use'],
      ['192.0.2.77:1', 'Cannot assign requested address'],
      ['/nowhere/to/be/found', 'No such file or directory'],
    ] as const) {
      await network.prepare(address(text))
      expect(() => network.listen(address(text), () => ({}))).toThrow(reason)
    }
  })
})

it('closes every descriptor, however connections end', async () => {
  const port = await serve((socket) => socket.on('data', () => socket.destroy()).on('end', () => socket.end()))
  await new Promise((done) => setTimeout(done, 50))
  const before = descriptors()
  const connections = Array.from({ length: 60 }, (_, i) =>
    network.connect(i % 4 === 3 ? address('127.0.0.1:1') : address(`127.0.0.1:${port}`), new Listener()),
  )
  connections.slice(0, 8).forEach((each) => each.close())
  await until(() => connections.every((each) => each.state !== 'connecting'))
  connections.forEach((each, i) => {
    if (each.state !== 'open') return
    if (i % 4 === 0) each.write(Buffer.from('end'))
    else if (i % 4 === 1) each.reset()
    else each.close()
  })
  await until(() => connections.filter((_, i) => i % 4 === 0).every((each) => each.state === 'closed' || each.ended))
  connections.forEach((each) => each.close())
  await until(() => network.openConnections === 0)
  await until(() => descriptors() <= before)
})

describe('names', () => {
  it('are resolved at once, IPv4 first', () => {
    expect(network.resolve('localhost')[0]).toBe('127.0.0.1')
  })

  it('that are unknown have no addresses', () => {
    expect(network.resolve('nobody.invalid')).toEqual([])
  })
})

const freePort = async (host: string): Promise<number> => {
  const port = await serve(() => undefined, host)
  await new Promise((done) => servers.pop()!.close(done))
  return port
}
