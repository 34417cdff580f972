/** Settings of proxies for traffic in the model, those that `defaults` sections pass on included. */
import { expect, test } from 'vitest'
import type { ProxyConfig } from '../../src/config/model/proxy.js'
import { parseConfig } from '../support/parse-config.js'

const proxies = (text: string): readonly ProxyConfig[] => parseConfig([{ name: 'x.cfg', text }]).proxies

const backend = (...lines: string[]): ProxyConfig =>
  proxies(`backend b\n mode http\n${lines.map((line) => ` ${line}\n`).join('')}`)[0]!

test('backends balance in turns, retry failed connections three times and share connections safely by default', () => {
  expect(backend()).toMatchObject({
    balance: { algorithm: 'roundrobin' },
    hash: { method: 'map-based', function: 'sdbm', avalanche: false },
    retries: 3,
    retryOn: new Set(['conn-failure']),
    redispatch: undefined,
    httpReuse: 'safe',
    httpConnectionMode: 'keep-alive',
    options: new Set(),
  })
})

test('arguments of balance are in the model', () => {
  const balance = (text: string) => backend(`balance ${text}`).balance
  expect(balance('random(0x3)')).toEqual({ algorithm: 'random', draws: 3 })
  expect(balance('random')).toEqual({ algorithm: 'random', draws: 2 })
  expect(balance('uri len 3 depth 2 whole')).toEqual({
    algorithm: 'uri',
    whole: true,
    pathOnly: false,
    length: 3,
    depth: 2,
  })
  expect(balance('hdr(Host) use_domain_only')).toEqual({ algorithm: 'hdr', header: 'Host', domainOnly: true })
  expect(balance('rdp-cookie')).toEqual({ algorithm: 'rdp-cookie', cookie: 'mstshash' })
  expect(balance('hash src')).toMatchObject({ algorithm: 'hash', expression: { fetch: { name: 'src' } } })
})

test('limits can be hexadecimal, and octal after a zero', () => {
  expect(backend('rate-limit sessions 0x10', 'max-keep-alive-queue 010')).toMatchObject({
    sessionRate: 16,
    keepAliveQueue: 8,
  })
})

test('a dispatch address replaces the default algorithm', () => {
  expect(backend('dispatch 192.0.2.1:80')).toMatchObject({
    balance: undefined,
    dispatch: { family: 'ipv4', ip: '192.0.2.1', port: 80 },
  })
})

test('consistent hashing without a function avalanches', () => {
  expect(backend('hash-type consistent').hash).toEqual({ method: 'consistent', function: 'sdbm', avalanche: true })
  expect(backend('hash-type consistent wt6').hash).toEqual({ method: 'consistent', function: 'wt6', avalanche: false })
})

test('all-retryable-errors are the errors of connections and the status codes 500, 502, 503 and 504', () => {
  expect([...backend('retry-on all-retryable-errors 404').retryOn].sort()).toEqual(
    [
      ...['0rtt-rejected', '404', '500', '502', '503', '504', 'conn-failure', 'empty-response', 'junk-response'],
      'response-timeout',
    ].sort(),
  )
  expect(backend('retry-on none').retryOn).toEqual(new Set())
})

test('redispatch is for the last retry unless it has an interval', () => {
  expect(backend('option redispatch').redispatch).toBe(-1)
  expect(backend('option redispatch 2').redispatch).toBe(2)
  expect(backend('option redispatch', 'no option redispatch').redispatch).toBeUndefined()
})

test('connection modes replace each other', () => {
  expect(backend('option httpclose', 'option http-server-close').httpConnectionMode).toBe('server-close')
  expect(backend('option httpclose', 'no option http-server-close').httpConnectionMode).toBe('close')
  expect(backend('option httpclose', 'no option httpclose').httpConnectionMode).toBe('keep-alive')
})

test('header fields about clients are in the model', () => {
  expect(backend('option forwardfor except 10.0.0.0/8 header X-Client if-none').forwardFor).toEqual({
    header: 'X-Client',
    except: { family: 'ipv4', address: 0x0a000000n, prefix: 8, mask: 0xff000000n },
    ifNone: true,
  })
  expect(backend('option originalto').originalTo).toEqual({ header: 'X-Original-To', except: undefined })
  expect(backend('option forwarded').forwarded).toMatchObject({
    proto: true,
    host: undefined,
    by: undefined,
    for: { name: 'original', port: undefined },
  })
  expect(backend('option forwarded by-expr src by_port host').forwarded).toMatchObject({
    proto: false,
    host: 'original',
    by: { name: { expression: { fetch: { name: 'src' } } }, port: 'original' },
    for: undefined,
  })
})

test('proxies inherit settings, without those that their mode cannot have', () => {
  const [http, tcp] = proxies(
    'defaults\n mode http\n option forwardfor\n option abortonclose\n http-reuse always\n balance uri\n' +
      'backend a\n no option abortonclose\nbackend b\n mode tcp\n',
  ) as [ProxyConfig, ProxyConfig]
  expect(http).toMatchObject({
    forwardFor: { header: 'X-Forwarded-For', except: undefined, ifNone: false },
    options: new Set(),
    httpReuse: 'always',
    balance: { algorithm: 'uri' },
  })
  expect(tcp).toMatchObject({
    forwardFor: undefined,
    options: new Set(['abortonclose']),
    httpReuse: 'never',
    balance: { algorithm: 'roundrobin' },
  })
})

test('the source of connections is in the model, but a header field is not passed on', () => {
  const [own, inherited] = proxies(
    'defaults\n mode http\n source 192.0.2.1:99 usesrc hdr_ip(x,2) interface lo\n' +
      'backend a\n source 192.0.2.2 usesrc hdr_ip(y)\nbackend b\n',
  ) as [ProxyConfig, ProxyConfig]
  expect(own.source).toMatchObject({ address: { ip: '192.0.2.2' }, client: { header: 'y', occurrence: -1 } })
  expect(inherited.source).toMatchObject({ address: { ip: '192.0.2.1', port: 99 }, interface: 'lo', client: undefined })
})
