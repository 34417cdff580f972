/** What hapsim says of TLS in configurations, with good, bad and missing files of certificates, is what `haproxy -c` says. */
import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { NodeCertificates } from '../../../src/net/node/index.js'
import { RealCertificates } from '../../support/certificates.js'
import { askHaproxy } from './compare.js'
import { describeUpstream } from '../support/upstream.js'

const VERIFY = 'server s 127.0.0.1:80 ssl verify none'

const SERVERS = [
  ...[
    'ssl',
    'check-ssl',
    'no-ssl check-ssl check',
    'ssl verify',
    'ssl verify maybe',
    'ssl verify required',
    'ca-file @/ca.pem',
  ],
  ...[
    'ssl ca-file',
    'ssl ca-file @/nope.pem',
    'ssl ca-file @/garbage.pem',
    'ssl ca-file @/ca.pem',
    'ssl ca-file @/empty',
  ],
  ...[
    'ssl ca-file @system-ca',
    'verify none crt @/nope.pem',
    'ssl verify none crl-file @/nope.pem',
    'ssl verify none crl-file',
  ],
  ...['ssl verify none crt', 'ssl verify none crt @/nope.pem', 'ssl verify none crt @/garbage.pem'],
  ...['ssl verify none crt @/alone.pem', 'ssl verify none crt @/mixed.pem', 'ssl verify none crt @/good.pem'],
  ...[
    'sni',
    'sni foo',
    'sni req.hdr(host)',
    'sni str(a)',
    'check-sni',
    'alpn',
    'alpn h2,http/1.1',
    'check-alpn',
    'verifyhost',
  ],
  ...['ssl-min-ver', 'ssl-min-ver TLSv9', 'ssl-max-ver', 'ciphers', 'ciphersuites'],
  ...['ssl verify none ssl-min-ver TLSv1.3 ssl-max-ver TLSv1.2', 'ssl verify none force-tlsv12 no-tlsv13'],
  ...['ssl verify none no-tlsv12 no-tlsv10', 'ssl verify none no-sslv3 no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13'],
  ...['ssl verify none no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13', 'ssl verify none ciphers zzz no-ssl-reuse'],
  ...['ssl verify none ciphersuites zzz', 'ssl verify none ciphers ECDHE-RSA-AES128-GCM-SHA256 no-tls-tickets'],
]

const GLOBALS = [
  ...['ssl-server-verify', 'ssl-server-verify none', 'ssl-server-verify maybe', 'ca-base', 'ca-base /a\n ca-base /b'],
  ...[
    'ca-base /a b',
    'crt-base',
    'ca-base @',
    'crt-base @',
    'ssl-default-server-options',
    'ssl-default-server-options x',
  ],
  ...['ssl-default-server-options ssl-min-ver', 'ssl-default-server-options ssl-min-ver TLSv1.3 no-tls-tickets'],
  ...['ssl-default-server-options ssl-max-ver x', 'ssl-default-server-ciphers', 'ssl-default-server-ciphersuites'],
]

const BINDS = [
  ...[
    'crt',
    'crt @/nope.pem',
    'crt @/garbage.pem',
    'crt @/alone.pem',
    'crt @/mixed.pem',
    'crt @/good.pem',
    'crt @/split.crt',
  ],
  ...['crt @/folder', 'crt @/good.pem ca-file @/nope.pem', 'crt @/good.pem ca-file', 'crt @/good.pem verify maybe'],
  ...['crt @/good.pem verify', 'crt @/good.pem ssl-min-ver x', 'crt @/good.pem alpn', 'crt @/good.pem ciphers'],
]

const backend = (...lines: string[]): string =>
  ['backend b', 'timeout connect 1s', 'timeout server 1s', ...lines].join('\n ') + '\n'

const TEXTS: readonly string[] = [
  ...SERVERS.map((words) => backend(`server s 127.0.0.1:80 ${words}`)),
  ...SERVERS.map((words) => backend(`default-server ${words}`, 'server s 127.0.0.1:80', 'server t 127.0.0.1:81')),
  ...GLOBALS.map(
    (words) => `global\n ${words}\n` + backend('server s 127.0.0.1:80 ssl', `${VERIFY} ca-file ca.pem crt good.pem`),
  ),
  ...BINDS.map((words) => `global\n stats socket 127.0.0.1:7 ssl ${words}\n`),
  ...BINDS.map((words) => `frontend f\n timeout client 1s\n bind 127.0.0.1:7 ssl ${words}\n`),
  // `good.crt` has its key in `good.key`
  ...['crt @/good.crt', 'crt @/split.crt', 'crt @/alone.pem'].map(
    (words) => `global\n ssl-load-extra-del-ext\nfrontend f\n timeout client 1s\n bind 127.0.0.1:7 ssl ${words}\n`,
  ),
  backend('option tcp-check', 'tcp-check connect ssl', 'server s 127.0.0.1:80', 'server t 127.0.0.1:81 check'),
  backend('option tcp-check', 'tcp-check connect ssl alpn', VERIFY),
  backend('option tcp-check', 'tcp-check connect ssl sni', VERIFY),
]

describeUpstream('TLS in configurations', () => {
  const real = new RealCertificates()

  beforeAll(() => {
    real.issue('good', { host: 'example.com' })
    real.selfSigned('other', 'example.com')
    real.write('alone.pem', real.read('good.crt'))
    real.write('split.crt', real.read('good.crt'))
    real.write('split.crt.key', real.read('good.key'))
    real.write('mixed.pem', real.read('good.crt') + real.read('other.key'))
    real.write('garbage.pem', 'garbage\n')
    mkdirSync(real.path('empty'))
    mkdirSync(real.path('folder'))
    real.write('folder/one.pem', real.read('good.pem'))
  })
  afterAll(() => real.remove())

  test.for(TEXTS)('%s', (text) => {
    const config = text.replaceAll('@/', `${real.folder}/`).replace(/-base @$/m, `-base ${real.folder}`)
    const own = parseConfig([{ name: 'x.cfg', text: config }], { certificates: new NodeCertificates() })
    const messages = own.diagnostics
      .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
      .map((each) => `${each.severity}: ${each.text}`.trimEnd())
    const theirs = askHaproxy(config)
    expect(messages).toEqual(theirs.messages)
    expect(own.failed).toBe(theirs.failed)
  })
})
