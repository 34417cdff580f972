/** Maps and ACL files, in the runtime API and in Lua's Map and Patref, beside the real HAProxy. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { CONVERSATIONS } from './runtime-patterns-cases.js'

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

/** Addresses of entries. */
const comparable = (text: string): string => text.replaceAll(/0x[0-9a-f]{6,}/g, 'ADDRESS')

/** Both processes, once their scripts have run. */
const startBoth = async (): Promise<{ real: RealHaproxy; sim: Simulation; ours: Haproxy }> => {
  const real = await RealHaproxy.start(config, files)
  await real.until(() => real.output.includes('end'))
  const sim = new Simulation()
  const ours = sim.haproxy({ config: config.replaceAll('@DIR@', '/run'), files, directory: false })
  ours.start()
  sim.advance('1ms')
  return { real, sim, ours }
}

describeUpstream('maps and ACL files', () => {
  it('are loaded for scripts in the same way', async () => {
    const { real, ours } = await startBoth()
    const loaded = (lines: readonly string[]) => lines.slice(0, lines.indexOf('end') + 1).map(comparable)
    expect(loaded(ours.output)).toEqual(loaded(real.output))
    expect(loaded(real.output).length).toBeGreaterThan(90)
    await real.stop()
  })

  it.each(Object.entries(CONVERSATIONS))('%s', async (_, commands) => {
    const { real, sim, ours } = await startBoth()
    try {
      for (const command of commands) {
        const theirs = await real.cli(command)
        const answer = ours.cli(command)
        sim.advance('1ms')
        expect(comparable(answer), command).toBe(comparable(theirs))
      }
      sim.advance('1s')
      await real.until(() => real.output.length >= ours.output.length)
      // each subscription has a task, and which of them runs first varies in the real one
      for (const subscription of ['EVENT', 'ONLY', 'hosts', 'acl']) {
        const events = (lines: readonly string[]) =>
          lines.filter((line) => line.startsWith(`${subscription}\tPAT`)).map(comparable)
        expect(events(ours.output)).toEqual(events(real.output))
      }
    } finally {
      await real.stop()
    }
  })
})
