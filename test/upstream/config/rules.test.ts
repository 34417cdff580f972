/**
 * Rules of traffic: what is reported of each action in each rule set, with arguments that are right, wrong, missing or too many, equals
 * what `haproxy -c` reports.
 */
import { expect, test } from 'vitest'
import { KNOWN_ACTIONS } from '../../../src/config/known/actions.js'
import { describeUpstream } from '../support/upstream.js'
import { askHaproxy, askHapsim } from './compare.js'

/** Names of actions that rules give arguments in parentheses, or a number. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'set-var': ['set-var(txn.a)', 'set-var(a)', 'set-var(txn.a,ifempty)', 'set-var(txn.a,nosuch)', 'set-var'],
  'set-var-fmt': ['set-var-fmt(txn.a)', 'set-var-fmt(txn.a,ifgt,1)', 'set-var-fmt(nosuch.a)'],
  'unset-var': ['unset-var(txn.a)', 'unset-var(a'],
  'track-sc': ['track-sc0', 'track-sc2', 'track-sc3', 'track-sc', 'track-scx'],
  'sc-inc-gpc': ['sc-inc-gpc(0,0)', 'sc-inc-gpc(0,3)', 'sc-inc-gpc(0', 'sc-inc-gpc(a,0)', 'sc-inc-gpc', 'sc-inc-gpc2'],
  'sc-inc-gpc0': ['sc-inc-gpc0', 'sc-inc-gpc0(1)', 'sc-inc-gpc0(5)', 'sc-inc-gpc0(', 'sc-inc-gpc0x'],
  'sc-inc-gpc1': ['sc-inc-gpc1', 'sc-inc-gpc1(2)', 'sc-inc-gpc1(a)'],
  'sc-add-gpc': ['sc-add-gpc(1,0)', 'sc-add-gpc(1,9)', 'sc-add-gpc(1', 'sc-add-gpc', 'sc-add-gpc(1,x)'],
  'sc-set-gpt': ['sc-set-gpt(0,0)', 'sc-set-gpt(0,3)', 'sc-set-gpt(0', 'sc-set-gpt'],
  'sc-set-gpt0': ['sc-set-gpt0(0)', 'sc-set-gpt0', 'sc-set-gpt0(4)', 'sc-set-gpt0(x)'],
  'do-resolve': [
    'do-resolve(txn.a,r)',
    'do-resolve(txn.a,r,ipv4)',
    'do-resolve(txn.a)',
    'do-resolve(txn.a,nosuch,ipv6)',
  ],
  'set-map': ['set-map(virt@a)'],
  'del-map': ['del-map(virt@a)'],
  'add-acl': ['add-acl(virt@a)'],
  'del-acl': ['del-acl(virt@a)'],
}

const ARGUMENTS: readonly string[] = [
  '',
  'a',
  '1',
  'a b',
  'a b c',
  'a b c d',
  '%[src]',
  '%[nosuch]',
  'src',
  'str(a),length',
  'req.hdr(host)',
  'res.hdr(a)',
  '1 if { src 127.0.0.1 }',
  'src unless HTTP_1.0',
  'a b if nosuch',
]

/** Arguments of particular actions. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  allow: ['if { path /a } { method GET } or { hdr(a) -m found }', 'if { path /a', 'foo', 'if {', 'if { nosuch a }'],
  deny: [
    'deny_status 429',
    'deny_status',
    'deny_status 1000',
    'deny_status 429 content-type text/plain string a',
    'status 400 errorfiles nosuch',
    'status 400 errorfiles e',
    'status 404 errorfiles e',
    'status 299',
    'default-errorfiles hdr a b',
    'errorfile /nosuch/file',
    'content-type a',
  ],
  tarpit: ['deny_status 500', 'deny_status 299'],
  return: [
    'status 200 content-type text/plain string hello',
    'status 200 content-type text/plain lf-string "%[src] %ci"',
    'status 200 string hello',
    'status 204 string a content-type b',
    'status 304 content-type b lf-string a',
    'lf-string a',
    'string a lf-string b content-type c',
    'hdr a',
    'hdr content-length 1 hdr x %[date]',
    'hdr x %[nosuch]',
    'content-type a',
    'content-type a string',
    'status 99',
    'status 200 file /nosuch/file content-type a',
    'status 503 default-errorfiles',
    'status 200 foo',
    'errorfiles',
  ],
  redirect: [
    'location /a',
    'location /a code 308',
    'location /a code 304',
    'prefix /',
    'scheme https if !{ ssl_fc }',
    'prefix /a drop-query append-slash set-cookie a=b',
    'location /%[nosuch]',
    'location',
    'code 301',
    'location /a foo',
    'location /a if nosuch',
    'location /a set-cookie-fmt a=%[src] ignore-empty',
  ],
  auth: ['realm', 'realm a', 'realm a if { http_auth(u) }', 'if { http_auth(nosuch) }'],
  capture: [
    'req.hdr(a) len 10',
    'req.hdr(a) len 0',
    'req.hdr(a) id 0',
    'req.hdr(a) id x',
    'res.hdr(a) id 5',
    'src foo 1',
  ],
  'silent-drop': ['rst-ttl', 'rst-ttl 5', 'rst-ttl 300', 'rst-ttl 5x', 'foo'],
  'set-mark': ['0x10', '12z', 'src_port'],
  'set-log-level': ['info', 'silent', 'loud'],
  'strict-mode': ['on', 'OFF'],
  'set-timeout': [
    'server 5s',
    'client 5',
    'tunnel 0',
    'server src',
    'server 1y',
    'server 99999999d',
    'queue 5',
    'server 1us',
  ],
  pause: ['5s', '0', 'str(5)', '1us', '5s if TRUE', 'str(5) if TRUE'],
  'wait-for-body': [
    'time 5s',
    'time 1s at-least 100k',
    'time',
    'at-least 5',
    'time 1s foo',
    'time 1y',
    'time 1s at-least 1z',
  ],
  'wait-for-handshake': ['if TRUE'],
  'set-status': ['200', '404 reason "Not here"', '99', '200x', '200 reason'],
  'normalize-uri': [
    'path-merge-slashes',
    'path-strip-dotdot full',
    'nosuch',
    'percent-to-uppercase strict if TRUE',
    'path-strip-dotdot x',
  ],
  'del-header': ['x -m beg', 'x -m', 'x -m nosuch', '[ -m reg'],
  'set-header': ['x: a', 'x %[src,ipmask(24)]', 'x "%[req.hdr(a)] %[res.hdr(b)]"', ':path /a', 'a@b c'],
  'replace-header': ['a ( b', 'a (.*) \\1', 'a b %[nosuch]'],
  'replace-path': ['( a', '(.*) /a\\1'],
  'set-priority-class': ['int(1)', 'res.hdr(a)'],
  'set-bandwidth-limit': ['nosuch', 'l limit 1m period 5s', 'l limit x', 'l period x', 'l limit src'],
  'switch-mode': ['http', 'http proto h2', 'http proto nosuch', 'http proto fcgi', 'tcp'],
  'use-service': ['nosuch', 'prometheus-exporter', 'prometheus-exporter if TRUE'],
  'send-spoe-group': ['a b', 'a'],
  'cache-use': ['c', 'nosuch', 'if TRUE'],
  'cache-store': ['c', 'nosuch'],
  'set-retries': ['3', '101', '-1', 'src'],
  'set-nice': ['5', '-2000'],
  'track-sc': [
    'src table t',
    'src table nosuch',
    'src table',
    'src',
    'req.hdr(a) table t',
    'src table t if { src 127.0.0.1 }',
  ],
  'expect-proxy': ['layer4', 'layer5', ''],
  'expect-netscaler-cip': ['layer4', 'layer5 if TRUE'],
  accept: ['', 'if TRUE', 'foo', 'if { src -f /nosuch }', 'if { path /a }', 'if { req.len gt 5 }'],
  reject: ['', 'if TRUE', 'foo'],
  close: ['', 'if TRUE'],
}

/** Actions of TCP rules that are part of the parser. */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  'tcp-request connection': [
    'accept',
    'reject',
    'capture',
    'track-sc',
    'expect-proxy',
    'expect-netscaler-cip',
    'acept',
  ],
  'tcp-request session': ['accept', 'reject', 'capture', 'track-sc', 'expect-proxy', 'expect-netscaler-cip', ''],
  'tcp-request content': [
    'accept',
    'reject',
    'capture',
    'track-sc',
    'expect-proxy',
    'expect-netscaler-cip',
    'set-varr',
  ],
  'tcp-response content': ['accept', 'reject', 'close', 'clse'],
  'http-request': ['nosuch', 'set-headr', 'den'],
  'http-response': ['', 'xyz'],
  'http-after-response': ['set-headers', 'q'],
}

const SECTIONS = `defaults
 timeout client 1s
 timeout server 1s
 timeout connect 1s
 mode http
resolvers r
 nameserver n 127.0.0.1:53
userlist u
 user a insecure-password b
cache c
 total-max-size 4
http-errors e
 errorfile 400 /dev/null
backend t
 stick-table type ip size 1k store gpc(2),gpt(2)
`

const PROXIES = {
  frontend: (name: string) => `frontend ${name}\n bind 127.0.0.1:8000\n`,
  backend: (name: string) => `backend ${name}\n server s 127.0.0.1:80\n`,
} as const

const readFile = (path: string): Uint8Array | 'ENOENT' => (path === '/dev/null' ? new Uint8Array() : 'ENOENT')

/** A configuration with a proxy for each line. */
const configuration = (lines: readonly string[], proxy: keyof typeof PROXIES): string =>
  SECTIONS + lines.map((line, index) => `${PROXIES[proxy](`x${index}`)} ${line}\n`).join('')

const difference = (lines: readonly string[], proxy: keyof typeof PROXIES): string | undefined => {
  const text = configuration(lines, proxy)
  const [own, theirs] = [askHapsim(text, { readFile }), askHaproxy(text)].map(
    ({ failed, messages }) => `${failed ? 'fails' : 'starts'}\n${messages.join('\n')}`,
  )
  return own === theirs ? undefined : `${proxy}: ${lines.join('\n')}\n--- HAProxy: ${theirs}\n--- hapsim: ${own}`
}

/** Lines that are tried in one configuration: fewer than the errors after which HAProxy gives up. */
const TOGETHER = 40

/**
 * Parsing ends at the first wrong HTTP rule, and what is checked after parsing is not reported after an error: lines that hapsim refuses
 * are tried apart from the others.
 */
const differencesOf = (lines: readonly string[], proxy: keyof typeof PROXIES): string[] => {
  const refused = lines.filter((line) =>
    askHapsim(configuration([line], proxy), { readFile }).messages.some((each) => each.includes('parsing [x.cfg')),
  )
  const accepted = lines.filter((line) => !refused.includes(line))
  const batches = [...inParts(accepted, TOGETHER), ...inParts(refused, refused[0]?.startsWith('http') ? 1 : TOGETHER)]
  return batches.flatMap((batch) => {
    const whole = difference(batch, proxy)
    if (whole === undefined || batch.length === 1) return whole ?? []
    const single = batch.flatMap((line) => difference([line], proxy) ?? [])
    return single.length > 0 ? single : [whole]
  })
}

const inParts = (lines: readonly string[], size: number): string[][] => {
  const parts: string[][] = []
  for (let at = 0; at < lines.length; at += size) parts.push(lines.slice(at, at + size))
  return parts
}

const linesOf = (ruleSet: keyof typeof KNOWN_ACTIONS): string[] => {
  const known = KNOWN_ACTIONS[ruleSet].split(' ').map((name) => name.replace(/[*!]+$/, ''))
  return [...known, ...BUILT_IN[ruleSet]!].flatMap((name) =>
    (NAMES[name] ?? [name]).flatMap((written, index) =>
      [...(index > 0 ? ['', '1', 'src'] : ARGUMENTS), ...(SPECIAL[name] ?? [])].map((each) =>
        `${ruleSet} ${written} ${each}`.trimEnd(),
      ),
    ),
  )
}

describeUpstream('rules', () => {
  for (const ruleSet of Object.keys(KNOWN_ACTIONS) as (keyof typeof KNOWN_ACTIONS)[])
    test(`of ${ruleSet} are reported on as in the real HAProxy`, { timeout: 300_000 }, () => {
      const proxy = ruleSet === 'tcp-response content' ? 'backend' : 'frontend'
      const differences = differencesOf(linesOf(ruleSet), proxy)
      expect(differences.join('\n\n'), `${differences.length} differences`).toBe('')
    })
})
