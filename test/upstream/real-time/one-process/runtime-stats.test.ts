/** Statistics in all their forms, with listeners counted apart (`option socket-stats`), beside the real HAProxy. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const config = `global
    stats socket @DIR@/sock level admin
    stats socket abns@hapsim-${process.pid} level user
    nbthread 1
    node thenode
    description "some words"
    maxconn 1000
    tune.lua.bool-sample-conversion normal
    lua-load listeners.lua
defaults
    mode http
    timeout connect 1s
    timeout client 10s
    timeout server 10s
    option socket-stats
frontend f
    bind unix@@DIR@/f1.sock name one
    bind unix@@DIR@/f2.sock id 9
    bind unix@@DIR@/f3.sock
frontend plain
    no option socket-stats
    bind unix@@DIR@/f4.sock name one
listen l
    mode tcp
    bind unix@@DIR@/f5.sock
    server s1 127.0.0.1:1 cookie c maxconn 10 maxqueue 10 disabled
backend be
    server s1 127.0.0.1:1 check inter 1h
`

const script = `
local function flat(t)
  local out = {}
  for k, v in pairs(t) do out[#out + 1] = k .. "=" .. tostring(v) end
  table.sort(out)
  return table.concat(out, ",")
end
core.register_init(function()
  local names = {}
  for name in pairs(core.proxies.f.listeners) do names[#names + 1] = name end
  table.sort(names)
  print("listeners", table.concat(names, " "))
  for _, name in ipairs(names) do print(name, (flat(core.proxies.f.listeners[name]:get_stats()):gsub("addr=[^,]*,", ""))) end
  print("end")
end)
`

/** Values that tell the time, count what the machine does, or name its version. */
const VARIES =
  /"name":"(?:Version|Pid|Uptime|Uptime_sec|lastchg|downtime|check_duration|Ulimit-n|Maxsock|PoolAlloc_\w+|PoolUsed_\w+|Run_queue|Niced_tasks|Tasks|TotalBytesOut|BytesOutRate|Build info|Start_time_sec|BootTime_ms|Cum\w+|Idle_pct|check_\w+|last_chk|TotalWarnings)"/

const comparableJson = (text: string): unknown =>
  (JSON.parse(text) as (object | object[])[])
    .flat()
    .map((field) =>
      VARIES.test(JSON.stringify(field))
        ? JSON.stringify(field).replace(/"value":("[^"]*"|[\d.]+)\}\}$/, '"value":N}}')
        : field,
    )

const comparableLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) =>
      VARIES.test(`"name":"${/(?:^|\.)(\w[\w -]*?)(?:\.1)?:/.exec(line)?.[1] ?? ''}"`) ? shape(line) : line,
    )

/** A line without its value. */
const shape = (line: string): string => line.replace(/(?<=: |:(?:u32|u64|s32|str|flt):).*?(?=:"|$)/, 'N')

describeUpstream('statistics', () => {
  let real: RealHaproxy
  let ours: Haproxy
  beforeAll(async () => {
    const files = { 'listeners.lua': script }
    real = await RealHaproxy.start(config, files)
    const sim = new Simulation()
    ours = sim.haproxy({ config: config.replaceAll('@DIR@', '/run'), files, directory: false })
    ours.start()
    sim.advance('1ms')
  })
  afterAll(() => real.stop())

  it.each(['show stat json', 'show stat json desc', 'show stat f 8 -1 json', 'show stat f 8 9 json', 'show info json'])(
    'are the same in JSON: %s',
    async (command) => {
      const [a, b] = [ours.cli(command), await real.cli(command)]
      expect(comparableJson(a)).toEqual(comparableJson(b))
      expect(a.slice(-4)).toBe(b.slice(-4))
    },
  )

  it.each([
    'show stat typed desc',
    'show stat typed',
    'show stat f 8 -1 typed',
    'show info typed desc',
    'show info desc',
  ])('are the same line by line: %s', async (command) => {
    expect(comparableLines(ours.cli(command))).toEqual(comparableLines(await real.cli(command)))
  })

  it.each(['show info float', 'show info typed float'])('have fractions where asked for: %s', async (command) => {
    const forms = (text: string) =>
      text.split('\n').map((line) => line.replace(/(:(?:flt|u32|u64|str))?:? ?[^:]*$/, '$1'))
    expect(forms(ours.cli(command))).toEqual(forms(await real.cli(command)))
  })

  it.each(['show schema json', 'show cli sockets', 'show stat x 1 1', 'show stat l 255 1', 'show stat 3 8 -1'])(
    '%s',
    async (command) => {
      const plain = (text: string) => text.replace(real.folder, '/run').replaceAll(/(,\w*){3}$/gm, '')
      const varying = (text: string) =>
        plain(text).replace(/^(l,(?:s1|BACKEND)(?:,[^,]*){20}),\d*,\d*,\d*/gm, '$1,N,N,N')
      expect(varying(ours.cli(command))).toBe(varying(await real.cli(command)))
    },
  )

  it('tell scripts of listeners', async () => {
    await real.until(() => real.hasReported('end'))
    expect(ours.output.flatMap((line) => line.replaceAll(/addr=[^,]*,/g, '').split('\n'))).toEqual(real.output)
  })
})
