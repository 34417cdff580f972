/** What the process, its proxies and servers count without clients, and what `clear counters` resets. */
import { chapter } from './story.js'

/** `counts`: the totals since its first call, and what there is now; `columns`: counters of servers and backends. */
const INFO = `
local NOW = {"CurrConns", "CurrStreams", "Jobs", "MaxConnRate", "MaxSessRate", "BlockedTrafficWarnings"}
local base
core.register_cli({"counts"}, "", function(applet)
  local info = core.get_info()
  base = base or info
  for _, name in ipairs(NOW) do applet:send(name .. "=" .. tostring(info[name]) .. " ") end
  for _, name in ipairs{"CumConns", "CumReq", "CumStreams", "TotalBytesOut"} do
    applet:send(name .. "+" .. tostring(info[name] - base[name]) .. " ")
  end
end)
core.register_cli({"columns"}, "", function(applet)
  for _, name in ipairs{"be", "quiet"} do
    local backend = core.backends[name]
    for _, object in ipairs{backend.servers.a, backend} do
      local stats = object:get_stats()
      for _, column in ipairs{"stot", "bin", "econ", "rate_max", "smax", "qtime", "lastsess", "hrsp_2xx"} do
        applet:send(column .. "=" .. tostring(stats[column]) .. " ")
      end
      applet:send(("lastchg=%s"):format(stats.lastchg > 0))
      if name == "be" then
        applet:send((" chkdown=%s chkfail=%s downtime=%s"):format(stats.chkdown, stats.chkfail, stats.downtime > 4000000))
      end
      applet:send("\\n")
    end
  end
end)
`

chapter('counters', {
  'sessions, streams and requests of the process': {
    config: `global
    set-var-fmt proc.a x
    set-var proc.b str(x)
    lua-load x.lua
backend be
    server a 127.0.0.1:%1
`,
    files: { 'x.lua': INFO },
    servers: ['accepts'],
    steps: [
      'counts',
      'counts',
      'show cli level; show cli level',
      'counts',
      'experimental-mode on; set var proc.a fmt y',
      'counts',
      'clear counters',
      'counts',
      'clear counters all',
      'counts',
    ],
  },
  'sockets of scripts are streams': {
    config: `global
    lua-load x.lua
backend be
    server a 127.0.0.1:%1
`,
    files: {
      'x.lua': `${INFO}
core.register_task(function()
  core.msleep(1000)
  for i = 1, 3 do
    local socket = core.tcp()
    socket:connect("127.0.0.1", %1)
    socket:send("hello")
    socket:close()
  end
  kept = core.tcp()
  kept:connect("127.0.0.1", %1)
end)`,
    },
    servers: ['accepts'],
    steps: ['counts', 1200, 'counts'],
  },
  'checks are sessions': {
    config: `global
    lua-load x.lua
backend be
    option tcp-check
    tcp-check connect
    tcp-check send-lf "%[str(hello)]"
    server a 127.0.0.1:%1 check inter 1s
`,
    files: { 'x.lua': INFO },
    servers: ['accepts'],
    steps: [200, 'counts', 1000, 'counts'],
  },
  'failed checks and changes of state are counted and reset': {
    config: `global
    lua-load x.lua
backend quiet
    mode http
    server a 127.0.0.1:%1
backend be
    mode http
    server a 127.0.0.1:%1 check inter 1h fall 1
    server b 127.0.0.1:%1 track be/a
`,
    files: { 'x.lua': INFO },
    servers: ['refuses'],
    steps: [2000, 'columns', 'clear counters', 'columns', 'clear counters all', 'columns'],
  },
})
