/** Traffic through a live process: sockets of all kinds, half closes, back pressure, and what happens to clients when it stops. */
import { statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sleep, startLive, startServer, type LiveHaproxy } from './live-haproxy.js'
import { freePort } from '../support/free-port.js'

/** A client whose received text is kept. */
class Client {
  received = ''
  ended = false
  closed = false
  error: string | undefined

  constructor(readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => (this.received += bytes.toString('latin1')))
    socket.on('end', () => (this.ended = true))
    socket.on('close', () => (this.closed = true))
    socket.on('error', (error: NodeJS.ErrnoException) => (this.error = error.code))
    onTestFinished(() => void socket.destroy())
  }

  async until(condition: (client: this) => boolean): Promise<void> {
    for (const end = Date.now() + 20_000; !condition(this);) {
      if (Date.now() > end) throw new Error(`it did not happen; received: ${this.received}`)
      await sleep(5)
    }
  }
}

const open = (target: number | string): Client =>
  new Client(
    typeof target === 'number'
      ? connect({ host: '127.0.0.1', port: target, allowHalfOpen: true })
      : connect({ path: target, allowHalfOpen: true }),
  )

/** The answer to a request for `/`. */
const get = async (target: number | string): Promise<string> => {
  const client = open(target)
  client.socket.end('GET / HTTP/1.0\r\n\r\n')
  await client.until(({ ended, error }) => ended || error !== undefined)
  return client.error ?? client.received
}

const DEFAULTS = `
global
    stats socket unix@@DIR@/sock level admin
defaults
    timeout client 10s
    timeout server 10s
    timeout connect 2s
`

const http = (binds: string, server: number): string => `${DEFAULTS}
    mode http
frontend fe
${binds}
    default_backend be
backend be
    server s1 127.0.0.1:${server}
`

const tcp = (port: number, server: number): string => `${DEFAULTS}
    mode tcp
listen l
    bind 127.0.0.1:${port}
    server s1 127.0.0.1:${server}
`

/** A server that answers each request with `hello` and keeps the connection. */
const startWeb = () =>
  startServer((socket) => {
    socket.on('data', () => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'))
  })

describe('a frontend', () => {
  it('accepts HTTP at TCP, Unix and abstract sockets', async () => {
    const server = await startWeb()
    const port = await freePort()
    const name = `hapsim-${process.pid}-${port}`
    const live = await startLive(
      http(`    bind 127.0.0.1:${port}\n    bind unix@@DIR@/fe mode 660\n    bind abns@${name}`, server.port),
    )
    const path = join(live.folder, 'fe')
    expect(statSync(path).mode & 0o777).toBe(0o660)
    for (const target of [port, path, `\0${name}`.padEnd(108, '\0')])
      expect(await get(target)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhello$/)
  })

  it('refuses clients while it is disabled', async () => {
    const server = await startWeb()
    const port = await freePort()
    const live = await startLive(http(`    bind 127.0.0.1:${port}`, server.port))
    await live.cli('disable frontend fe')
    expect(await get(port)).toBe('ECONNREFUSED')
    await live.cli('enable frontend fe')
    expect(await get(port)).toContain('hello')
    await live.cli('shutdown frontend fe')
    expect(await get(port)).toBe('ECONNREFUSED')
  })

  it('cannot use an address that another process listens on', async () => {
    const server = await startWeb()
    const live = await startLive(http(`    bind 127.0.0.1:${server.port}`, 1))
    expect(live.messages.join('\n')).toContain(
      `cannot bind socket (Address already in use) for [127.0.0.1:${server.port}]`,
    )
  })
})

describe('a TCP stream', () => {
  it('passes the end of one side on while the other side sends', async () => {
    const server = await startServer((socket) => {
      socket.allowHalfOpen = true
      let received = ''
      socket.on('data', (bytes: Buffer) => (received += bytes.toString()))
      socket.on('end', () => setTimeout(() => socket.end(`after the end of ${received}`), 20))
    })
    const port = await freePort()
    await startLive(tcp(port, server.port))
    const client = open(port)
    client.socket.end('question')
    await client.until(({ ended }) => ended)
    expect(client.received).toBe('after the end of question')
  })

  it('does not read from a server what the client does not take', async () => {
    const sent = Buffer.alloc(32 * 1024 * 1024, 'x')
    let source!: Socket
    const server = await startServer((socket) => {
      source = socket
      socket.write(sent)
    })
    const port = await freePort()
    await startLive(tcp(port, server.port))
    const client = open(port)
    await client.until(({ received }) => received.length > 0)
    client.socket.pause()
    await sleep(300)
    const waiting = source.writableLength
    await sleep(100)
    expect(waiting).toBeGreaterThan(0)
    expect(source.writableLength).toBe(waiting)
    client.socket.resume()
    await client.until(({ received }) => received.length === sent.length)
  })

  it('ends without a reset if the server resets it', async () => {
    const server = await startServer((socket) => void socket.on('data', () => socket.resetAndDestroy()))
    const port = await freePort()
    await startLive(tcp(port, server.port))
    const client = open(port)
    client.socket.write('x')
    await client.until(({ ended, error }) => ended || error !== undefined)
    expect([client.received, client.ended, client.error]).toEqual(['', true, undefined])
  })
})

describe('a soft stop', () => {
  const started = async (port: number, server: number, global = ''): Promise<LiveHaproxy> =>
    startLive(http(`    bind 127.0.0.1:${port}`, server).replace('global\n', `global\n${global}`))

  it('closes listeners and idle connections, and ends once the last response is sent', async () => {
    const waiting: Socket[] = []
    const server = await startServer((socket) => {
      socket.on('data', (bytes: Buffer) => {
        if (bytes.includes('/slow')) waiting.push(socket)
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello')
      })
    })
    const port = await freePort()
    const live = await started(port, server.port)
    const [idle, busy] = [open(port), open(port)]
    idle.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await idle.until(({ received }) => received.endsWith('hello'))
    busy.socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n')
    await live.until(() => waiting.length === 1)
    live.run.signal('SIGUSR1')
    await idle.until(({ ended }) => ended)
    expect(await get(port)).toBe('ECONNREFUSED')
    expect(busy.ended).toBe(false)
    waiting[0]!.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlast')
    await busy.until(({ ended }) => ended)
    expect(busy.received).toMatch(/\r\nconnection: close\r\n\r\nlast$/)
    expect(await live.run.ended).toBe(0)
  })

  it('ends streams after hard-stop-after', async () => {
    let requests = 0
    const server = await startServer((socket) => void socket.on('data', () => requests++))
    const port = await freePort()
    const live = await started(port, server.port, '    hard-stop-after 100ms\n')
    const client = open(port)
    client.socket.write('GET /never HTTP/1.1\r\nhost: x\r\n\r\n')
    await live.until(() => requests > 0)
    live.run.signal('SIGUSR1')
    await client.until(({ ended, error }) => ended || error !== undefined)
    expect(await live.run.ended).toBe(0)
    expect(live.messages).toContain('WARNING Proxy fe hard-stopped (1 remaining conns will be closed).')
  })
})
