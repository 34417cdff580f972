/** What HAProxy checks only when it starts, after the configuration: a real start reports the same and fails as well. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'

const DEFAULTS = 'defaults\n mode http\n timeout client 1s\n timeout server 1s\n timeout connect 1s\n'
const listen = (...lines: readonly string[]): string =>
  `${DEFAULTS}listen l\n bind unix@l.sock\n${lines.map((each) => ` ${each}\n`).join('')}`

const BIG_PAGE = (body: number): string => `HTTP/1.0 503 X\r\nContent-Type: text/html\r\n\r\n${'a'.repeat(body)}`

const TEXTS: Readonly<Record<string, string>> = {
  'rings that do not exist or are outputs':
    listen('log ring@nosuch local0', 'log ring@later local0', 'log ring@stdout local0', 'log ring@buf0 local0') +
    'ring later\n size 32768\n',
  'targets of global, for all proxies that log to them, and internal ones':
    `global\n log ring@a local0\n log backend@b local0\n log 127.0.0.1 profile c local0\n${listen('log global')}` +
    `backend unused\n log ring@d local0\nbackend disabled\n disabled\n log ring@e local0\n`,
  'targets of log-forward sections, the latest first':
    `${listen()}log-forward one\n bind unix@one.sock\n log ring@a local0\n` +
    'log-forward two\n bind unix@two.sock\n log backend@b local0\n log 127.0.0.1 profile c local0\n',
  'log backends': `${listen('log backend@nosuch local0', 'log backend@l local0', 'log backend@good local0')}backend good\n mode log\n`,
  'rings as log backends': `${listen('log backend@r local0')}ring r\n size 32768\n`,
  'lines longer than a ring holds':
    `${listen('log ring@r len 60000 local0', 'log ring@s len 4000 local0', 'log ring@nosuch local0')}` +
    'ring r\n size 32768\nring s\n maxlen 3000\n',
  'log profiles':
    `${listen('mode tcp', 'log 127.0.0.1 profile p local0', 'log 127.0.0.1 profile nosuch local0')}` +
    'log-profile p\n on any format "%HM %[src]"\n on accept sd "%HU"\n',
  'rings that converters name': `${listen(
    'http-request set-var(txn.a) src,debug(a,later)',
    'http-request set-var(txn.a) src,debug',
    'http-request set-var(txn.a) src,debug(a,nosuch)',
    'http-request set-var(txn.a) src,debug(a,another)',
  )}ring later\n size 32768\n`,
  'pages that fill a buffer': listen(
    'errorfile 503 fits.http',
    'errorfile 502 big.http',
    'http-request set-var(txn.a) src,debug(a,nosuch)',
  ),
}

const FILES = { 'fits.http': BIG_PAGE(15214), 'big.http': BIG_PAGE(15215) }

const realStart = (text: string): string[] => {
  const directory = temporaryFolder('config')
  for (const [name, content] of Object.entries({ ...FILES, 'x.cfg': text }))
    writeFileSync(join(directory, name), content)
  const { stderr, status } = spawnSync(REAL, ['-dD', '-db', '-f', 'x.cfg'], {
    cwd: directory,
    encoding: 'latin1',
    timeout: 20_000,
  })
  expect(status).toBe(1)
  return stderr.split('\n').flatMap((line) => /^\[(?:ALERT|WARNING|DIAG)\].*/.exec(line) ?? [])
}

const TAGS = { alert: '[ALERT]   ', warning: '[WARNING] ', diag: '[DIAG]    ', notice: '' } as const

describeUpstream('checks of the start', () => {
  test.each(Object.entries(TEXTS))('%s are reported as HAProxy reports them', (_, text) => {
    const config = parseConfig([{ name: 'x.cfg', text }], {
      readFile: (name) => Buffer.from((FILES as Record<string, string>)[name] ?? ''),
    })
    expect(config.diagnostics.filter(({ fromHapsim }) => fromHapsim !== true)).toEqual([])
    const { diagnostics, failed } = config.checkAtStart()
    expect(failed).toBe(true)
    const real = realStart(text).map((line) => line.replace(/ \(\d+\) : /, ' '))
    expect(diagnostics.map(({ severity, text: message }) => `${TAGS[severity]} ${message}`)).toEqual(real)
  })
})
