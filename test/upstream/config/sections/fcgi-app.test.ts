/** Sections `fcgi-app` and the proxies that use them are read as the real HAProxy reads them. */
import { expect, test } from 'vitest'
import { parseConfig } from '../../../support/parse-config.js'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const LIMITS = ' timeout connect 1s\n timeout client 1s\n timeout server 1s\n'
const SERVER = ' server s 127.0.0.1:9000 proto fcgi\n'
const APP = 'fcgi-app php\n docroot /var/www\n'

const LINES = [
  ...[
    'foo',
    'docroot',
    'docroot /x y',
    'index',
    'index a.php',
    'index a b',
    'path-info',
    'path-info ^(/.+\\.php)(/.*)?$',
    'path-info (',
    'path-info a b',
  ],
  ...['acl', 'acl a', 'acl a src x', 'acl a src 1.2.3.4', 'acl or src 1.2.3.4', 'acl a/b src 1.2.3.4', 'acl a nosuch'],
  ...[
    'set-param',
    'set-param A',
    'set-param A b',
    'set-param A %[foo]',
    'set-param A %[src',
    'set-param A %[res.hdr(x)]',
    'set-param A b c',
  ],
  ...[
    'set-param A b if TRUE',
    'set-param A b unless { src 1.2.3.4 }',
    'set-param A b if x',
    'set-param A b if',
    'set-param A-1 %[fcgi.docroot]',
  ],
  ...['pass-header', 'pass-header A', 'pass-header A if TRUE', 'pass-header A x', 'unset-param A', 'hide-header A'],
  ...[
    'option',
    'option foo',
    'option keep-conn',
    'no option keep-conn',
    'option keep-conn x',
    'default option keep-conn',
  ],
  ...[
    'option get-values',
    'option get-values x',
    'option mpxs-conns',
    'no option mpxs-conns',
    'option max-reqs',
    'option max-reqs 5',
  ],
  ...[
    'option max-reqs 0',
    'option max-reqs x',
    'option max-reqs 5 x',
    'no option max-reqs 5',
    'option max-reqs 5\n option mpxs-conns',
  ],
  ...[
    'log-stderr',
    'log-stderr global',
    'log-stderr 127.0.0.1 local0',
    'log-stderr foo',
    'log-stderr 127.0.0.1 foo',
    'no log-stderr',
  ],
]

const compare = (text: string): void => expect(askHapsim(text), text).toEqual(askHaproxy(text))

describeUpstream('FastCGI applications', () => {
  test('lines of the section', () => {
    for (const line of LINES) compare(`backend b\n mode http\n${LIMITS}${SERVER} use-fcgi-app php\n${APP} ${line}\n`)
  })

  test('sections', () => {
    for (const text of [
      'fcgi-app\n',
      // HAProxy crashes at the lines that follow
      'fcgi-app a b\n',
      'fcgi-app a/b\n',
      'fcgi-app a\n',
      'fcgi-app a\n index x\nfcgi-app b\n',
      `${APP}${APP}${APP}`,
    ])
      compare(`frontend f\n bind :1\n${LIMITS}${text}`)
  })

  test('proxies that use applications', () => {
    const lines = [
      'use-fcgi-app',
      'use-fcgi-app nosuch',
      'use-fcgi-app php',
      'use-fcgi-app php x',
      'use-fcgi-app php\n use-fcgi-app php',
      'use-fcgi-app php\n use-fcgi-app other',
      'filter fcgi-app',
      'filter fcgi-app php',
      'filter fcgi-app php x',
      'filter fcgi-app php\n use-fcgi-app php',
      'filter fcgi-app php\n filter fcgi-app php',
      'filter fcgi-app php\n filter fcgi-app other',
      'use-fcgi-app php\n filter fcgi-app php',
      'use-fcgi-app php\n filter bwlim-in x default-limit 1 default-period 1s',
      'filter fcgi-app php\n filter bwlim-in x default-limit 1 default-period 1s\n use-fcgi-app php',
      'filter bwlim-in x default-limit 1 default-period 1s\n filter fcgi-app php',
      'use-fcgi-app php\n filter compression\n compression algo gzip',
      '',
    ]
    for (const line of lines)
      for (const kind of ['frontend f\n bind :1', 'backend b', 'listen l\n bind :1', 'defaults'])
        for (const server of kind.startsWith('frontend') || kind === 'defaults' ? [''] : [SERVER, ' server s :1\n', ''])
          compare(
            `${kind}\n mode http\n${LIMITS}${server} ${line}\nfrontend z\n bind :2\n${APP}fcgi-app other\n docroot /\n`,
          )
    for (const mode of ['tcp', 'http'])
      for (const line of ['use-fcgi-app php', '', 'use-fcgi-app php\n disabled', 'disabled'])
        compare(`backend b\n mode ${mode}\n${LIMITS}${SERVER} ${line}\n${APP}`)
  })

  test('have their settings in the model', () => {
    const text = `backend b\n mode http\n use-fcgi-app php\n${SERVER}${APP} index i.php\n option mpxs-conns\n option max-reqs 5\n set-param Doc-Root %[fcgi.docroot] if TRUE\n`
    const { fcgiApps, proxies } = parseConfig([{ name: 'x.cfg', text }])
    expect(fcgiApps).toMatchObject([
      { name: 'php', docroot: '/var/www', index: 'i.php', multiplexes: true, maxRequests: 5, keepConnections: true },
    ])
    expect(fcgiApps[0]!.rules.at(-1)).toMatchObject({
      kind: 'set-param',
      name: 'doc_root',
      value: '%[fcgi.docroot]',
      condition: { polarity: 'if' },
    })
    expect(proxies[0]).toMatchObject({ headerNames: 'delete' })
  })
})
