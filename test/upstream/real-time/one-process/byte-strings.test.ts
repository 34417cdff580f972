/**
 * Bytes that are no UTF-8, beside the real HAProxy: in configurations, the environment, maps, commands, scripts, logs, checks and mails.
 * Texts here have a character for each byte: `é` in UTF-8 is `\xc3\xa9`.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodeText, fromByteString } from '../../../../src/bytes/text.js'
import { Simulation, type Haproxy } from '../../../../src/sim/index.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { serveReal, serveSimulated, type Peer } from '../../../support/peers.js'
import { PLAYER, RealHaproxy } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

const SCRIPT = String.raw`
core.register_cli({"bytes"}, "", function(applet, ...)
  applet:send("[" .. table.concat({...}, "|") .. "]\n")
  for _, piece in ipairs{"a\xff\xc3", "\x28b \xc3", "\xa9\n"} do applet:send(piece) end
end)
core.register_cli({"lines"}, "", function(applet)
  applet:send("<" .. applet:getline() .. ">")
  applet:send("<" .. applet:receive(3) .. ">\n")
end)
core.register_cli({"environment"}, "", function(applet) applet:send(os.getenv("OUTER") .. "\n") end)
local map = Map.new("pairs.map", Map._str)
core.register_cli({"lookup"}, "", function(applet, _, key) applet:send(tostring(map:lookup(key)) .. "\n") end)
core.register_cli({"print"}, "", function(applet, _, text)
  print("print caf\xc3\xa9 \xff " .. text)
  io.write("write \xe9 ", text, "\n")
  core.log(core.warning, "log caf\xc3\xa9 \xff " .. text)
  local file = io.open("latin1.txt", "rb")
  print("file " .. file:read("a"))
  file:close()
end)
core.register_cli({"fail"}, "", function(applet, _, text) error("caf\xc3\xa9 \xff " .. text) end)
core.register_cli({"b\xe9"}, "", function(applet) applet:send("a name in Latin-1\n") end)
core.register_cli({"connect"}, "", function(applet, _, port)
  local socket = core.tcp()
  socket:connect("127.0.0.1", port)
  socket:send("caf\xc3\xa9 \xff\n")
  applet:send(socket:receive("*l") .. "\n")
  socket:close()
end)
print("end")
`

const FILES: Readonly<Record<string, string>> = {
  'bytes.lua': SCRIPT,
  'latin1.txt': 'h\xe9 \xff\xfe',
  'pairs.map': 'caf\xc3\xa9 one \xff\n\xff\xfe latin\xe9\n# \xff\n\xef\xbb\xbfbom x\n\xe9t\xe9 v\n',
  'patterns.map': '^caf..$ two\n^.$ one\n',
  'substrings.map': '\xa9 second\n',
  'folded.map': '\xc9T\xc9 upper\nABC\xc3\x89 mixed\n',
  'folded.acl': '\xc9T\xc9\nABC\xc3\x89\n',
  'two.acl': '\xe9\xe9\n\xc3\xa9\n',
}

const CONFIG = `global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    description "d\xe9sc \xc3\xa9 \\xff \\xc3\\xa9 '\xe9\\xe9'"
    setenv INNER "\${OUTER} \xff \xc3\xa9"
    lua-load bytes.lua
defaults
    mode http
    timeout connect 1s
    timeout client 10s
    timeout server 10s
frontend f
    bind unix@@DIR@/fe.sock
    acl a hdr(host) -f two.acl
    acl b hdr(host) -m len 2
    acl c hdr(host) -m bin c3a9
    http-request set-header X %[hdr(host),map_reg(patterns.map)] if a
    http-request set-header X %[hdr(host),map_sub(substrings.map)] if b
    http-request set-header X %[hdr(host),map_str(folded.map)] if c { hdr(host) -i -f folded.acl }
`

const COMMANDS = [
  ...['bytes \xff\xfe caf\xc3\xa9 \xc3', 'lines\nab\xc3\xa9\xff\n\xc3\xa9\xe9x', 'environment', 'b\xe9', 'print \xfe'],
  ...[
    'lookup caf\xc3\xa9',
    'lookup \xff\xfe',
    'lookup bom',
    'lookup \xef\xbb\xbfbom',
    'fail \xfe',
    '\xff\xfe',
    'show map',
  ],
  ...[
    'show map pairs.map',
    'get map pairs.map \xff\xfe',
    'add map pairs.map caf\xe9 v\xe9',
    'set map pairs.map \xff\xfe \xfd',
  ],
  ...['add map pairs.map <<\nk\xff v\xfe\nk\xc3\xa9 x\n\n', 'show map pairs.map', 'del map pairs.map caf\xe9'],
  ...['get map patterns.map caf\xc3\xa9', 'get map patterns.map \xc3\xa9', 'get map patterns.map \xe9'],
  ...[
    'get map substrings.map caf\xc3\xa9',
    'get map substrings.map \xc3',
    'get acl two.acl \xe9\xe9',
    'get acl two.acl \xe9',
  ],
  ...[
    'get map folded.map \xc9T\xc9',
    'get acl folded.acl \xc9t\xc9',
    'get acl folded.acl \xe9t\xe9',
    'get acl folded.acl abc\xc3\x89',
    'get acl folded.acl abc\xc3\xa9',
  ],
  ...['add map pairs.map <<\xe9nd\na\xff b\n\xe9nd\n', 'get map pairs.map a\xff', 'show env INNER', 'show env OUTER'],
  ...['set server \xff/\xe9 state maint', 'show servers state \xe9', 'disable frontend \xe9', 'get weight \xe9/\xff'],
]

const OUTER = fromByteString('o\xffuter \xc3\xa9 \xe9')

/** Bytes as their numbers. */
const named = (text: string): string =>
  text.replace(/[^ -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** Addresses of entries. */
const comparable = (text: string): string => text.replaceAll(/0x[0-9a-f]{6,}/g, 'ADDRESS')

describeUpstream('byte strings', () => {
  let real: RealHaproxy
  let sim: Simulation
  let ours: Haproxy
  beforeAll(async () => {
    const files = Object.fromEntries(Object.entries(FILES).map(([name, content]) => [name, fromByteString(content)]))
    // Node cannot put such bytes in an environment
    const program = join(temporaryFolder('environment'), 'haproxy')
    writeFileSync(program, encodeText(`#!/bin/sh\nOUTER='${OUTER}' exec ${PLAYER} "$@"\n`), { mode: 0o755 })
    real = await RealHaproxy.start(fromByteString(CONFIG), files, program)
    sim = new Simulation()
    ours = sim.haproxy({
      config: fromByteString(CONFIG).replaceAll('@DIR@', '/run'),
      files,
      directory: false,
      machine: { environment: { OUTER } },
    })
    ours.start()
    sim.advance('1ms')
  })
  afterAll(() => real.stop())

  it.each(COMMANDS.map((command) => [named(command), command] as const))(
    'are preserved by commands and their responses: %s',
    async (_, command) => {
      const theirs = await real.cli(fromByteString(command))
      const answer = ours.cli(fromByteString(command))
      sim.advance('1ms')
      expect(comparable(answer)).toBe(comparable(theirs))
    },
  )

  it('are printed, logged and reported unchanged', async () => {
    const text = fromByteString('caf\xc3\xa9 \xff \xfe')
    await real.until(() => real.hasReported(`runtime error: bytes.lua:21: ${text}`))
    expect(ours.output).toEqual(real.output.filter((line) => !isLogged(line)))
    expect(ours.logs.map(({ message }) => message)).toEqual(real.output.filter(isLogged))
    expect(ours.messages.map(({ text }) => text).filter((line) => line.includes('Lua cli'))).toEqual(
      real.messages.filter((line) => line.includes('Lua cli')).map((line) => line.replace(/^ALERT /, '')),
    )
  })

  it('are preserved by sockets of scripts', async () => {
    const peer: Peer = { says: ['', '\xff \xc3\xa9 \xfe\r\n'], then: 'close' }
    let heard = ''
    const server = await new RealServer(serveReal(peer, (bytes) => (heard += bytes))).up()
    try {
      const theirs = await real.cli(`connect ${server.port}`)
      const simulated = sim.tcp(`127.0.0.1:${server.port}`)
      serveSimulated(sim, simulated, peer)
      expect(ours.cli(`connect ${server.port}`)).toBe(theirs)
      expect(theirs).toBe(fromByteString('\xff \xc3\xa9 \xfe\n\n'))
      expect(simulated.received).toBe(heard)
      expect(heard).toBe('caf\xc3\xa9 \xff\n')
    } finally {
      await server.down()
    }
  })
})

const isLogged = (line: string): boolean =>
  line.startsWith('caf..') || line.startsWith('log ') || line.startsWith('Lua cli')

const CHECKS = (port: number, mailPort: number) => `
global
    log stdout format raw local0
    stats socket unix@sock level admin
    max-spread-checks 1ms
mailers m
    mailer one 127.0.0.1:${mailPort}
    timeout mail 500ms
backend be1
    mode tcp
    log global
    timeout connect 1s
    timeout server 5s
    option log-health-checks
    option tcp-check
    tcp-check connect comment "caf\xc3\xa9 \xe9"
    tcp-check expect rstring '^caf.. \xff.$' comment "\xc3\xa9 \xff"
    tcp-check send "\xe9\xc3\xa9\\n" comment "\xe9"
    tcp-check expect string "\xfe\xc3\xa9" comment "\xe9 at last"
    email-alert mailers m
    email-alert from "caf\xc3\xa9@\xe9"
    email-alert to "\xff@example.com"
    email-alert level info
    email-alert myhostname "\xe9.example"
    server s1 127.0.0.1:${port} check inter 60s fall 1
`

const MAIL_SERVER: Peer = {
  says: ['220 hi\r\n', '250 ok\r\n', '250 ok\r\n', '250 ok\r\n', '354 go\r\n', '250 taken\r\n', '221 bye\r\n'],
}

describeUpstream('byte strings of checks and of the built-in mailer', () => {
  it.each([
    ['that pass', { says: ['caf\xc3\xa9 \xff\xe9', '\xfe\xc3\xa9'] }],
    ['that fail', { says: ['caf\xc3\xa9 \xff\xe9', '\xff\xc3\xa9\r\n'], then: 'close' }],
    ['that fail at once', { says: ['caf\xe9 \xff\r\n'], then: 'close' }],
  ] as const)('%s', async (_, peer: Peer) => {
    let [hasReported, mailed] = ['', '']
    const server = await new RealServer(serveReal(peer, (bytes) => (hasReported += bytes))).up()
    const mail = await new RealServer(serveReal(MAIL_SERVER, (bytes) => (mailed += bytes))).up()
    const config = fromByteString(CHECKS(server.port, mail.port))
    const sim = new Simulation()
    const [simulated, mailbox] = [server.port, mail.port].map((port) => sim.tcp(`127.0.0.1:${port}`))
    serveSimulated(sim, simulated!, peer)
    serveSimulated(sim, mailbox!, MAIL_SERVER)
    const ours = sim.haproxy({ config })
    ours.start()
    sim.advance('3s')
    const real = await RealHaproxy.start(config)
    try {
      const plain = (text: string) => text.replace(/^Date: .*$/gm, 'Date:').replace(/duration: \d+ms/g, 'duration: Nms')
      await real.until(() => mailed.split('QUIT').length === mailbox!.received.split('QUIT').length)
      expect(plain(mailbox!.received)).toBe(plain(mailed))
      expect(simulated!.received).toBe(hasReported)
      expect(ours.logs.map(({ message }) => plain(message))).toEqual(real.output.map(plain))
    } finally {
      await Promise.all([real.stop(), server.down(), mail.down()])
    }
  })
})
