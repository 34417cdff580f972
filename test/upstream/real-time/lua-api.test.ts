/**
 * HAProxy's Lua API: scripts run in the real HAProxy and here, and both say the same, line by line: values, errors of
 * arguments and contexts, tracebacks, arguments of event handlers, and how a start fails.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { describeUpstream } from '../support/upstream.js'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')

const config = (loads: string, nbthread = 1): string => `global
    nbthread ${nbthread}
    stats socket @DIR@/sock level admin
    tune.lua.bool-sample-conversion normal
    ${loads}
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind abns@hapsim-lua-api-${process.pid}
    default_backend be
backend be
    server s1 127.0.0.1:1 check inter 1h
`

/** Lines of standard output, and messages to the operator without the process number. */
interface Reports {
  readonly printed: readonly string[]
  readonly messages: readonly string[]
}

const message = (line: string): string => line.replace(/check duration: \d+ms/, 'check duration: 0ms')

const simulated = (script: string, loads: string, seconds: number): Reports => {
  const sim = new Simulation()
  sim.tcp('127.0.0.1:1').refuse()
  const haproxy = sim.haproxy({
    config: config(loads).replace('@DIR@', '/run'),
    files: { 'x.lua': script },
    directory: false,
  })
  try {
    haproxy.start()
    sim.advance(`${seconds}s`)
  } catch (error) {
    if ((error as Error).name !== 'StartError') throw error
  }
  return {
    printed: haproxy.output.flatMap((line) => line.split('\n')),
    messages: haproxy.messages
      .filter((each) => each.severity !== 'notice')
      .flatMap((each) => `[${each.severity}] ${each.text}`.split('\n')),
  }
}

const real = async (script: string, loads: string): Promise<Reports> => {
  const process = await RealHaproxy.start(config(loads), { 'x.lua': script })
  await process.until(() => process.hasReported('## end'), 15_000).catch(() => {})
  await process.stop()
  return { printed: process.output, messages: process.warnings.map(message) }
}

describeUpstream('as in the real HAProxy', () => {
  it('calls return the same in body, init and task', { timeout: 60_000 }, async () => {
    const script = fixture('lua-api.lua')
    const theirs = await real(script, 'lua-load x.lua one "two words" 3')
    expect(theirs.printed.length).toBeGreaterThan(500)
    const ours = simulated(script, 'lua-load x.lua one "two words" 3', 60)
    expect(ours.printed).toEqual(theirs.printed)
    expect(ours.messages).toEqual(theirs.messages)
  })

  it('errors in tasks are reported with the same traceback', { timeout: 60_000 }, async () => {
    const script = fixture('lua-errors.lua')
    const theirs = await real(script, 'lua-load x.lua')
    const ours = simulated(script, 'lua-load x.lua', 10)
    expect(ours.messages).toEqual(theirs.messages)
  })

  it('handlers of events get the same events, in the same order', { timeout: 60_000 }, async () => {
    const script = fixture('lua-events.lua')
    const theirs = await real(script, 'lua-load x.lua')
    const ours = simulated(script, 'lua-load x.lua', 10)
    // two subscriptions have a task each; which of the two runs first at one time is not deterministic in the real one
    for (const subscription of ['all', 'own', 'subscription', '##']) {
      const of = (lines: readonly string[]) => lines.filter((line) => line.startsWith(subscription))
      expect(of(ours.printed)).toEqual(of(theirs.printed))
    }
    expect([...ours.messages].sort()).toEqual([...theirs.messages].sort())
  })
})

const FAILING: Readonly<Record<string, string>> = {
  'syntax error': 'x = = 1',
  'end of file': 'if x then',
  'unfinished string': 'x = "abc',
  'strange character': 'x = 1 $ 2',
  'runtime error': 'error("boo")',
  'error without place': 'error("level 0", 0)',
  'error with a table': 'error({})',
  'error with a number': 'error(42)',
  'error with nothing': 'error()',
  'error that has a text': 'error(setmetatable({}, { __tostring = function() return "text" end }))',
  'nil indexed': 'local a = nil; a.b.c = 1',
  'yield in the body': 'coroutine.yield()',
  'wrong argument': 'core.register_task(1)',
  'wrong argument of a function in Lua': 'core.event_sub({ "X" }, print)',
  'module not found': 'require("nomod")',
  'error in an init function': 'core.register_init(function() error("boo") end)',
  'table thrown in an init function': 'core.register_init(function() error({}) end)',
  'yield in an init function': 'core.register_init(function() coroutine.yield() end)',
  'the first of two init functions fails':
    'core.register_init(function() local t = nil; return t.x end) core.register_init(function() error("second") end)',
  'wrong call in an init function': 'core.register_init(function() core.msleep({}) end)',
}

describeUpstream('a start fails with the same messages', () => {
  const realStart = async (files: Readonly<Record<string, string>>, loads: string): Promise<string[]> => {
    const process = new RealHaproxy(config(loads), files)
    expect(await process.ended()).toBe(1)
    await process.stop()
    return process.warnings.map(message).filter((line) => !/Error\(s\) found|Fatal errors found/.test(line))
  }

  const ourStart = (script: string, loads: string): string[] =>
    simulated(script, loads, 0).messages.filter((line) => !/Error\(s\) found|Fatal errors found/.test(line))
  const place = (lines: readonly string[]): string[] =>
    lines.map((line) => line.replace(/parsing \[\S+?:/, 'parsing [cfg:'))

  it.each(Object.entries(FAILING))('%s', async (_, script) => {
    expect(place(ourStart(script, 'lua-load x.lua'))).toEqual(
      place(await realStart({ 'x.lua': script }, 'lua-load x.lua')),
    )
  })

  it('missing file', async () => {
    expect(place(ourStart('', 'lua-load y.lua'))).toEqual(place(await realStart({}, 'lua-load y.lua')))
  })
})
