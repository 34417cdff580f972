/** Checks and `connect_ssl` in TLS: the real HAProxy and `hapsim-haproxy` before the same real servers find and say the same. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { OURS } from '../../support/programs.js'
import { RealCertificates } from '../../../support/certificates.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { TlsServers } from '../../support/tls-servers.js'
import { describeUpstream } from '../../support/upstream.js'

const NAMES =
  'good wrong wild expired revoked self tls12 h2 asks asks12 closes hangs closed closesOnHello resetsOnHello plain greets ' +
  'alerts stops garbles trickles nobody'

const each = (settings: string): string[] =>
  NAMES.split(' ').map((name) => `server ${name} 127.0.0.1:${name} ${settings}`)

const BACKENDS: Readonly<Record<string, readonly string[]>> = {
  unverified: each('check-ssl verify none'),
  verified: each('check-ssl verify required ca-file @/ca.pem'),
  named: each('check-ssl verify required ca-file @/ca.pem verifyhost example.com'),
  // Node looks at a certificate once the handshake is done: a server that ends it first is another finding
  asked: each('check-ssl verify required ca-file @/ca.pem check-sni www.example.com').filter(
    (line) => !line.startsWith('server asks12'),
  ),
  revoking: each('check-ssl verify required ca-file @/ca.pem crl-file @/crl.pem'),
  http: ['option httpchk', ...each('ssl verify none')],
  rules: [
    'option tcp-check',
    'tcp-check connect ssl sni example.com',
    'tcp-check send GET\\r\\n\\r\\n',
    'tcp-check expect string 200',
    ...each('verify required ca-file @/ca.pem'),
  ],
  single: [
    'server minimum 127.0.0.1:tls12 ssl verify none ssl-min-ver TLSv1.3',
    'server forced 127.0.0.1:good ssl verify none force-tlsv12',
    'server protocol 127.0.0.1:h2 ssl verify none check-alpn http/1.1',
    'server own 127.0.0.1:asks ssl verify none crt @/good.pem',
    'server own12 127.0.0.1:asks12 ssl verify none crt @/good.pem',
    'server proxy 127.0.0.1:good ssl verify none send-proxy',
    'server checkproxy 127.0.0.1:good check-ssl verify none check-send-proxy',
    'server traffic 127.0.0.1:plain ssl verify none no-check-ssl',
    'server agent 127.0.0.1:good ssl verify none agent-check agent-port %agent',
    'server system 127.0.0.1:good ssl verify required ca-file @system-ca',
    'server sni 127.0.0.1:wrong ssl verify required ca-file @/ca.pem sni str(example.com)',
  ],
}

const config = (servers: TlsServers): string =>
  servers
    .fill(
      `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    max-spread-checks 3s
defaults
    mode tcp
    log global
    option log-health-checks
    timeout connect 8s
    timeout client 1s
    timeout server 1s
    timeout check 8s
    default-server check inter 60s fall 1 rise 1
` +
        Object.entries(BACKENDS)
          .map(([name, lines]) => [`backend ${name}`, ...lines].join('\n    ') + '\n')
          .join(''),
    )
    .replaceAll('%agent', String(servers.ports['agent']))
    .replaceAll(' @/', ` ${servers.certificates.folder}/`)

const SCRIPT = `
local timeout = 3
local function try(name, address, port)
  local socket = core.tcp()
  socket:settimeout(timeout)
  local from = core.now()
  local ok, message = socket:connect_ssl(address, port)
  local now = core.now()
  local took = now.sec - from.sec + (now.usec - from.usec) / 1000000
  print(name, "connect", ok, message, took >= timeout and "in vain" or "in time", socket:getpeername() ~= nil)
  print(name, "send", socket:send("GET / HTTP/1.0\\r\\n\\r\\n"))
  print(name, "receive", socket:receive("*l"))
  socket:close()
end
local left = 0
local function begin(...)
  local args = table.pack(...)
  left = left + 1
  core.register_task(function()
    core.msleep(100)
    local ok, message = pcall(try, table.unpack(args, 1, args.n))
    if not ok then print(args[1], message) end
    left = left - 1
    if left == 0 then print("done") end
  end)
end
TASKS
begin("missing", "127.0.0.1:1")
begin("no number", "127.0.0.1", "x")
begin("text", "127.0.0.1", "PORT")
begin("unknown path", "unix@/nowhere/sock", 0)
begin("name", "not a name", 1)
`

/** A reset that the real one sees before it reads is reported with the system's error text. */
const settled = (text: string): string =>
  /Layer6/.test(text)
    ? text.replace('ECONNRESET returned by OS (Connection reset by peer)', 'SSL handshake failure')
    : text

/** What came of the first check of each server. */
const findings = (output: readonly string[]): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const line of output) {
    const [, what, server, rest] = /^(Health|Agent) check for server (\S+) (.*)$/.exec(line) ?? []
    if (server !== undefined) found[`${what} ${server}`] ??= settled(rest!.replace(/duration: \d+ms/, 'duration: N'))
  }
  return found
}

/** The columns of `show stat` that say what checks found. */
const statistics = (answer: string): string[] => {
  const [head = '', ...rows] = answer.trim().replace(/^# /, '').split('\n')
  const columns = ['pxname', 'svname', 'status', 'check_status', 'check_desc', 'last_chk'].map((name) =>
    head.split(',').indexOf(name),
  )
  return rows.map((row) => settled(columns.map((column) => row.split(',')[column]).join(',')))
}

beforeAll(build, 60_000)

describeUpstream('TLS on real sockets', () => {
  const certificates = new RealCertificates()
  const servers = new TlsServers(certificates)

  beforeAll(() => servers.open())
  afterAll(async () => {
    await servers.close()
    certificates.remove()
  })

  it('checks have the same results as those of the real HAProxy', async () => {
    const expected =
      Object.values(BACKENDS)
        .flat()
        .filter((line) => line.startsWith('server')).length + 1
    const [real, live] = await Promise.all([
      RealHaproxy.start(config(servers)),
      RealHaproxy.start(config(servers), {}, OURS),
    ])
    try {
      const all = (output: readonly string[]) => () => Object.keys(findings(output)).length >= expected
      await Promise.all([real.until(all(real.output)), live.until(all(live.output))])
      expect(findings(live.output)).toEqual(findings(real.output))
      expect(statistics(await live.cli('show stat'))).toEqual(statistics(await real.cli('show stat')))
    } finally {
      await Promise.all([real.stop(), live.stop()])
    }
  })

  it('connect_ssl has the same results as in the real HAProxy', async () => {
    const tasks = NAMES.split(' ').map((name) => `begin("${name}", "127.0.0.1", ${servers.ports[name]})`)
    const script = SCRIPT.replace('TASKS', tasks.join('\n')).replace('PORT', String(servers.ports['good']))
    const text =
      'global\n stats socket unix@@DIR@/sock\n nbthread 1\n tune.lua.bool-sample-conversion normal\n lua-load @DIR@/a.lua\n'
    const [real, live] = await Promise.all([
      RealHaproxy.start(text, { 'a.lua': script }),
      RealHaproxy.start(text, { 'a.lua': script }, OURS),
    ])
    try {
      const isDone = (output: readonly string[]) => () => output.includes('done')
      // a server that never answers is tried four times
      await Promise.all([real, live].map((each) => each.until(isDone(each.output), 50_000)))
      const sorted = (output: readonly string[]) => output.map((line) => line.replace(/\/\S+\/a\.lua/, 'a.lua')).sort()
      expect(sorted(live.output)).toEqual(sorted(real.output))
    } finally {
      await Promise.all([real.stop(), live.stop()])
    }
  })
})
