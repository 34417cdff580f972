/** Files of `filter spoe` are read as the real HAProxy reads them: sections, scopes, references, and the rules that send groups. */
import { expect, test } from 'vitest'
import { encodeText } from '../../../src/bytes/text.js'
import { describeUpstream } from '../support/upstream.js'
import { askHaproxy, askHapsim } from './compare.js'

const compare = (text: string, files: Readonly<Record<string, string>>): void => {
  const readFile = (path: string) => (Object.hasOwn(files, path) ? encodeText(files[path]!) : 'ENOENT')
  expect(askHapsim(text, { readFile }), Object.values(files).join()).toEqual(askHaproxy(text, files))
}

const BACKEND = 'backend agents\n mode spop\n timeout connect 1s\n timeout server 1s\n server s 127.0.0.1:1\n'
const section = (kind: string, lines: string): string =>
  `${kind} p\n mode http\n${kind === 'backend' ? '' : ' bind :1\n'} timeout client 1s\n timeout connect 1s\n timeout server 1s\n${lines}`
const proxy = (kind: string, lines: string): string => section(kind, lines) + BACKEND

const AGENT = 'spoe-agent a\n use-backend agents\n timeout processing 1s\n'

const AGENT_LINES = [
  ...['foo', 'foo x', 'messages', 'messages m m', 'messages x', 'groups', 'groups g g', 'groups x'],
  ...['timeout', 'timeout foo 1s', 'timeout processing', 'timeout processing x', 'timeout processing 1s x'],
  ...[
    'timeout processing 99999d',
    'timeout processing 1us',
    'timeout processing 0',
    'timeout processing 5sx',
    'timeout hello',
    'timeout idle x y',
  ],
  ...[
    'option',
    'option foo',
    'option async',
    'option async x',
    'no option async',
    'default option pipelining',
    'no option pipelining',
  ],
  ...['option send-frag-payload x', 'option dontlog-normal', 'no option dontlog-normal', 'option dontlog-normal x'],
  ...['var-prefix', 'set-on-error', 'set-process-time', 'set-total-time'].flatMap((name) =>
    ['', 'a_1.b', 'a-b', 'a b'].flatMap((value) => [`option ${name} ${value}`, `no option ${name} ${value}`]),
  ),
  ...['force-set-var', 'continue-on-error'].flatMap((name) => [
    `option ${name}`,
    `option ${name} x`,
    `no option ${name}`,
  ]),
  ...[
    'log',
    'log foo',
    'log global',
    'log 127.0.0.1 local0',
    'log 127.0.0.1 foo',
    'no log',
    'no log x',
    'log stderr local0 x',
    'log ring@nosuch local0',
    'log ring@stdout local0',
    'log ring@buf0 local0\n log ring@nosuch local0\n log backend@nosuch local0',
    'log backend@agents local0',
    'log 127.0.0.1 profile nosuch local0',
  ],
  ...['', '3', 'x', '256', '16380', '16381', '300 x'].map((each) => `max-frame-size ${each}`),
  ...[
    'register-var-names',
    'register-var-names a b',
    'register-var-names a-b',
    'maxconnrate',
    'maxconnrate 3 3',
    'maxerrrate',
  ],
  ...[
    'maxerrrate x',
    'max-waiting-frames',
    'max-waiting-frames 3',
    'max-waiting-frames 3 3',
    'use-backend',
    'use-backend x y',
  ],
  ...['use-backend nosuch', 'use-backend p', 'no foo', 'args src'],
]

// no references that do not exist: HAProxy has freed the name of the file when it reports them
const MESSAGE_LINES = [
  ...[
    'args',
    'args src',
    'args x=src dst',
    'args x=',
    'args foo',
    'args x=src(',
    'args hdr(x) ip=src,ipmask(8)',
    'args res.hdr(x)',
  ],
  ...['acl', 'acl a', 'acl a src x', 'acl a src 1.2.3.4', 'acl or src 1.2.3.4', 'acl a/b src 1.2.3.4'],
  ...[
    'event',
    'event foo',
    'event on-client-session foo',
    'event on-client-session if',
    'event on-client-session if x',
  ],
  ...[
    'event on-client-session if TRUE',
    'event on-client-session unless { src 1.2.3.4 }',
    'event on-http-request',
    'foo',
    'messages',
  ],
]

const EVENTS = [
  'client-session',
  'server-session',
  'frontend-tcp-request',
  'backend-tcp-request',
  'tcp-response',
].concat(['frontend-http-request', 'backend-http-request', 'http-response'])

const FETCHES = [
  'src',
  'dst_port',
  'path',
  'req.len',
  'res.hdr(x)',
  'res.len',
  'srv_id',
  'str(x)',
  'txn.status',
  'fc_rtt',
]

describeUpstream('files of filter spoe', () => {
  test.for(['frontend', 'backend', 'listen'])('lines of sections in a %s', (kind) => {
    const text = proxy(kind, ' filter spoe config spoe.conf\n')
    for (const line of AGENT_LINES)
      compare(text, {
        'spoe.conf': `${AGENT} ${line}\nspoe-message m\n args src\n event on-http-response\nspoe-group g\n messages m\n`,
      })
    for (const line of MESSAGE_LINES)
      compare(text, { 'spoe.conf': `${AGENT} messages m\nspoe-message m\n event on-backend-http-request\n ${line}\n` })
    for (const line of ['foo', 'messages', 'messages m', 'messages m m', 'messages x', 'args src'])
      compare(text, { 'spoe.conf': `${AGENT} groups g\nspoe-group g\n ${line}\nspoe-message m\n args src\n` })
  })

  test.for(['frontend', 'backend', 'listen'])('events with all kinds of fetches in a %s', (kind) => {
    const text = proxy(kind, ' filter spoe config spoe.conf\n')
    for (const event of EVENTS)
      for (const fetch of FETCHES)
        compare(text, { 'spoe.conf': `${AGENT} messages m\nspoe-message m\n args ${fetch}\n event on-${event}\n` })
  })

  test('files as a whole', () => {
    const text = proxy('listen', ' filter spoe engine e config spoe.conf\n')
    const plain = proxy('listen', ' filter spoe config spoe.conf\n')
    const message = 'spoe-message m\n args src\n event on-client-session\n'
    for (const file of [
      '',
      '\n',
      '# comment\n',
      'foo\n',
      AGENT,
      `[e]\n${AGENT}`,
      `[e]\n${AGENT} messages m\n${message}[f]\nspoe-agent b/c\n foo\n`,
      `[f]\n${AGENT}`,
      `[e]\n${AGENT}${AGENT}`,
      `[e\n${AGENT}`,
      `[]\n${AGENT}`,
      `[a/b]\n${AGENT}`,
      `[e] x\n${AGENT}`,
      `[e] # x\n${AGENT}`,
      `[e]\nspoe-agent\n`,
      `[e]\nspoe-agent a b\n`,
      `[e]\nspoe-agent a/b\n`,
      `[e]\nspoe-agent a-b\n use-backend agents\n`,
      `[e]\nspoe-agent a-b\n use-backend agents\n option var-prefix a\n`,
      `[e]\nspoe-agent a\n`,
      `[e]\nspoe-agent a\n use-backend agents`,
      `[e]\n${AGENT} messages m\n${message}${message}`,
      `[e]\n${AGENT} groups g\nspoe-group g\nspoe-group g\n`,
      `[e]\n${AGENT} groups g h\nspoe-group g\n messages m\nspoe-group h\n messages m\n${message}`,
      `[e]\n${AGENT} messages m\nspoe-message m\n args src\n`,
      `[e]\nspoe-message\nspoe-group\n`,
      `[e]\nspoe-message m/n\n`,
      `[e]\nspoe-group g/h\n`,
      `[e]\nspoe-group g h\n`,
      `[e]\n.if defined(X)\nfoo\n.endif\n${AGENT}`,
      `[e]\n.if 1\n${AGENT}`,
      `[e]\n.warning "x"\n${AGENT}`,
      `[e]\nspoe-agent "a\n`,
      `[e]\nfrontend f\n`,
    ]) {
      compare(text, { 'spoe.conf': file })
      compare(plain, { 'spoe.conf': file })
    }
  })

  test('lines of the filter, and engines beside each other', () => {
    const files = { 'spoe.conf': `[e]\n${AGENT}[f]\n${AGENT}`, 'plain.conf': AGENT }
    for (const lines of [
      'filter spoe',
      'filter spoe foo',
      'filter spoe config',
      'filter spoe config plain.conf foo',
      'filter spoe engine',
      'filter spoe engine e',
      'filter spoe config nosuch',
      'filter spoe config plain.conf\n filter spoe config plain.conf',
      'filter spoe config spoe.conf engine e\n filter spoe config spoe.conf engine f',
      'filter spoe config spoe.conf engine e\n filter spoe config spoe.conf engine e',
      'filter spoe config plain.conf\n filter spoe config spoe.conf engine a',
    ])
      compare(proxy('frontend', ` ${lines}\n`), files)
    for (const mode of ['tcp', 'http', 'log', 'spop'])
      compare(proxy('frontend', ' filter spoe config plain.conf\n').replace('mode spop', `mode ${mode}`), files)
    compare(section('frontend', ' filter spoe config plain.conf\n'), files)
  })

  test('rules that send groups', () => {
    const file = (fetch: string): string =>
      `${AGENT} groups g\nspoe-group g\n messages m\nspoe-message m\n args ${fetch}\n`
    const sets = [
      'tcp-request session',
      'tcp-request content',
      'tcp-response content',
      'http-request',
      'http-response',
    ].concat('http-after-response')
    for (const kind of ['frontend', 'backend', 'listen'])
      for (const set of sets)
        for (const fetch of ['src', 'path', 'res.hdr(x)'])
          compare(proxy(kind, ` filter spoe config spoe.conf\n ${set} send-spoe-group a g\n`), {
            'spoe.conf': file(fetch),
          })
    for (const words of ['', 'a', 'a h', 'b g', 'a g x', 'a g if TRUE', 'a g if x'])
      compare(proxy('listen', ` filter spoe config spoe.conf\n http-request send-spoe-group ${words}\n`), {
        'spoe.conf': file('src'),
      })
  })
})
