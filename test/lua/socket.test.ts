/** Sockets of scripts. The expected values are what the real HAProxy gave against servers that behave the same. */
import { describe, expect, it } from 'vitest'
import type { TcpServer } from '../../src/sim/actors/index.js'
import type { Simulation } from '../../src/sim/index.js'
import { runScript } from './world.js'

const task = (body: string, surroundings: (sim: Simulation) => void, seconds = 30): readonly string[] => {
  const world = runScript(
    `local function elapsed(since)
      local now = core.now()
      return string.format("%.1f", now.sec - since.sec + (now.usec - since.usec) / 1e6)
    end
    core.register_task(function() local s, t = core.tcp(), core.now() ${body} end)`,
    { surroundings },
    seconds,
  )
  expect(world.messages).toEqual([])
  return world.printed
}

const lines = (sim: Simulation) => void sim.tcp('127.0.0.1:9001').greet('one\r\ntwo\nthree\r\r\nlast').closeAfter(100)
const echo = (sim: Simulation) => void sim.tcp('127.0.0.1:9002').respond((received) => received)
const silent = (sim: Simulation) => void sim.tcp('127.0.0.1:9003')

describe('receive', () => {
  it('returns lines without their ends, and the rest at the end', () => {
    const body = 's:connect("127.0.0.1:9001") for i = 1, 5 do print(s:receive(i == 3 and "*l" or nil)) end'
    expect(task(body, lines)).toEqual(['one', 'two', 'three\r', 'last', 'nil\tconnection closed.'])
  })

  it('returns everything, once', () => {
    expect(task('s:connect("127.0.0.1:9001") print(s:receive("*a")) print(s:receive("*a"))', lines).join('\n')).toBe(
      'one\r\ntwo\nthree\r\r\nlast\nnil\tconnection closed.',
    )
  })

  it('returns a number of bytes, including the prefix', () => {
    const body = `s:connect("127.0.0.1", 9001)
      print((s:receive(3))) print(#s:receive("2")) print(s:receive(2, "P")) print(s:receive("*l", "P")) print(s:receive(100)) print(s:receive(1))`
    expect(task(body, lines).join('\n')).toBe('one\n2\nPt\nPwo\nthree\r\r\nlast\nnil\tconnection closed.')
  })

  it('returns at once what has arrived before the end, if that is less than requested', () => {
    const body = `s:connect("127.0.0.1:9001") %s print(#s:receive(100), elapsed(t)) print(s:receive(1))`
    const atEnd = body.replace('%s', '')
    const afterEnd = body.replace('%s', 'core.msleep(300)')
    expect(task(atEnd, lines)).toEqual(['21\t0.1', 'nil\tconnection closed.'])
    expect(task(afterEnd, lines)).toEqual(['21\t0.3', 'nil\tconnection closed.'])
  })

  it('returns the prefix if nothing arrives', () => {
    expect(
      task('s:settimeout(0.4) s:connect("127.0.0.1:9003") print(s:receive("*a", "pfx"), elapsed(t))', silent),
    ).toEqual(['pfx\t0.4'])
  })
})

describe('send', () => {
  it('sends a part of the string', () => {
    const body = `s:connect("127.0.0.1:9002")
      print(s:send("hello\\n")) print(s:receive()) print(s:send("hello\\n", 2)) print(s:receive()) print(s:send("hello", 2, 3))
      print(s:send("\\n")) print(s:receive()) print(s:send("hello", 4, 3)) print(s:send("hello", -2)) print(s:send("hello", 1, -3))
      print(s:send("", 1)) print(s:send("hello", 0, 0)) print(s:send("hello", 9)) print(s:send("\\n")) print(s:receive())`
    expect(task(body, echo)).toEqual([
      '6',
      'hello',
      '5',
      'ello',
      '2',
      '1',
      'el',
      '0',
      '2',
      '3',
      '0',
      '0',
      '0',
      '1',
      'lohel',
    ])
  })

  it('takes positions as ints; outside of the string they stand for the zero byte after it', () => {
    const ranges =
      '{1, -10}, {-10, 3}, {-10, -10}, {1, 1 << 32 | 2}, {1 << 32 | 2, 3}, {5, 5}, {3, 9}, {4}, {1 << 32}, {1, 1 << 31}'
    const body = `s:connect("127.0.0.1", (1 << 32) + 9002)
      for _, range in ipairs{ ${ranges} } do
        local sent = s:send("abc", table.unpack(range)) s:send("\\n")
        print(sent, (("%q"):format(s:receive()):gsub("\\0", "0")))
      end`
    const [whole, zero] = ['4\t"abc\\0"', '1\t"\\0"']
    expect(task(body, echo)).toEqual([
      whole,
      '0\t""',
      zero,
      ...['2\t"ab"', '2\t"bc"', zero, '2\t"c\\0"', '0\t""', '3\t"abc"', whole],
    ])
  })

  it('sends more than the buffers can hold', () => {
    expect(
      task('s:connect("127.0.0.1:9002") print(s:send(("x"):rep(200000))) print(#s:receive(200000))', echo),
    ).toEqual(['200000', '200000'])
  })
})

describe('connect', () => {
  it('retries three times, after a second or the timeout', () => {
    expect(
      task('print(s:connect("127.0.0.1", 9099)) print(elapsed(t)) print(s:receive()) print(s:send("x"))', () => {}),
    ).toEqual(["nil\tCan't connect", '3.0', 'nil\tconnection closed.', '-1'])
    expect(task('s:settimeout(0.5) print(s:connect("127.0.0.1", 9099)) print(elapsed(t))', () => {})).toEqual([
      "nil\tCan't connect",
      '1.5',
    ])
  })

  it('does not retry a missing path', () => {
    expect(task('print(s:connect("/no.sock")) print(elapsed(t))', () => {})).toEqual(["nil\tCan't connect", '0.0'])
  })

  it('returns the addresses', () => {
    expect(
      task('s:connect("127.0.0.1:9003") print(s:getpeername(), (s:getsockname():gsub(":%d+", "")))', silent),
    ).toEqual(['127.0.0.1:9003\t127.0.0.1'])
  })
})

describe('the timeout', () => {
  it('starts at the last byte, in either direction', () => {
    const body = `s:settimeout(0.5) s:connect("127.0.0.1", 9002) core.msleep(300) s:send("x\\n") core.msleep(300)
      print(s:receive()) t = core.now() print(s:receive()) print(elapsed(t))`
    expect(task(body, echo)).toEqual(['x', 'nil\tconnection closed.', '0.2'])
  })

  it('ends receiving; sending continues', () => {
    const body = `s:settimeout(0.5) s:connect("127.0.0.1", 9003) print(s:receive()) print(elapsed(t)) print(s:send("x")) print(s:getpeername())`
    expect(task(body, silent)).toEqual(['nil\tconnection closed.', '0.5', '1', '127.0.0.1:9003'])
  })
})

it('a closed socket cannot be used', () => {
  const body = `s:connect("127.0.0.1:9001") s:close() s:close() print(s:receive()) print(s:send("x")) print(s:getpeername(), s:getsockname())
    print(s:connect("127.0.0.1:9001")) print(pcall(s.settimeout, s, 1))`
  expect(task(body, lines)).toEqual([
    'nil\tconnection closed.',
    '-1',
    'nil\tnil',
    'nil',
    "false\tsocket: not yet initialised, you can't set timeouts.",
  ])
})

it('sockets are closed at the end of the process', () => {
  let server: TcpServer | undefined
  const script = 'core.register_task(function() local s = core.tcp() s:connect("127.0.0.1:9003") s:receive() end)'
  const world = runScript(script, { surroundings: (sim) => void (server = sim.tcp('127.0.0.1:9003')) })
  const [connection] = server!.connections
  expect(connection?.open).toBe(true)
  world.haproxy.stop()
  world.sim.advance('1s')
  expect(connection?.open).toBe(false)
})

describe('connections that a script no longer references', () => {
  const script = (after: string) => `
    core.register_task(function()
      local s = core.tcp()
      s:connect("10.0.0.9", 25)
      ${after}
    end)
    core.register_task(function() core.sleep(5) print("later", kept and kept:send("x")) end)`

  it.each([
    ['are closed when the task ends that made them', '', 0],
    ['are closed when it ends by an error', 'error("x")', 0],
    ['stay while anything else holds them', 'kept = s', 1],
    ['stay in a closure', 'local f = function() return s end core.register_init = f', 1],
  ])('%s', (_, after, open) => {
    const world = runScript(script(after), { surroundings: (sim) => void sim.tcp('10.0.0.9:25') })
    expect(world.sim.network.openConnections).toBe(open)
  })
})
