/** Addresses that the real HAProxy takes and refuses, and what it says, on `bind`, `server` and `mailer` lines. */
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress, type AddressOptions } from '../../../src/net/address.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const upstream = process.env['HAPSIM_UPSTREAM'] ?? join(homedir(), '.cache', 'hapsim-upstream')
const binary = join(upstream, 'haproxy')
const present = existsSync(binary)
if (!present) console.warn(`SKIPPED: addresses are not compared with the real HAProxy, as ${binary} is not there`)

const long = (count: number) => 'x'.repeat(count)

const TEXTS = [
  ...['10.0.0.1', '10.0.0.1:80', '10.0.0.1:+10', '10.0.0.1:-10', '10.0.0.1:80-90', ':80', '*:80', '[::1]:80', '::1:25'],
  ...[
    '::1',
    '[::1]',
    '[::1]80',
    'ipv4@::1:80',
    'ipv6@1.2.3.4:80',
    'unix@foo',
    '/tmp/x',
    'abns@foo',
    'abnsz@foo',
    'fd@1',
  ],
  ...['fd@99', 'sockpair@1', 'sockpair@99', 'fd@-1', 'fd@x', 'fd@', 'fd@1x', 'sockpair@', 'udp@1.2.3.4:80'],
  ...['mptcp@1.2.3.4:80', 'mptcp4@1.2.3.4:80', 'mptcp6@::1:80', 'stream+1.2.3.4:80', 'dgram+1.2.3.4:80'],
  ...[
    '1.2.3.4:99999',
    '1.2.3.4:8a',
    '1.2.3.4:a',
    '1.2.3.4:90-80',
    '1.2.3.4:+x',
    'nosuch.invalid:80',
    'rhttp@x',
    'rev@',
  ],
  ...['ip@1.2.3.4:80', 'tcp4@1.2.3.4:80', 'udp6@::1:4', 'uxst@/x', 'uxdg@/x', '1.2.3:80', '01.2.3.4:80'],
  ...['::ffff:1.2.3.4:80', 'fe80::1%eth0:80', '999.1.1.1:80', 'localhost:80', '10.0.0.1:0', '10.0.0.1:'],
  ...['xyz@1.2.3.4:80', 'a b:80', 'quic@1.2.3.4:80', 'abns@', 'unix@', '[1.2.3.4]:80', '[localhost]:80', '[]:80'],
  ...['ipv4@*:80', 'ipv6@*:80', 'ipv6@:80', 'ipv4@[::]:80', '1.2.3.4:80-', '1.2.3.4:+', '1.2.3.4:-', '1.2.3.4:0-5'],
  ...[
    '1.2.3.4:80--5',
    '1.2.3.4:80- 90',
    '1.2.3.4:80-+90',
    '1.2.3.4:+ 5',
    '1.2.3.4:80-90-100',
    '1.2.3.4:65536',
    '::',
    ':',
  ],
  ...[`abns@${long(107)}`, `abns@${long(108)}`, `abnsz@${long(107)}`, `abnsz@${long(108)}`],
  ...[`unix@${long(97)}`, `unix@${long(98)}`, `/${long(96)}`, `/${long(97)}`, `[${'0'.repeat(60)}]:80`],
]

/** Parts put together at random; none is a name that a resolver would have to look for. */
const PREFIXES = [
  '',
  '',
  '',
  'ip@',
  'ipv4@',
  'ipv6@',
  'tcp@',
  'tcp6@',
  'udp4@',
  'mptcp@',
  'stream+',
  'dgram+ipv6@',
  'stream+udp@',
]
const HOSTS = [
  '',
  '*',
  '::',
  '::1',
  '[::1]',
  '[::]',
  '1.2.3.4',
  '[1.2.3.4]',
  '::ffff:1.2.3.4',
  '1::2::3',
  '[*]',
  '[::1',
  '::1]',
  ':',
]
const PORTS = [
  '',
  ':',
  ':0',
  ':1',
  ':80',
  ':080',
  ':65535',
  ':65536',
  ':1-2',
  ':2-1',
  ':1-',
  ':1-x',
  ':+1',
  ':-1',
  ':+x',
  ':x',
  ':1 ',
  ':-',
]
const random = fc
  .tuple(...[PREFIXES, HOSTS, PORTS].map((list) => fc.constantFrom(...list)))
  .map((parts) => parts.join(''))

const resolve = (name: string): string[] => (name === 'localhost' ? ['127.0.0.1'] : [])

/** What each statement takes, and how HAProxy begins its complaints about it. */
const STATEMENTS: Record<string, { line: string; complaint: string; section: string; options: AddressOptions }> = {
  bind: {
    section: 'listen l#',
    line: 'bind',
    complaint: "'bind' : ",
    options: { portMandatory: true, portRange: true, descriptor: 'socket', resolve },
  },
  server: {
    section: 'listen l#',
    line: 'server s',
    complaint: "'server l#/s' : ",
    options: { portOk: true, portOffset: true, sockets: 'stream or datagram', allowUnresolved: true },
  },
  mailer: {
    section: 'mailers l#',
    line: 'mailer s',
    complaint: "'mailer s' : ",
    options: { portMandatory: true, resolve },
  },
}

/** What the statement itself says, or what comes later, is not about the form of an address. */
const NOT_OF_THE_FORMAT = /^(?:TCP not supported|QUIC protocol is unsupported|could not resolve)/

/** What HAProxy has against each text, in its words. It stops at 50 errors, so it gets fewer at a time. */
const askAll = (texts: readonly string[], statement: (typeof STATEMENTS)[string]): (string | undefined)[] =>
  Array.from({ length: Math.ceil(texts.length / 40) }, (_, i) => texts.slice(i * 40, i * 40 + 40)).flatMap((part) =>
    ask(part, statement),
  )

const ask = (texts: readonly string[], statement: (typeof STATEMENTS)[string]): (string | undefined)[] => {
  const folder = temporaryFolder('address')
  try {
    const blocks = texts.map((text, i) => `${statement.section.replace('#', `${i}`)}\n ${statement.line} "${text}"\n`)
    const defaults = 'defaults\n mode tcp\n timeout connect 1s\n timeout client 1s\n timeout server 1s\n'
    writeFileSync(join(folder, 'x.cfg'), defaults + blocks.join(''))
    // Files, as Node's pipes are sockets, which `fd@1` would take
    const output = openSync(join(folder, 'output'), 'w')
    spawnSync(binary, ['-c', '-f', 'x.cfg'], { cwd: folder, stdio: ['ignore', output, output] })
    closeSync(output)
    const stderr = readFileSync(join(folder, 'output'), 'utf8')
    const complaints = new Map<number, string>()
    for (const [, line, message] of stderr.matchAll(/^\[ALERT\].*?\[x\.cfg:(\d+)\] : (.*)$/gm)) {
      const index = (Number(line) - 5) / 2 - 1
      const start = statement.complaint.replace('#', `${index}`)
      if (message!.startsWith(start)) complaints.set(index, message!.slice(start.length))
    }
    return texts
      .map((_, i) => complaints.get(i))
      .map((text) => (text && NOT_OF_THE_FORMAT.test(text) ? undefined : text))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(!present)('addresses are taken and refused as the real HAProxy does', () => {
  it.each(Object.entries(STATEMENTS))('on a %s line', (_, statement) => {
    const texts = [...TEXTS, ...fc.sample(random, { numRuns: 600, seed: 1 })].filter((text) => text !== '')
    const ours = texts.map((text) => {
      const result = parseAddress(text, statement.options)
      return 'error' in result ? result.error : undefined
    })
    const theirs = askAll(texts, statement)
    expect(texts.map((text, i) => [text, ours[i]])).toEqual(texts.map((text, i) => [text, theirs[i]]))
    expect(theirs.filter((text) => text === undefined).length).toBeGreaterThan(50)
    expect(theirs.filter((text) => text !== undefined).length).toBeGreaterThan(50)
  })
})
