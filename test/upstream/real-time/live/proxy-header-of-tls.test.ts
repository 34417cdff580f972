/**
 * What headers of the PROXY protocol say of TLS with the client: those of the real HAProxy and of `hapsim-haproxy` are the same bytes for the
 * same clients.
 */
import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { connect, type ConnectionOptions } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { RealCertificates } from '../../../support/certificates.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const ALL = 'ssl,cert-cn,ssl-cipher,cert-sig,cert-key,authority,crc32c,unique-id'

/** Settings of the server by the name of the listener. */
const SERVERS: Readonly<Record<string, string>> = {
  plain: 'send-proxy-v2',
  ssl: 'send-proxy-v2-ssl',
  cn: 'send-proxy-v2-ssl-cn',
  all: `send-proxy-v2 proxy-v2-options ${ALL}`,
  cipher: 'send-proxy-v2 proxy-v2-options ssl-cipher',
  fetches: 'send-proxy-v2 set-proxy-v2-tlv-fmt(0xE1) %[ssl_fc_sni]/%[ssl_fc_protocol]/%[ssl_fc_cipher]/%[ssl_fc_alpn]',
}

/** Certificates of listeners; those of elliptic curves are signed by the authority. */
const CERTIFICATES = ['ec', 'rsa', 'rsa384', 'ec384']

const config = (folder: string, receiver: string): string => `
global
    stats socket unix@@DIR@/sock
    nbthread 1
defaults
    mode tcp
    timeout connect 8s
    timeout client 8s
    timeout server 8s
${Object.entries(SERVERS)
  .flatMap(([name, settings]) =>
    CERTIFICATES.map(
      (certificate) => `
listen ${name}-${certificate}
    bind unix@@DIR@/${name}-${certificate} ssl crt ${folder}/${certificate}.pem ca-file ${folder}/ca.pem verify optional alpn h2,http/1.1
    tcp-request connection set-src ipv4(192.0.2.1)
    tcp-request connection set-dst ipv4(192.0.2.2)
    unique-id-format id-%f
    server s unix@${receiver} ${settings}
`,
    ),
  )
  .join('')}`

beforeAll(build, 60_000)

describeUpstream('the PROXY header of a TLS client', () => {
  const certificates = new RealCertificates()
  const folder = temporaryFolder('receiver')
  const receiver = join(folder, 'receiver')
  let server: Server
  /** Takes the bytes of the next connection. */
  let received: (bytes: string) => void = () => undefined
  let programs: readonly RealHaproxy[] = []

  beforeAll(async () => {
    certificates.issue('ec', { host: 'example.com' })
    certificates.issue('client', { host: 'a.client' })
    certificates.selfSigned('rsa', 'example.com', 'rsa:2048 -sha256')
    certificates.selfSigned('rsa384', 'example.com', 'rsa:3072 -sha384')
    certificates.selfSigned('ec384', 'example.com', 'ec -pkeyopt ec_paramgen_curve:P-384 -sha512')
    server = createServer((socket) => {
      let bytes = ''
      socket.setEncoding('latin1').on('data', (data: string) => {
        bytes += data
        if (!bytes.endsWith('question')) return
        received(bytes)
        socket.end()
      })
      socket.on('error', () => undefined)
    })
    await new Promise<void>((done) => server.listen(receiver, done))
    programs = await Promise.all(
      [REAL, OURS].map((program) => RealHaproxy.start(config(certificates.folder, receiver), {}, program)),
    )
  }, 60_000)

  afterAll(async () => {
    await Promise.all(programs.map((program) => program.stop()))
    server.close()
    certificates.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The header that a client causes, in printable form. */
  const headerOf = (program: RealHaproxy, listener: string, options: ConnectionOptions): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ path: join(program.folder, listener), rejectUnauthorized: false, ...options }, () =>
        socket.write('question'),
      )
      received = (bytes) => resolve(JSON.stringify(bytes))
      socket.on('error', reject)
      setTimeout(() => reject(new Error('no header in time')), 8000)
    })

  const clients: Readonly<Record<string, () => ConnectionOptions>> = {
    'with TLS 1.3': () => ({}),
    'with TLS 1.2': () => ({ maxVersion: 'TLSv1.2' }),
    'that names the server': () => ({ servername: 'example.com' }),
    'that negotiates a protocol': () => ({ ALPNProtocols: ['http/1.1'] }),
    'with a certificate': () => certificates.of('client'),
    'with a certificate in TLS 1.2': () => ({ ...certificates.of('client'), maxVersion: 'TLSv1.2' }),
    'with a cipher of its choice': () => ({
      maxVersion: 'TLSv1.2',
      ciphers: 'AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256',
    }),
    'with everything': () => ({ ...certificates.of('client'), servername: 'example.com', ALPNProtocols: ['h2'] }),
  }

  const listeners = Object.keys(SERVERS).flatMap((name) => CERTIFICATES.map((each) => `${name}-${each}`))

  it.each(Object.entries(clients))(
    'is the same for one %s',
    async (_name, options) => {
      const headers = async (program: RealHaproxy): Promise<readonly string[]> => {
        const found: string[] = []
        for (const listener of listeners) found.push(`${listener}: ${await headerOf(program, listener, options())}`)
        return found
      }
      const [real, ours] = [await headers(programs[0]!), await headers(programs[1]!)]
      expect(real.every((each) => each.includes('QUIT'))).toBe(true)
      expect(ours).toEqual(real)
    },
    60_000,
  )
})
