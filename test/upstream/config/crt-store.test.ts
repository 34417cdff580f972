/** Sections `crt-store`, and what `crt` finds in them, are for hapsim what they are for `haproxy -c`. */
import { beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { NodeCertificates } from '../../../src/net/node/index.js'
import { RealCertificates } from '../../support/certificates.js'
import { askHaproxy } from './compare.js'
import { describeUpstream } from '../support/upstream.js'

const bind = (setting: string) => `
frontend f
 mode http
 timeout client 1s
 bind 127.0.0.1:7 ssl ${setting}
`
const server = (crt: string) => `
backend b
 timeout connect 1s
 timeout server 1s
 server s 127.0.0.1:80 ssl verify none crt ${crt}
`
const store = (...lines: readonly string[]) => `crt-store\n ${lines.join('\n ')}\n`
const named = (...lines: readonly string[]) => `crt-store web\n ${lines.join('\n ')}\n`

const LOAD = 'load crt @/good.crt key @/good.key'
const IN_BASE = 'load crt good.crt key good.key'

const TEXTS: readonly string[] = [
  ...['@/good.crt', '@/good.pem', '@/nope.pem'].map((crt) => store(LOAD) + bind(`crt ${crt}`)),
  store(LOAD) + server('@/good.crt'),
  named(LOAD) + bind('crt @web@/good.crt'),
  named(LOAD) + bind('crt @web/nope'),
  named(`${LOAD} alias site`) + bind('crt @web/site') + server('@web/site'),
  named(`${LOAD} alias site`) + bind('crt @web@/good.crt'),
  store(`${LOAD} alias site`) + bind('crt @/site'),
  named(`${LOAD} alias site`) + bind('crt-list @/list'),
  named('crt-base @', 'key-base @', IN_BASE) + bind('crt @web/good.crt'),
  store('crt-base @', 'key-base @', IN_BASE) + bind('crt good.crt'),
  store('crt-base @', 'key-base @', IN_BASE) + bind('crt @/good.crt'),
  `global\n crt-base @\n key-base @\n${store(IN_BASE)}${bind('crt good.crt')}`,
  `global\n crt-base @\n key-base /nowhere\n${store(IN_BASE)}`,
  `global\n key-base\n${bind('crt @/good.pem')}`,
  `global\n key-base /a b\n`,
  `global\n key-base /a\n key-base /b\n`,
  // what is in the files
  store('load crt @/good.crt key @/other.key') + bind('crt @/good.crt'),
  store('load crt @/good.crt') + bind('crt @/good.crt'),
  store('load crt @/good.crt') + server('@/good.crt'),
  store('load crt @/good.crt'),
  store('load crt @/good.pem') + bind('crt @/good.pem'),
  store('load crt @/nope.crt key @/good.key'),
  store('load crt @/good.crt key @/nope.key'),
  store('load crt @/garbage.pem key @/good.key'),
  store('load crt @/good.crt key @/garbage.pem'),
  store('load crt @/good.crt key @/good.crt'),
  store(`${LOAD} issuer @/nope.pem`),
  // what the lines say
  store('load'),
  store('load crt'),
  store('load crt @/good.crt key'),
  store('load key @/good.key'),
  store(`${LOAD} bogus x`),
  store(`${LOAD} alias /x`),
  store(`${LOAD} ocsp-update maybe`),
  store(`${LOAD} ocsp-update off domains a.example,b.example`) + bind('crt @/good.crt'),
  store(`${LOAD} key @/good.key`),
  store(LOAD, LOAD),
  store(LOAD, 'crt-base /x'),
  store('crt-base'),
  store('key-base'),
  store('lod crt x'),
  store('zzz'),
  'crt-store a b\n',
  bind('crt @/good.pem') + store('load crt @/good.pem'),
  store(LOAD, 'bogus') + bind('nonsense'),
]

describeUpstream('a section crt-store', () => {
  const real = new RealCertificates()

  beforeAll(() => {
    real.issue('good', { host: 'example.com' })
    real.selfSigned('other', 'example.com')
    real.write('garbage.pem', 'garbage\n')
    real.write('list', '@web/site\n')
  })

  test.for(TEXTS)('%s', (text) => {
    const config = text
      .replaceAll('@/site', 'SITE')
      .replaceAll('@web@/', `@web${real.folder}/`)
      .replaceAll('@/', `${real.folder}/`)
      .replace(/-base @$/gm, `-base ${real.folder}`)
      .replaceAll('SITE', '@/site')
    const own = parseConfig([{ name: 'x.cfg', text: config }], { certificates: new NodeCertificates() })
    const messages = own.diagnostics
      .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
      .map((each) => `${each.severity}: ${each.text}`.trimEnd())
    const theirs = askHaproxy(config)
    expect(messages).toEqual(theirs.messages)
    expect(own.failed).toBe(theirs.failed)
  })
})
