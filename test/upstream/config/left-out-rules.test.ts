/**
 * A rule of a check that hapsim leaves out, whole or in part, makes no later line wrong: HAProxy starts with these configurations, and
 * says of others what it says with the rule in its place.
 */
import { expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { askHaproxy } from './compare.js'
import { describeUpstream } from '../support/upstream.js'

/** A fetch that hapsim does not have; a test below sees to it. */
const FETCH = 'cpu_calls'

const backend = (address: string, ...lines: readonly string[]) =>
  `backend b\n timeout connect 1s\n timeout server 1s\n ${lines.join('\n ')}\n server s ${address} check\n`

const http = (...lines: readonly string[]) =>
  backend('127.0.0.1:80', 'option httpchk', ...lines.map((line) => `http-check ${line}`))
const tcp = (address: string, ...lines: readonly string[]) =>
  backend(address, 'option tcp-check', ...lines.map((line) => `tcp-check ${line}`))

const TEXTS: readonly string[] = [
  http(`send hdr x %[${FETCH}]`, 'expect status 200'),
  http(`send meth GET uri-lf /%[${FETCH}]`, 'expect status 200'),
  http(`send body-lf %[${FETCH}]`, 'expect status 200'),
  http('connect', `send hdr x %[${FETCH}]`, 'expect status 200', 'connect', 'send uri /b', 'expect status 200'),
  http('connect', 'send uri /', `expect string-lf %[${FETCH}]`, 'connect', 'send uri /b', 'expect status 200'),
  http('connect', 'send uri /', `expect hdr name-lf %[${FETCH}]`, 'connect', 'send uri /b'),
  http('connect alpn h2', 'send uri /', 'expect status 200'),
  http('connect', 'send uri /', 'expect status 200', 'connect ssl alpn h2', 'send uri /', 'expect status 200'),
  http(`expect status 200 on-error %[${FETCH}]`, 'connect', 'send uri /'),
  http('connect', 'send uri /', `expect string-lf %[${FETCH}]`, 'send uri /b'),
  http('connect', `send hdr x %[${FETCH}]`, 'connect'),
  http(`set-var(check.x) ${FETCH}`, 'expect status 200'),
  tcp('127.0.0.1:80', 'connect alpn h2 ssl', 'send a', 'connect port 81', 'send b'),
  tcp('127.0.0.1', 'connect port 80 ssl alpn h2', 'send a'),
  tcp('127.0.0.1', `connect port ${FETCH},length`, 'send a'),
  tcp('127.0.0.1:80', `send-lf %[${FETCH}]`, 'expect string a'),
  tcp('127.0.0.1:80', `send-lf %[${FETCH}]`, 'connect port 81'),
  tcp('127.0.0.1', `send-lf %[${FETCH}]`),
  tcp('127.0.0.1:80', `expect string-lf %[${FETCH}]`, 'connect port 81'),
  tcp('127.0.0.1:80', `set-var(check.x) ${FETCH}`, 'connect port 81', 'send a'),
  tcp('127.0.0.1:80', `expect string a status-code ${FETCH},length on-success %[${FETCH}]`),
]

describeUpstream('settings that are left out', () => {
  test.for([
    'global\n log 127.0.0.1:514 profile p local0\n stats socket /run/s\nlog-profile p\n on any format x\n',
    'global\n log 127.0.0.1:514 len 100 format raw sample 1:2 profile p local0 info\n stats socket /run/s\nlog-profile p\n',
    'global\n log ring@r local0\n stats socket /run/s\nring r\n format raw\n',
  ])('make the words behind them no others: %s', (text) => {
    const own = parseConfig([{ name: 'x.cfg', text }], {})
    expect(own.failed).toBe(false)
    expect(askHaproxy(text).failed).toBe(false)
  })
})

describeUpstream('rules of checks that are left out', () => {
  test.for(TEXTS)('%s', (text) => {
    const own = parseConfig([{ name: 'x.cfg', text }], {})
    const messages = own.diagnostics
      .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
      .map((each) => `${each.severity}: ${each.text}`.trimEnd())
    const theirs = askHaproxy(text)
    expect(messages).toEqual(theirs.messages)
    expect(own.failed).toBe(theirs.failed)
    // otherwise the case has become one of those that are emulated
    expect(own.gaps.some(({ area }) => area === 'checks')).toBe(true)
  })
})
