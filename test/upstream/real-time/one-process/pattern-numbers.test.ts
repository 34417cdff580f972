/** The lists of patterns that ACLs and maps make, their numbers, descriptions and entries, as the runtime API shows them, beside the real HAProxy. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const config = `global
    stats socket @DIR@/sock level admin
    nbthread 1
defaults d
    mode http
    timeout connect 1s
    timeout client 10s
    timeout server 10s
    acl in_defaults path /d
    http-request deny if in_defaults
defaults plain
    mode http
    timeout connect 1s
    timeout client 10s
    timeout server 10s
frontend f from d
    bind unix@@DIR@/fe.sock
    acl a src,map_ip(nets) -m found
    acl b str(a) -f opt@none
    acl b str(a) -f opt@none -u 9
    acl c str(a) -u 3 q
    acl d str(a) -f words -f words -i -f words r
    acl e acl(HTTP_1.1,LOCALHOST)
    acl f method -f words GET get
    acl g method -i get
    acl h int(0) -M gt 5
    acl i str(a) -f virt@v -f file@words
    acl j str(a) -M -f file@keys x
    acl k req.ssl_ver gt 3.1
    acl l path_len 5 6:8
    acl m str(x) -m len 1
    acl n str(x) -m bin 00ff
    acl o path_reg ^/a -i
    acl p path_reg -i ^/a ^/b
    acl q src 1.2.3.4 ::1 10.0.0.0/255.0.255.0
    acl r hdr(host) -m sub -f words
    acl s hdr(host) -m dom -f words
    acl t hdr(host) -n -f words
    acl u always_true
    acl v str(a) -m bool x y
    acl w str(a) -m found z
    http-request set-header x %[src,map_ip_int(nets,5)] if HTTP
    http-request set-header x %[path,map_reg(regs)] if METH_GET or { path_beg -i /x /y } !u
    http-request deny unless METH_GET { src 1.1.1.1 }
    use_backend be if { hdr(host),map(keys,none) -m str -i A }
backend be from plain
    acl a path /b
    use-server s if a TRUE
    server s 127.0.0.1:1
`

const files = {
  nets: '1.0.0.0/8 7\n',
  words: 'a\nB\n',
  keys: 'a 1\nb 2\n',
  regs: '^/(a) x\n',
}

/** Addresses of entries and functions vary. For booleans, HAProxy shows the index of the previous lookup. */
const comparable = (text: string): string =>
  text.replaceAll(/0x[0-9a-f]{6,}/g, 'ADDRESS').replaceAll(/(type=bool.*), idx=\w+/g, '$1')

describeUpstream('patterns of a configuration', () => {
  it('have the numbers, the descriptions and the entries that HAProxy gives them', async () => {
    const real = await RealHaproxy.start(config, files)
    try {
      const text = config.replaceAll('@DIR@', '/run')
      const ours = new Simulation().haproxy({ config: text, files, directory: false }).start()
      const lists = await real.cli('show acl')
      const ids = [...lists.matchAll(/^(\d+) /gm)].map(([, id]) => id!)
      expect(ids.length).toBeGreaterThan(40)
      const commands = [
        ...['show acl', 'show map'],
        ...ids.map((id) => `show acl #${id}`),
        ...ids.flatMap((id) =>
          ['a', 'B', '/a', 'GET', 'get', '6', '1', '1.2.3.4', '10.9.0.9'].map((key) => `get acl #${id} ${key}`),
        ),
        ...['get map nets 1.2.3.4', 'get map nets x', 'get map regs /a', 'get acl keys a', 'get map keys b'],
      ]
      for (const command of commands)
        expect(comparable(ours.cli(command)), command).toBe(comparable(await real.cli(command)))
    } finally {
      await real.stop()
    }
  })
})
