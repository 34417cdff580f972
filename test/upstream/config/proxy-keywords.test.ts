/** The real HAProxy says the same of the arguments of keywords of proxies in each kind of section. */
import { expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { describeUpstream } from '../support/upstream.js'
import { askHaproxy } from './compare.js'

const ARGUMENTS = ['', 'x', '1', '-1', '0', '2 x', 'x y', '10x', '1k', '5s', '1.5', '3000000000', '99999999999']

const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  backlog: [],
  'clitcpka-cnt': ['0x10'],
  'clitcpka-idle': [],
  'clitcpka-intvl': [],
  description: ['a b c'],
  disabled: [],
  dispatch: [
    '127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1:80 x',
    ':80',
    'nosuch.invalid:80',
    '127.0.0.1:80-90',
    '/x',
    'fd@3',
  ],
  'dynamic-cookie-key': [],
  enabled: [],
  fullconn: [],
  guid: ['abc', 'abc!'],
  'http-send-name-header': [],
  id: [],
  'load-server-state-from-file': ['none', 'global', 'local', 'none x'],
  'log-tag': [],
  'max-keep-alive-queue': ['0x10'],
  'max-session-srv-conns': ['5 5'],
  maxconn: [],
  mode: ['http', 'tcp', 'log', 'spop', 'health', 'http x', 'log x', 'http'],
  persist: ['rdp-cookie', 'rdp-cookie()', 'rdp-cookie(x)', 'rdp-cookie(x', 'rdp-cookie x', 'rdp-cookie(x) y'],
  'rate-limit': [
    'sessions',
    'sessions x',
    'sessions 5',
    'sessions 5 x',
    'sessions -1',
    'sessions 0x10',
    'sessions 08',
    'sessions 0xg',
  ],
  retries: [],
  'server-state-file-name': ['use-backend-name'],
  source: [
    '127.0.0.1:1-2',
    '127.0.0.1:+1',
    '127.0.0.1 interface',
    '127.0.0.1 interface a usesrc',
    '127.0.0.1 usesrc',
    '127.0.0.1 usesrc client x',
    '127.0.0.1 usesrc 127.0.0.1:1-2',
    '127.0.0.1 usesrc hdr_ip(x,1)',
    'nosuch.invalid',
    '/x',
  ],
  'srvtcpka-cnt': [],
  'srvtcpka-idle': [],
  'srvtcpka-intvl': [],
  transparent: [],
}

/** Arguments that end HAProxy's parsing without the final summary. */
const ENDING: Readonly<Record<string, readonly string[] | undefined>> = { description: [''] }

const LIMITS = ' timeout connect 5s\n timeout client 5s\n timeout server 5s\n'

describeUpstream('arguments of keywords of proxies', () => {
  test.for(Object.keys(KEYWORDS))('%s', (keyword) => {
    const values = [...ARGUMENTS, ...KEYWORDS[keyword]!].filter((each) => !ENDING[keyword]?.includes(each))
    const lines = values.map((each) => ` ${keyword} ${each}\n`).join('')
    for (const kind of ['defaults', 'frontend', 'listen', 'backend']) {
      const text = `${kind} p\n mode http\n${lines}\nlisten l\n mode tcp\n bind :1\n${LIMITS}`
      const own = parseConfig([{ name: 'x.cfg', text }])
      const messages = own.diagnostics
        .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
        .map((each) => `${each.severity}: ${each.text}`.trimEnd())
      expect(messages).toEqual(askHaproxy(text).messages)
    }
  })
})
