/** Maps and ACL files, in the runtime API and in Lua's Map and Patref, beside the real HAProxy. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const config = `global
    stats socket @DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load patterns.lua
defaults
    mode http
    timeout connect 1s
    timeout client 10s
    timeout server 10s
frontend f
    bind unix@@DIR@/fe.sock
    acl a hdr(host) -f hosts.acl
    acl b hdr(host) -m beg -i -f hosts.acl
    acl c src 1.2.3.4 10.0.0.0/8
    acl d hdr(host) -m sub -f virt@v.acl
    acl e src_port gt 1024
    http-request deny if { path_beg -i /admin /private }
    http-request set-header X %[src,map_ip(nets.map)]
    http-request set-header X %[hdr(host),map(hosts.map,def)]
    http-request set-header X %[hdr(host),map_beg(opt@none.map)]
    http-request set-header X %[hdr(host),map_end(virt@ends)]
    http-request set-header X %[hdr(host),map_sub(virt@subs)]
    http-request set-header X %[path,map_dir(virt@dirs)]
    http-request set-header X %[hdr(host),map_dom(virt@doms)]
    http-request set-header X %[hdr(host),map_reg(virt@regs)]
    http-request set-header X %[src_port,map_int(virt@ranges)]
    http-request set-header X %[hdr(host),map_str_int(virt@ints)]
    http-request set-header X %[hdr(host),map_str_ip(virt@ips)]
    use_backend %[hdr(host),map(hosts.map,be)]
backend be
`

const files = {
  'patterns.lua': readFileSync(new URL('../../fixtures/patterns.lua', import.meta.url), 'utf8'),
  'hosts.map': 'a.com va\n  b.com   vb  x  \n#c\n\na.com dup\nnoval\nc.com\tvc\r\n',
  'nets.map':
    '10.0.0.0/8 net10\n10.1.0.0/16 net101\n::1 six\n1.2.3.4 host\n2001:db8::/32 doc\n10.9.0.9/255.0.255.0 holes\n',
  'hosts.acl': 'one\n two words \n#no\n\nOne\n',
}

const COMMANDS = [
  ...['show map', 'show acl', 'show map hosts.map', 'show map file@hosts.map', 'show map #0', 'show acl hosts.acl'],
  ...['show map nope', 'show acl hosts.map', 'show map -1', 'show map #', 'show map #x', 'show acl #4'],
  ...['get map', 'get map hosts.map', 'get map nope x', 'get acl', 'get acl nope x', 'get map hosts.map a.com'],
  ...['get map hosts.map zzz', 'get map nets.map 10.1.2.3', 'get map nets.map 10.2.2.3', 'get map nets.map ::1'],
  ...[
    'get map nets.map ::ffff:10.1.2.3',
    'get map nets.map 11.9.7.9',
    'get map nets.map 2001:db8::5',
    'get map nets.map x',
  ],
  ...['get acl hosts.acl one', 'get acl hosts.acl oNe2', 'get acl hosts.acl none', 'get acl #0 x'],
  ...['add map hosts.map k1 v1;add map hosts.map k1 v2', 'show map hosts.map', 'set map hosts.map k1 v3'],
  ...[
    'show map hosts.map',
    'get map hosts.map k1',
    'del map hosts.map k1',
    'get map hosts.map k1',
    'del map hosts.map k1',
  ],
  ...['add map nets.map zork v', 'add map nets.map 1.1.1.1/33 v', 'add map virt@ints a b', 'add map virt@ints a 5'],
  ...['set map virt@ints a x', 'set map virt@ints a 6', 'get map virt@ints a', 'add map virt@ips a 1.2.3.4'],
  ...['add map virt@ips b x', 'get map virt@ips a', 'add map virt@ips c ::1', 'get map virt@ips c'],
  ...[
    'add map @99 hosts.map a b',
    'add map hosts.map a',
    'add map',
    'add acl',
    'add acl hosts.acl',
    'add acl hosts.map x',
  ],
  ...['add map hosts.acl a b', 'add acl virt@v.acl foo', 'get acl virt@v.acl xfooy', 'get acl virt@v.acl bar'],
  ...['set map', 'set map hosts.map', 'set map hosts.map a', 'set map nope a b', 'set map hosts.map nokey v'],
  ...['set map #99 a b', 'set map hosts.map #0x12 v', 'set map hosts.map #0xzz v', 'del map', 'del map hosts.map'],
  ...[
    'del acl hosts.map a.com',
    'del map hosts.acl one',
    'del acl hosts.acl one',
    'del acl hosts.acl zz',
    'del acl hosts.acl',
  ],
  ...['del map hosts.map #0x12', 'del map hosts.map #0xzz', 'show acl hosts.acl', 'show map'],
  ...[
    'prepare map',
    'prepare map nope',
    'prepare map hosts.map',
    'add map @1 hosts.map new one',
    'get map hosts.map new',
  ],
  ...['show map @1 hosts.map', 'show map @7 hosts.map', 'prepare map hosts.map', 'add map @2 hosts.map newer two'],
  ...['commit map', 'commit map hosts.map', 'commit map @ hosts.map', 'commit map @9 hosts.map', 'commit map @1 nope'],
  ...['commit map @1 hosts.map', 'show map hosts.map', 'show map @2 hosts.map', 'commit map @2 hosts.map'],
  ...['commit map @1 hosts.map', 'show map hosts.map', 'show map', 'clear map @2 hosts.map', 'show map hosts.map'],
  ...['clear map', 'clear map nope', 'clear acl hosts.map', 'clear acl hosts.acl', 'show acl hosts.acl', 'show acl'],
  ...['prepare acl hosts.acl', 'add acl @1 hosts.acl foo', 'commit acl @1 hosts.acl', 'show acl hosts.acl'],
  ...[
    'add map hosts.map <<\na b\nc  d e\n\n',
    'show map hosts.map',
    'add map hosts.map <<\nx y\nz\n\n',
    'show map hosts.map',
  ],
  ...[
    'add acl virt@v.acl x <<\na b\n\n',
    'add map hosts.map <<END\nq r\n\nEND\n',
    'user;show map;add map hosts.map u v',
  ],
  ...[
    'get map none.map x',
    'get map opt@none.map x',
    'add map none.map /a b',
    'get map none.map /abc',
    'add map none.map /ab c',
  ],
  ...['get map none.map /abc', 'add map virt@ends .com c', 'get map virt@ends a.com', 'get map virt@ends com'],
  ...['add map virt@subs oo s', 'get map virt@subs foot', 'get map virt@subs fot', 'add map virt@dirs /img/ d'],
  ...[
    'get map virt@dirs /a/img/x',
    'get map virt@dirs /a/imgs/x',
    'get map virt@dirs /img?x',
    'add map virt@doms .b.com. d',
  ],
  ...[
    'get map virt@doms a.b.com',
    'get map virt@doms ab.com',
    'get map virt@doms b.com:80',
    'add map virt@regs ^[ab]+[0-9]$ r',
  ],
  ...[
    'get map virt@regs aab1',
    'get map virt@regs xaab1',
    'add map virt@ranges 1:5 low',
    'add map virt@ranges 10: high',
  ],
  ...['add map virt@ranges x y', 'add map virt@ranges 9:3 y', 'add map virt@ranges -7 z', 'get map virt@ranges 3'],
  ...['get map virt@ranges 100', 'get map virt@ranges 8', 'get map virt@ranges x', 'get map virt@ranges -100'],
]

/** Addresses of entries. */
const comparable = (text: string): string => text.replaceAll(/0x[0-9a-f]{6,}/g, 'ADDRESS')

describeUpstream('maps and ACL files', () => {
  let real: RealHaproxy
  let sim: Simulation
  let ours: Haproxy
  beforeAll(async () => {
    real = await RealHaproxy.start(config, files)
    await real.until(() => real.output.includes('end'))
    sim = new Simulation()
    ours = sim.haproxy({ config: config.replaceAll('@DIR@', '/run'), files, directory: false })
    ours.start()
    sim.advance('1ms')
  })
  afterAll(() => real.stop())

  it('has loaded them for the script in the same way', () => {
    const begin = (lines: readonly string[]) => lines.slice(0, lines.indexOf('end') + 1).map(comparable)
    expect(begin(ours.output)).toEqual(begin(real.output))
    expect(begin(real.output).length).toBeGreaterThan(90)
  })

  it.each(COMMANDS)('%s', async (command) => {
    const theirs = await real.cli(command)
    const answer = ours.cli(command)
    sim.advance('1ms')
    expect(comparable(answer)).toBe(comparable(theirs))
  })

  it('has told the script of every change, in the same order', async () => {
    await sleep(100)
    sim.advance('1s')
    // subscriptions have a task each, and which of them comes first is chance in the real one
    for (const who of ['EVENT', 'ONLY', 'hosts', 'acl']) {
      const of = (lines: readonly string[]) => lines.filter((line) => line.startsWith(`${who}\tPAT`)).map(comparable)
      expect(of(real.output).length).toBeGreaterThan(1)
      expect(of(ours.output)).toEqual(of(real.output))
    }
  })
})
