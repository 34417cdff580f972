/** Proxies and servers in Lua, in what needs no comparison with the real HAProxy: see test/upstream/lua-objects.test.ts. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'

const run = (script: string, backends = 'backend be1\n  server s1 10.0.0.1:80\n  server s2 10.0.0.2:80') => {
  const sim = new Simulation()
  const config = `
global
  stats socket /run/cli
  tune.lua.bool-sample-conversion normal
  lua-load test.lua
defaults
  timeout connect 1s
  timeout server 1s
  timeout client 1s
${backends}
`
  const haproxy = sim.haproxy({ config, files: { 'test.lua': script }, directory: false }).start()
  return { sim, haproxy }
}

describe('a deleted server', () => {
  it('returns nil or nothing for everything, and changes nothing', () => {
    const { sim, haproxy } = run(`
      core.register_task(function()
        local server = core.backends.be1.servers.s1
        core.msleep(100)
        for _, name in ipairs({"get_name", "get_puid", "get_rid", "is_draining", "is_backup", "is_dynamic", "get_cur_sess",
            "get_pend_conn", "get_maxconn", "get_weight", "get_addr", "get_stats", "get_proxy"}) do
          local results = table.pack(server[name](server))
          if results.n ~= 1 or results[1] ~= nil then print(name, results.n, results[1]) end
        end
        for _, name in ipairs({"shut_sess", "set_drain", "set_maint", "set_ready", "check_enable", "check_disable",
            "check_force_up", "check_force_nolb", "check_force_down", "agent_enable", "agent_disable", "agent_force_up",
            "agent_force_down", "tracking", "get_trackers", "event_sub"}) do
          local count = select("#", server[name](server))
          if count ~= 0 then print(name, count) end
        end
        print(server:set_weight("5"), server:set_maxconn("5"), server:set_addr("1.2.3.4"))
        print("end")
      end)`)
    haproxy.process.server('be1/s1')!.deleted = true
    const before = haproxy.cli('show servers state')
    sim.advance('200ms')
    expect(haproxy.output.join('\n')).toBe('nil\tnil\tnil\nend')
    expect(haproxy.cli('show servers state')).toBe(before)
  })
})

describe('lists', () => {
  it('contain tens of thousands of proxies, which can be iterated and looked up', () => {
    const count = 20_000
    const backends = Array.from({ length: count }, (_, i) => `backend b${i}\n  server s 10.0.0.1:80`).join('\n')
    const { haproxy } = run(
      `core.register_init(function()
        local n = 0
        for name, backend in pairs(core.backends) do
          if backend:get_name() == name then n = n + 1 end
        end
        print(n, core.backends.b19999.servers.s:get_addr())
      end)`,
      backends,
    )
    expect(haproxy.output.join('\n')).toBe(`${count}\t10.0.0.1:80`)
  })
})
