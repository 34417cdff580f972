/** TLS on real sockets: what was agreed on is spoken, what was not is an error, and no descriptor stays behind. */
import { once } from 'node:events'
import { connect as connectPlain, createServer as createPlainServer, type AddressInfo, type Server } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls, createServer } from 'node:tls'
import { afterAll, afterEach, expect, it } from 'vitest'
import type { Connection, NetworkErrorCode } from '../../../src/net/network.js'
import { NodeNetwork } from '../../../src/net/node/index.js'
import type { TlsClient } from '../../../src/net/tls.js'
import { RealCertificates } from '../../support/certificates.js'

const certificates = new RealCertificates()
certificates.issue('good', { host: 'example.com' })
certificates.selfSigned('self', 'example.com')
afterAll(() => certificates.remove())

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

const listen = async (server: Server): Promise<number> => {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Echoes in capitals. */
const tlsServer = (certificate: string): Promise<number> =>
  listen(
    createServer(certificates.of(certificate), (socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (data) => socket.write(data.toString().toUpperCase()))
    }),
  )

/** What came back for `text`, or why nothing did. Waits until the descriptor is closed. */
const exchange = async (port: number, tls: TlsClient, text: string): Promise<string | NetworkErrorCode> => {
  const network = new NodeNetwork((action) => action())
  const output = await new Promise<string>((resolve) => {
    let received = ''
    const connection: Connection = network.connect(
      { family: 'ipv4', ip: '127.0.0.1', port },
      {
        connected: (each) => {
          each.secure(tls)
          expect(each.write(Buffer.from('too early'))).toBe(0)
        },
        secured: (each) => void each.write(Buffer.from(text)),
        readable: (each) => {
          received += Buffer.from(each.read()).toString()
          if (received.length < text.length) return
          each.close()
          resolve(received)
        },
        failed: (_, error) => resolve(error),
      },
    )
    expect(connection.state).toBe('connecting')
  })
  while (network.openConnections > 0) await new Promise((later) => setTimeout(later, 5))
  network.close()
  return output
}

const verified = { verify: true, caFile: certificates.path('ca.pem') }

it('transfers data after the TLS handshake, in both directions', async () => {
  const port = await tlsServer('good')
  expect(await exchange(port, { verify: false }, 'hello')).toBe('HELLO')
  expect(await exchange(port, { ...verified, serverName: 'example.com' }, 'x'.repeat(50_000))).toBe('X'.repeat(50_000))
})

it('rejects certificates of unknown authorities and for other names', async () => {
  expect(await exchange(await tlsServer('self'), verified, 'hello')).toBe('SSL_HANDSHAKE')
  const port = await tlsServer('good')
  expect(await exchange(port, { ...verified, serverName: 'other.com' }, 'hello')).toBe('SSL_MISMATCH_SNI')
  expect(await exchange(port, { ...verified, verifyHost: 'other.com' }, 'hello')).toBe('SSL_MISMATCH')
})

it.each<[string, (socket: import('node:net').Socket) => unknown]>([
  ['closes', (socket) => socket.end()],
  ['resets', (socket) => socket.resetAndDestroy()],
  ['speaks plainly', (socket) => socket.write('220 hello\r\n')],
])('fails if the server %s', async (_, serve) => {
  const server = createPlainServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => serve(socket))
  })
  expect(await exchange(await listen(server), { verify: false }, 'hello')).toBe('SSL_HANDSHAKE')
})

/** What a TLS client receives, whose first segment begins with `header`. */
const receiveAfter = (header: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectPlain(port, '127.0.0.1')
    let prefix = Buffer.from(header)
    const tunnel: Duplex = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, done) => {
        socket.write(Buffer.concat([prefix, bytes]), done)
        prefix = Buffer.alloc(0)
      },
    })
    socket.on('data', (bytes) => tunnel.push(bytes))
    const client = connectTls({ socket: tunnel, rejectUnauthorized: false })
    client.on('error', reject)
    client.on('data', (bytes) => {
      resolve(bytes.toString())
      socket.destroy()
    })
  })

it('finds the handshake of a client in the segment of what precedes it', async () => {
  const probe = createPlainServer()
  const port = await listen(probe)
  await new Promise((closed) => probe.close(closed))
  const address = { family: 'ipv4', ip: '127.0.0.1', port } as const
  const network = new NodeNetwork((action) => action())
  await network.prepare(address)
  network.listen(address, () => ({
    readable: (each) => {
      if (each.available === 0) return
      expect(Buffer.from(each.read(7)).toString()).toBe('header\n')
      each.acceptTls({
        certificates: [{ path: certificates.path('good.pem'), names: undefined }],
        strictSni: false,
        verify: 'none',
        caFile: undefined,
        crlFile: undefined,
        alpn: undefined,
        minVersion: undefined,
        maxVersion: undefined,
        ciphers: undefined,
        ciphersuites: undefined,
      })
    },
    secured: (each) => void each.write(Buffer.from('welcome')),
  }))
  expect(await receiveAfter('header\n', port)).toBe('welcome')
  network.close()
})
