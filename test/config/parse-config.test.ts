/** What configurations come to: the model, with HAProxy's defaults. Expected values are those of the configuration manual. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfigOptions, Configuration } from '../../src/config/index.js'
import { literalFormat } from '../../src/config/samples/log-format.js'
import { parseConfig } from '../support/parse-config.js'

const parse = (text: string, options?: ConfigOptions): Configuration =>
  parseConfig([{ name: 'haproxy.cfg', text }], options)
const MS = 1000
const S = 1_000_000

describe('a configuration with mailers', () => {
  const config = parse(
    `global
    log stdout format raw local0 info
    lua-load mailers.lua a "b c"
    nbthread 2
    stats socket /tmp/haproxy.sock level admin

defaults
    mode http
    timeout connect 5s
    timeout client 1m
    timeout server 1m
    timeout check 500ms
    option httpchk GET /health HTTP/1.1
    default-server inter 1s fastinter 200ms fall 2 rise 1 check

mailers local
    timeout mail 20s
    mailer smtp1 192.168.0.1:587
    mailer smtp2 [2001:db8::1]:25

frontend www
    bind 10.0.0.1:80,:8080-8081 name public
    default_backend servers

backend servers
    option log-health-checks
    email-alert mailers local
    email-alert from "haproxy@example.com"
    email-alert to admin@example.com
    email-alert level notice
    server web1 10.0.0.2:80
    server web2 10.0.0.3:8080 backup weight 10 id 7 port 81 init-state down
    server-template t 2-3 10.0.0.9:80 no-check disabled
`,
  )

  test('has no errors', () => {
    expect(config.diagnostics).toEqual([])
    expect(config.failed).toBe(false)
  })

  test('has its global settings', () => {
    expect(config.global).toMatchObject({ nbthread: 2, logTag: 'haproxy', spreadChecks: 0, maxconn: undefined })
    expect(config.global.logs).toMatchObject([
      { target: { family: 'stdout' }, format: 'raw', facility: 'local0', level: 6, minLevel: 0, maxLength: 1024 },
    ])
    expect(config.global.lua.loads).toEqual([
      {
        file: 'mailers.lua',
        name: 'mailers.lua',
        path: 'mailers.lua',
        directory: '',
        args: ['a', 'b c'],
        perThread: false,
        proxiesBefore: 0,
        variablesBefore: 0,
        logsBefore: true,
        place: { file: 'haproxy.cfg', line: 3 },
        env: expect.any(Map) as unknown,
      },
    ])
    expect(config.global.statsSockets).toMatchObject([
      { level: 'admin', bind: { address: { family: 'unix', path: '/tmp/haproxy.sock' } } },
    ])
  })

  test('has its mailers', () => {
    expect(config.mailers).toMatchObject([
      {
        name: 'local',
        timeoutMail: 20 * S,
        mailers: [
          { name: 'smtp1', address: { family: 'ipv4', ip: '192.168.0.1', port: 587 } },
          { name: 'smtp2', address: { family: 'ipv6', ip: '2001:db8::1', port: 25 } },
        ],
      },
    ])
  })

  // the frontend of the runtime API is number 1
  test('has its proxies, numbered', () => {
    expect(config.proxies.map(({ name, kind, uuid, mode }) => [name, kind, uuid, mode])).toEqual([
      ['www', 'frontend', 2, 'http'],
      ['servers', 'backend', 3, 'http'],
    ])
    const [www, servers] = config.proxies
    expect(www!.binds.map(({ address, name }) => [address, name])).toEqual([
      [{ family: 'ipv4', ip: '10.0.0.1', port: 80 }, 'public'],
      [{ family: 'ipv4', ip: '0.0.0.0', port: 8080 }, 'public'],
      [{ family: 'ipv4', ip: '0.0.0.0', port: 8081 }, 'public'],
    ])
    expect(www).toMatchObject({ defaultBackend: 'servers', options: new Set() })
    expect(servers!.timeouts).toMatchObject({ connect: 5 * S, server: 60 * S, check: 500 * MS, queue: undefined })
    expect(servers).toMatchObject({
      options: new Set(['log-health-checks']),
      balance: { algorithm: 'roundrobin' },
      retries: 3,
      healthCheck: expect.objectContaining({
        kind: 'http',
        rules: [
          expect.objectContaining({ action: 'connect', implicit: true }),
          expect.objectContaining({ action: 'http-send', method: 'GET', uri: '/health', version: 'HTTP/1.1' }),
          expect.objectContaining({ action: 'expect', pattern: { type: 'http-status', ranges: [[200, 399]] } }),
        ],
      }) as unknown,
      emailAlert: { from: 'haproxy@example.com', to: 'admin@example.com', level: 5, myhostname: undefined },
    })
    expect(servers!.emailAlert!.mailers).toBe(config.mailers[0])
  })

  test('has its servers', () => {
    const [web1, web2, t2, t3] = config.proxies[1]!.servers
    const check = { enabled: true, inter: S, fastinter: 200 * MS, downinter: 0, rise: 1, fall: 2 }
    expect(web1).toMatchObject({ name: 'web1', puid: 1, weight: 1, backup: false, initState: 'none', check })
    expect(web1!.address).toEqual({ family: 'ipv4', ip: '10.0.0.2', port: 80 })
    expect(web2).toMatchObject({ puid: 7, weight: 10, backup: true, initState: 'down', check: { ...check, port: 81 } })
    expect([t2, t3]).toMatchObject([
      { name: 't2', puid: 3, disabled: true, check: { enabled: false } },
      { name: 't3', puid: 4, disabled: true, check: { enabled: false } },
    ])
  })
})

test('numbers continue after explicit ones', () => {
  // as the real HAProxy's `show stat` has them
  const { proxies } = parse(
    'global\n stats socket /tmp/s\nlisten x\n bind :1\nbackend b\n id 7\n server a 1.1.1.1:80\n server b 1.1.1.1:80 id 9\n server c 1.1.1.1:80\n' +
      ' server-template t 2 1.1.1.1:80\n server d 1.1.1.1:80\nbackend c\nbackend d\n id 3\nbackend e\n',
  )
  expect(proxies.map(({ uuid }) => uuid)).toEqual([2, 7, 4, 3, 6])
  expect(proxies[1]!.servers.map(({ puid }) => puid)).toEqual([1, 9, 3, 4, 5, 6])
})

describe('defaults', () => {
  test('apply to later sections, by position or by name', () => {
    const { proxies } = parse(
      'defaults one\n timeout client 1s\ndefaults two from one\n mode http\nfrontend a from one\n bind :1\nfrontend b from two\n bind :2\n',
    )
    expect(proxies.map(({ mode, timeouts }) => [mode, timeouts.client])).toEqual([
      ['tcp', S],
      ['http', S],
    ])
  })

  test('are not changed by sections that use them', () => {
    const { proxies } = parse(
      'defaults\n timeout connect 1s\n timeout server 1s\n option log-health-checks\n default-server weight 5\n' +
        'backend a\n no option log-health-checks\n default-server weight 6\n server s 1.1.1.1:1\n timeout server 2s\n' +
        'backend b\n server s 1.1.1.1:1\n',
    )
    expect(
      proxies.map((each) => [each.options.has('log-health-checks'), each.servers[0]!.weight, each.timeouts.server]),
    ).toEqual([
      [false, 6, 2 * S],
      [true, 5, S],
    ])
  })
})

describe('the request of HTTP checks', () => {
  // the requests that the real HAProxy sent for these lines
  test.for([
    ['option httpchk GET /a HTTP/1.1', '', 'GET /a HTTP/1.1', []],
    ['option httpchk GET /a HTTP/1.1', 'http-check send hdr Host x', 'OPTIONS / HTTP/1.0', [['Host', 'x']]],
    [
      'option httpchk GET /a HTTP/1.1',
      'http-check send meth HEAD uri /z hdr Host x\n option httpchk /y',
      'HEAD /y HTTP/1.0',
      [['Host', 'x']],
    ],
    [
      'option httpchk GET /a HTTP/1.1',
      'option httpchk /y\n http-check send meth PUT hdr Host x',
      'PUT /y HTTP/1.0',
      [['Host', 'x']],
    ],
    ['option httpchk GET /a HTTP/1.1\n http-check send meth HEAD hdr Host x', '', 'HEAD /a HTTP/1.1', [['Host', 'x']]],
    [
      'option httpchk GET /a HTTP/1.1\n http-check send meth HEAD hdr Host x',
      'option httpchk',
      'OPTIONS / HTTP/1.0',
      [],
    ],
    ['', 'option httpchk POST /q HTTP/1.1 foo.host', 'POST /q HTTP/1.1', [['host', 'foo.host']]],
    ['', 'option httpchk\n option httpchk GET /w\n http-check send hdr A b', 'GET /w HTTP/1.0', [['A', 'b']]],
  ])('defaults %j, backend %j', ([inherited, own, request, headers]) => {
    const { proxies } = parse(`defaults\n ${inherited as string}\nbackend b\n ${own as string}\n`)
    const check = proxies[0]!.healthCheck
    if (check.kind !== 'http') throw new Error('no HTTP check')
    const sent = check.rules.find((rule) => rule.action === 'http-send')!
    const { method = 'OPTIONS', uri = '/', version = 'HTTP/1.0' } = sent
    expect(`${method} ${uri as string} ${version}`).toBe(request)
    expect(sent.headers.map(({ name, value }) => [name, value])).toEqual(
      (headers as string[][]).map(([name, value]) => [name, literalFormat(value!)]),
    )
  })

  test('are replaced by a plain check', () => {
    expect(parse('backend b\n option httpchk\n option tcp-check\n').proxies[0]!.healthCheck.kind).toBe('tcp')
  })
})

describe('what hapsim does not emulate', () => {
  test('causes a separate warning and is not an error', () => {
    const config = parse(
      'backend b\n compression algo gzip\n server s 1.1.1.1:80 ssl verify none curves X25519 sni str(x)\n timeout connect 1s\n timeout server 1s\n',
    )
    expect(config.failed).toBe(false)
    expect(config.diagnostics.map(({ severity, fromHapsim, text }) => [severity, fromHapsim, text])).toEqual([
      [
        'warning',
        true,
        "config : parsing [haproxy.cfg:2] : 'compression' is known to HAProxy but not emulated by hapsim yet: ignored.",
      ],
      [
        'warning',
        true,
        "config : parsing [haproxy.cfg:3] : 'curves' of 'server' is known to HAProxy but not emulated by hapsim yet: ignored.",
      ],
    ])
  })

  test('causes one warning for a whole section', () => {
    const config = parse('peers p\n peer haproxy 127.0.0.1:53\ncache c\n total-max-size 4\n')
    expect(config.diagnostics.map(({ text }) => text)).toEqual([
      "config : parsing [haproxy.cfg:1] : section 'peers p' is known to HAProxy but not emulated by hapsim yet: ignored.",
      "config : parsing [haproxy.cfg:3] : section 'cache c' is known to HAProxy but not emulated by hapsim yet: ignored.",
    ])
  })

  test('is ignored if it has no visible effect', () => {
    const config = parse(
      'global\n user haproxy\n group haproxy\n daemon\n chroot /var/lib/haproxy\n pidfile /run/x\n ulimit-n 99\n',
    )
    expect(config.diagnostics).toEqual([])
  })
})

describe('the environment', () => {
  test('names are resolved by the given resolver', () => {
    const resolve = (name: string): string[] => (name === 'web.example' ? ['10.1.1.1'] : [])
    const text = 'backend b\n timeout connect 1s\n timeout server 1s\n server s web.example:80\n'
    expect(parse(text, { resolve }).proxies[0]!.servers[0]).toMatchObject({
      address: { family: 'ipv4', ip: '10.1.1.1', port: 80 },
      hostname: 'web.example',
      resolved: true,
    })
    expect(parse(text).failed).toBe(true)
  })

  test('the environment is the given one, as changed by the configuration', () => {
    const config = parse('global\n setenv PORT 81\nbackend "$NAME"\n server s "1.1.1.1:$PORT"\n', {
      env: { NAME: 'mine', PORT: '80', OTHER: 'x' },
    })
    expect(config.proxies[0]).toMatchObject({ name: 'mine', servers: [{ address: { port: 81 } }] })
    expect(Object.fromEntries(config.env)).toMatchObject({
      NAME: 'mine',
      PORT: '81',
      OTHER: 'x',
      HAPROXY_BRANCH: '3.2',
    })
    expect(parse('backend b\n server s "${HOME-1.1.1.1}:80"\n').proxies[0]!.servers).toHaveLength(1)
  })
})

describe('several files', () => {
  test('are parsed in order, each with its own lines', () => {
    const config = parseConfig([
      { name: 'a.cfg', text: 'global\n lua-load one.lua\nbackend b\n' },
      { name: 'b.cfg', text: 'global\n lua-load two.lua\n foo\n' },
    ])
    expect(config.global.lua.loads.map(({ file, proxiesBefore }) => [file, proxiesBefore])).toEqual([
      ['one.lua', 0],
      ['two.lua', 1],
    ])
    expect(config.diagnostics.map(({ text }) => text)).toEqual([
      "config : parsing [b.cfg:3] : unknown keyword 'foo' in 'global' section",
      'config : Error(s) found in configuration file : b.cfg',
      'config : Fatal errors found in configuration.',
    ])
  })
})

test('never throws, for any text', () => {
  const word = fc.constantFrom(
    ...['global', 'defaults', 'frontend', 'backend', 'listen', 'mailers', 'from', 'a', 'b', '""', '#', '"', "'", '\\'],
    ...['server', 'default-server', 'server-template', 'bind', ':80', '1.1.1.1:80', 'check', 'inter', '3s', 'id', '7'],
    ...['option', 'httpchk', 'http-check', 'send', 'hdr', 'log', 'global', 'stdout', 'local0', 'stats', 'socket', 'no'],
    ...['timeout', 'mail', 'client', 'email-alert', 'mailers', 'level', 'mailer', '.if', '.else', '.endif', 'streq(a,'],
    ...[
      'lua-load',
      'x.lua',
      'setenv',
      'A',
      '"${A[*]}"',
      'mode',
      'http',
      'balance',
      'track',
      'cookie',
      'disabled',
      'zz',
    ],
  )
  const line = fc.array(word, { maxLength: 7 }).map((list) => list.join(' '))
  const property = fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
    const config = parse(`${lines.join('\n')}\n`)
    for (const proxy of config.proxies) JSON.stringify(proxy.servers)
  })
  fc.assert(property, { numRuns: 500 })
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parse(text)))
})
