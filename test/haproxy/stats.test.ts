/** Statistics: what they count and how they are written. Their values are compared with the real HAProxy in test/upstream. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvValue, strField } from '../../src/haproxy/stats/field.js'
import { listenerStats, statText, STAT_COLUMNS } from '../../src/haproxy/index.js'
import { Simulation } from '../../src/sim/index.js'

const CONFIG = `
global
    stats socket /run/cli
defaults
    timeout connect 1s
    timeout server 1s
    timeout client 1s
backend be1
    server s1 10.0.0.1:80 check inter 1s fall 3 rise 2 slowstart 10s weight 100
    server s2 10.0.0.2:80
`

const world = () => {
  const sim = new Simulation()
  const web = sim.http('10.0.0.1:80')
  const haproxy = sim.haproxy({ config: CONFIG, directory: false })
  return { sim, web, haproxy: haproxy.start() }
}

/** A line of `show stat` by column. */
const row = (text: string, name: string): Record<string, string> => {
  const line = text.split('\n').find((each) => each.split(',')[1] === name)!
  return Object.fromEntries(line.split(',').map((value, i) => [STAT_COLUMNS[i] ?? i, value]))
}

describe('a server in statistics', () => {
  it('goes from UP over UP 2/3 and UP 1/3 to DOWN, and back over DOWN 1/2', () => {
    const { sim, web, haproxy } = world()
    sim.advance('3s')
    const seen: string[] = []
    const watch = (seconds: number) => {
      for (let i = 0; i < seconds * 10; i++) {
        sim.advance('100ms')
        const status = haproxy.server('be1/s1').status
        if (seen.at(-1) !== status) seen.push(status)
      }
    }
    watch(1)
    web.refuse()
    watch(5)
    web.accept()
    watch(5)
    expect(seen).toEqual(['UP', 'UP 2/3', 'UP 1/3', 'DOWN', 'DOWN 1/2', 'UP'])
  })

  it('counts failed checks, falls, and the seconds spent down', () => {
    const { sim, web, haproxy } = world()
    sim.advance('3s')
    web.refuse()
    sim.advance('10s')
    expect(row(haproxy.cli('show stat'), 's1')).toMatchObject({
      chkfail: '3',
      chkdown: '1',
      check_status: 'L4CON',
      last_chk: 'Connection refused',
      check_health: '0',
    })
    const { lastchg, downtime } = row(haproxy.cli('show stat'), 's1')
    expect(downtime).toBe(lastchg)
    sim.advance('5s')
    expect(Number(row(haproxy.cli('show stat'), 's1').downtime)).toBe(Number(lastchg) + 5)
    expect(row(haproxy.cli('show stat'), 'BACKEND')).toMatchObject({ status: 'UP', act: '1', downtime: '0' })
  })

  it('is throttled while it warms up', () => {
    const { sim, haproxy } = world()
    sim.advance('3s')
    haproxy.cli('set server be1/s1 state maint; set server be1/s1 state ready')
    sim.advance('5500ms')
    const warming = row(haproxy.cli('show stat'), 's1')
    expect(Number(warming.throttle)).toBeGreaterThanOrEqual(50)
    expect(Number(warming.throttle)).toBeLessThanOrEqual(65)
    expect(Number(warming.weight)).toBeLessThan(Number(warming.uweight))
    sim.advance('10s')
    expect(row(haproxy.cli('show stat'), 's1')).toMatchObject({ throttle: '', weight: '100' })
  })
})

describe('a listener in statistics', () => {
  it('has the fields that the real one shows with `option socket-stats`', () => {
    const sim = new Simulation()
    const config = `
global
    stats socket /run/cli
defaults
    timeout client 1s
frontend fe1
    mode http
    bind 127.0.0.1:18080
    bind unix@/run/u.sock name second
    bind abns@third
`
    const { process } = sim.haproxy({ config, directory: false }).start()
    const proxy = process.proxies[0]!
    const lines = proxy.listeners.map((listener) =>
      statText({ kind: 'typed', described: false }, [
        { side: 'L', proxy, row: listenerStats(listener, proxy, process.clock.now) },
      ]),
    )
    expect(lines.map((text) => text.split('\n').filter((line) => !line.includes('ssl_')))).toEqual(
      [
        { sid: 1, name: 'sock-1', addr: '127.0.0.1:18080', proto: 'tcpv4' },
        { sid: 2, name: 'second', addr: 'unix', proto: 'unix_stream' },
        { sid: 3, name: 'sock-3', addr: 'unix', proto: 'abns_stream' },
      ].map(({ sid, name, addr, proto }) => [
        ...[`L.2.${sid}.0.pxname.1:KNS:str:fe1`, `L.2.${sid}.1.svname.1:KNS:str:${name}`],
        ...[`L.2.${sid}.4.scur.1:MGP:u32:0`, `L.2.${sid}.5.smax.1:MMP:u32:0`, `L.2.${sid}.6.slim.1:CLP:u32:0`],
        ...[`L.2.${sid}.7.stot.1:MCP:u64:0`, `L.2.${sid}.8.bin.1:MCP:u64:0`, `L.2.${sid}.9.bout.1:MCP:u64:0`],
        ...[`L.2.${sid}.10.dreq.1:MCP:u64:0`, `L.2.${sid}.11.dresp.1:MCP:u64:0`, `L.2.${sid}.12.ereq.1:MCP:u64:0`],
        ...[`L.2.${sid}.17.status.1:SGP:str:OPEN`, `L.2.${sid}.26.pid.1:KGP:u32:1`, `L.2.${sid}.27.iid.1:KGS:u32:2`],
        ...[
          `L.2.${sid}.28.sid.1:KGS:u32:${sid}`,
          `L.2.${sid}.32.type.1:CGS:u32:3`,
          `L.2.${sid}.73.addr.1:CGS:str:${addr}`,
        ],
        ...[
          `L.2.${sid}.75.mode.1:CGS:str:http`,
          `L.2.${sid}.79.conn_tot.1:MCP:u64:0`,
          `L.2.${sid}.81.dcon.1:MCP:u64:0`,
        ],
        ...[`L.2.${sid}.82.dses.1:MCP:u64:0`, `L.2.${sid}.83.wrew.1:MCP:u64:0`, `L.2.${sid}.94.eint.1:MCP:u64:0`],
        ...[`L.2.${sid}.112.proto.1:SGP:str:${proto}`, ''],
      ]),
    )
  })
})

describe('the process in statistics', () => {
  it('reports its uptime', () => {
    const { sim, haproxy } = world()
    sim.advance(((26 * 60 + 3) * 60 + 4) * 1000)
    expect(haproxy.cli('show info')).toContain('Uptime: 1d 2h03m04s\nUptime_sec: 93784\n')
  })

  it('counts connections, not the commands sent over them', () => {
    const { haproxy } = world()
    haproxy.cli('show version; show version')
    expect(haproxy.cli('show info')).toMatch(/CumConns: 2\nCumReq: 2\n/)
  })
})

describe('limits', () => {
  // the values are those of HAProxy 3.2 for this configuration
  const limits = () =>
    new Simulation()
      .haproxy({
        directory: false,
        config: `
global
    stats socket /run/cli
    maxconn 1000
    maxconnrate 70
    maxsessrate 50
    maxsslrate 30
    maxcomprate 20
defaults
    mode http
frontend f
    maxconn 100
    use_backend a if FALSE
    use_backend a if FALSE
    use_backend b if FALSE
    use_backend %[path] if FALSE
    default_backend b
frontend g
    maxconn 30
    use_backend a
    use_backend b
listen l
    maxconn 200
    use_backend a if FALSE
backend a
backend b
backend c
`,
      })
      .start()

  it('of a backend follow from the frontends that may choose it', () => {
    const rows = limits()
      .cli('show stat')
      .split('\n')
      .map((line) => line.split(','))
      .filter(([, side]) => side === 'BACKEND')
    expect(rows.map((row) => [row[0], row[STAT_COLUMNS.indexOf('slim')]])).toEqual([
      ['l', '20'],
      ['a', '33'],
      ['b', '13'],
      ['c', '1'],
    ])
  })

  it('of the process are those of the global section', () => {
    expect(
      limits()
        .cli('show info')
        .match(/^\w*RateLim.*$/gm),
    ).toEqual(['ConnRateLimit: 70', 'SessRateLimit: 50', 'SslRateLimit: 30', 'CompressBpsRateLim: 20480'])
  })
})

describe('comma-separated values', () => {
  it('are quoted where a reader would misinterpret them', () => {
    expect(csvValue(strField('MOP', 'a, "b"'))).toBe('"a, ""b"""')
    expect(csvValue(strField('MOP', 'plain'))).toBe('plain')
    expect(csvValue(undefined)).toBe('')
  })

  it('contain no line breaks, and end without spaces', () => {
    expect(csvValue(strField('MOP', 'Trailing garbage in weight string\n'))).toBe('"Trailing garbage in weight string"')
    expect(csvValue(strField('MOP', 'got '))).toBe('got')
  })

  it('are read back unchanged except line ends (RFC 4180)', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const written = csvValue(strField('MOP', text))
        const read = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
        expect(read).toBe(text.replaceAll('\r', '').replaceAll('\n', ' ').replace(/ +$/, ''))
      }),
    )
  })
})
