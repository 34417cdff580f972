/** TLS of the clients of a live process: choice of certificates, certificates of clients, and log lines of failed handshakes. */
import { connect as connectTcp } from 'node:net'
import { connect, type ConnectionOptions } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeSelfSigned } from '../../src/live/self-signed.js'
import { startLive, type LiveHaproxy } from './live-haproxy.js'
import { freePort } from '../support/free-port.js'

const pem = (name: string): { readonly both: string; readonly cert: string; readonly key: string } => {
  const { cert, key } = makeSelfSigned(name)
  return { both: cert + key, cert, key }
}

const A = pem('a.example.com')
const B = pem('b.example.com')

interface Started {
  readonly live: LiveHaproxy
  readonly port: number
}

const start = async (settings: string, files: Readonly<Record<string, string>> = {}): Promise<Started> => {
  const port = await freePort()
  const live = await startLive(
    `
global
    log stderr format raw local0
    crt-base @DIR@
defaults
    mode http
    log global
    timeout client 5s
    log-format "%ft %ST %sslv"
frontend fe
    bind 127.0.0.1:${port} ssl ${settings}
    http-request return status 200 content-type text/plain lf-string "%[ssl_fc_sni] %[ssl_fc_protocol] %[ssl_fc_alpn]"
`,
    { 'a.pem': A.both, 'b.pem': B.both, ...files },
  )
  return { live, port }
}

/** The certificate's name and the response; or the error. */
const get = (port: number, options: ConnectionOptions = {}): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
    onTestFinished(() => void socket.destroy())
    let response = ''
    let name = ''
    socket.on('secureConnect', () => {
      name = String(socket.getPeerCertificate().subject.CN)
      socket.end('GET / HTTP/1.0\r\n\r\n')
    })
    socket.setEncoding('utf8').on('data', (text: string) => (response += text))
    socket.on('end', () => resolve(response === '' ? 'failed' : `${name}: ${response.split('\r\n\r\n')[1]}`))
    socket.on('error', () => resolve('failed'))
  })

const logged = async ({ live }: Started, text: string): Promise<void> =>
  live.until(() => live.messages.some((line) => line.includes(text)))

describe('a bind line with ssl', () => {
  it('takes the certificate that the name of the client asks for, otherwise the first one', async () => {
    const started = await start('crt a.pem crt b.pem alpn http/1.1')
    const { port } = started
    expect(await get(port, { servername: 'b.example.com' })).toMatch(/^b\.example\.com: b\.example\.com TLSv1\.3/)
    expect(await get(port, { servername: 'c.example.com', ALPNProtocols: ['http/1.1'] })).toBe(
      'a.example.com: c.example.com TLSv1.3 http/1.1',
    )
    await logged(started, 'fe~ 200 TLSv1.3')
  })

  it('takes the filters of a crt-list instead of the names of certificates', async () => {
    const { port } = await start('crt-list @DIR@/list', { list: 'a.pem\nb.pem *.test\n' })
    expect(await get(port, { servername: 'www.test' })).toMatch(/^b\.example\.com: /)
    expect(await get(port, { servername: 'b.example.com' })).toMatch(/^a\.example\.com: /)
  })

  it('rejects unknown names with strict-sni', async () => {
    const started = await start('crt a.pem strict-sni')
    expect(await get(started.port, { servername: 'b.example.com' })).toBe('failed')
    await logged(started, 'fe/1: SSL handshake failure (error:0A0000EA:SSL routines::callback failed)')
    expect(await get(started.port, { servername: 'a.example.com' })).toMatch(/^a\.example\.com: /)
  })

  it('requires a certificate of the client that ca-file trusts', async () => {
    const started = await start('crt a.pem ca-file @DIR@/b.pem verify required')
    expect(await get(started.port)).toBe('failed')
    await logged(started, 'SSL handshake failure (error:0A0000C7:SSL routines::peer did not return a certificate)')
    expect(await get(started.port, { cert: A.cert, key: A.key })).toBe('failed')
    await logged(started, 'SSL client certificate not trusted')
    expect(await get(started.port, { cert: B.cert, key: B.key })).toMatch(/^a\.example\.com: /)
  })

  it('negotiates no version below ssl-min-ver', async () => {
    const started = await start('crt a.pem ssl-min-ver TLSv1.3')
    expect(await get(started.port, { maxVersion: 'TLSv1.2' })).toBe('failed')
    await logged(started, 'SSL routines::unsupported protocol')
  })

  it('logs clients that send plain HTTP, or nothing', async () => {
    const started = await start('crt a.pem')
    for (const text of ['GET / HTTP/1.0\r\n\r\n', '']) {
      const socket = connectTcp(started.port, '127.0.0.1', () => socket.end(text)).on('error', () => undefined)
      onTestFinished(() => void socket.destroy())
    }
    await logged(started, 'fe/1: SSL handshake failure (error:0A00009C:SSL routines::http request)')
    await logged(started, 'fe/1: Connection closed during SSL handshake')
  })

  it('follows a PROXY header that arrives together with the hello', async () => {
    const started = await start('crt a.pem accept-proxy')
    const port = await freePort()
    await startLive(`
defaults
    mode http
    timeout client 5s
    timeout server 5s
    timeout connect 2s
listen sender
    bind 127.0.0.1:${port}
    server receiver 127.0.0.1:${started.port} send-proxy-v2 ssl verify none
`)
    const response = await new Promise<string>((resolve) => {
      const socket = connectTcp(port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'))
      onTestFinished(() => void socket.destroy())
      let text = ''
      socket.on('data', (bytes: Buffer) => (text += bytes.toString()))
      socket.on('end', () => resolve(text))
    })
    expect(response).toMatch(/^HTTP\/1\.1 200 OK/)
  })
})
