/** Settings of `server` lines. The expected versions are those of the headers that the real HAProxy sends in checks. */
import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/index.js'

/** The server of a backend with these settings. */
const server = (settings: string) => {
  const text = `backend b\n server s 127.0.0.1:1 ${settings}\n`
  const { proxies, diagnostics } = parseConfig([{ name: 'haproxy.cfg', text }])
  expect(diagnostics.filter(({ text }) => text.includes('not emulated'))).toEqual([])
  return proxies[0]!.servers[0]!
}

test.for([
  ['send-proxy', 1],
  ['send-proxy-v2', 2],
  ['send-proxy send-proxy-v2', 2],
  ['send-proxy-v2 send-proxy', 2],
  ['send-proxy no-send-proxy', undefined],
  ['send-proxy-v2 no-send-proxy', 2],
  ['send-proxy no-send-proxy-v2', 1],
  ['send-proxy send-proxy-v2 no-send-proxy-v2', 1],
  ['send-proxy-v2 no-send-proxy-v2-ssl', undefined],
  ['send-proxy send-proxy-v2 no-send-proxy-v2-ssl', 1],
  ['send-proxy-v2 no-send-proxy-v2-ssl-cn', undefined],
] as const)("'%s' sends the PROXY protocol's version %s", ([settings, version]) => {
  expect(server(settings).sendProxy).toBe(version)
})

test.for([
  ['maxconn 10', ["'maxconn' of 'server'"]],
  ['maxconn 10 minconn 5 maxqueue 3', ["'maxconn' of 'server'", "'minconn' of 'server'", "'maxqueue' of 'server'"]],
  ['maxconn 0 minconn 0 maxqueue 0', []],
] as const)("'%s': limits that need queues are reported as not emulated", ([settings, expected]) => {
  const text = `backend b\n server s 127.0.0.1:1 ${settings}\n`
  const { gaps } = parseConfig([{ name: 'haproxy.cfg', text }])
  expect(gaps.map(({ what }) => what)).toEqual(expected)
  expect(new Set(gaps.map(({ area }) => area))).toEqual(new Set(expected.length > 0 ? ['traffic'] : []))
})
