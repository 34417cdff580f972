/**
 * What is wrong with the words after settings is said as the real `haproxy -c` says it, whether hapsim acts upon the setting
 * or not.
 */
import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { accounts, NodeCertificates } from '../../../src/net/node/index.js'
import { RealCertificates } from '../../support/certificates.js'
import { BINDS, GLOBALS, PROXIES, SERVERS } from './values-cases.js'
import { askHaproxy } from './compare.js'
import { describeUpstream } from '../support/upstream.js'

const LIMITS = ' timeout connect 1s\n timeout client 1s\n timeout server 1s\n'

const RULES = ['tcp-request connection accept', 'tcp-request session accept', 'tcp-request content accept']
const MORE_RULES = [
  'tcp-response content accept',
  'http-request deny',
  'http-response deny',
  'tcp-request inspect-delay 5s',
]

const defaults = (name: string, rule: string, ...sections: string[]): string =>
  `defaults ${name}\n ${rule}\n${sections.map((each) => `${each} from ${name}\n`).join('')}`

const TEXTS: readonly string[] = [
  ...BINDS.map((words) => `listen l\n mode http\n bind :8080 ${words}\n${LIMITS}`),
  ...SERVERS.map((words) => `backend b\n mode http\n${LIMITS} server s ${words}\n`),
  ...GLOBALS.map((line) => `global\n ${line}\n`),
  ...PROXIES.map(
    (line) => `listen l\n mode http\n bind :8080\n${LIMITS} server s 127.0.0.1:1\n ${line}\nbackend b\n mode http\n`,
  ),
  ...[...RULES, ...MORE_RULES].flatMap((rule) => [
    `defaults\n ${rule}\n`,
    ...['backend b', 'frontend f', 'listen l', 'defaults e'].map((each) => defaults('d', rule, each)),
    defaults('d', rule, 'backend b', 'frontend f'),
    defaults('d', rule, 'backend b', 'backend c'),
    `backend b\n mode http\n ${rule}\nfrontend f\n mode http\n ${rule}\n`,
  ]),
  `defaults\n tcp-request\n tcp-request foo\n tcp-response\n tcp-response foo\n tcp-response inspect-delay x\n`,
  `frontend f\n tcp-request inspect-delay 99999d\n tcp-request inspect-delay 1us\nfrontend f2\n bind :1 ssl\n bind :2 ssl\n`,
]

describeUpstream('settings that are not acted upon', () => {
  const real = new RealCertificates()

  beforeAll(() => {
    real.issue('good', { host: 'example.com' })
    real.write('junk.pem', 'junk\n')
    real.write('list', `${real.path('good.pem')}\n`)
    for (const name of ['empty', 'dir']) mkdirSync(real.path(name))
    for (const name of ['dir/a.pem', 'dir/b.pem']) real.write(name, real.read('good.pem'))
  })
  afterAll(() => real.remove())

  test.for(TEXTS)('%s', (text) => {
    const config = text.replaceAll('@/', `${real.folder}/`)
    const own = parseConfig([{ name: 'x.cfg', text: config }], { certificates: new NodeCertificates(), accounts })
    const messages = own.diagnostics
      .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
      .map((each) => `${each.severity}: ${each.text}`.trimEnd())
    const theirs = askHaproxy(config)
    expect(messages).toEqual(theirs.messages)
    expect(own.failed).toBe(theirs.failed)
  })
})
