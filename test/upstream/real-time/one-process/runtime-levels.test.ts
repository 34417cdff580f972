/**
 * Who may call which command of the runtime API, and in which mode: every command that the real HAProxy lists, at each level and in
 * each mode, is refused, unknown or answered here as there.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Level } from '../../../../src/haproxy/runtime/session.js'
import { Simulation, type Haproxy } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const config = `global
    stats socket unix@@DIR@/operator level operator
    stats socket unix@@DIR@/user level user
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    maxconn 100
    tune.lua.bool-sample-conversion normal
    lua-load cli.lua
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend f
    bind unix@@DIR@/fe.sock
backend be
    server s 127.0.0.1:1
`

const script = `
core.register_cli({ "show", "of-lua" }, "show of-lua : a command of a script", function(applet) applet:send("x\\n") end)
core.register_cli({ "zork" }, "zork : another one", function(applet) applet:send("y\\n") end)
`

const LEVELS: Readonly<Record<Level, string>> = { user: 'user', operator: 'operator', admin: 'sock' }

const MODES = ['', 'expert-mode on;', 'experimental-mode on;', 'expert-mode on;experimental-mode on;']

/** Answers that tell of the moment, the machine or the build. */
const VARIES = /^show (?:activity|env|errors|info|resolvers|sess|tasks|version|events|map|acl|threads|startup-logs)\b/

/** What would end the real process, hold it up or change what is asked next. */
const DANGEROUS = /^debug dev (?!hash)|^wait|^quit|^shutdown frontend/

const NOT_EMULATED = / is not emulated by hapsim\.$/m

/** Less the time since the last change. */
const steady = (answer: string): string =>
  answer
    .replaceAll(/^(\d+ \S+ \d+ \S+ \S+ \d+ \d+ \d+ \d+) \d+/gm, '$1 N')
    .replaceAll(/^((?:[^,\n]*,){23})\d+/gm, '$1N')

const REFUSED = /^(?:Permission denied|This command is restricted to \w+ mode only\.)$/m

/** An answer, or what kind of answer it is where it cannot be compared. */
const comparable = (command: string, answer: string, exactly: boolean): string =>
  REFUSED.test(answer) || (exactly && !VARIES.test(command)) ? steady(answer) : 'an answer'

describeUpstream('commands of the runtime API', () => {
  let real: RealHaproxy
  let ours: Haproxy
  let simulation: Simulation
  let commands: readonly string[]

  /** Both answers at a level, made comparable. */
  const ask = async (level: Level, mode: string, command: string): Promise<{ own: string; theirs: string }> => {
    const line = mode + command
    const theirs = await real.cli(line, LEVELS[level])
    const own = ours.process.runtime.execute(line, level)
    simulation.advance('1ms')
    const exactly = !NOT_EMULATED.test(own)
    // what the commands before the last one answer is always the same
    const before = mode.replaceAll(/[^;]+;/g, level === 'admin' ? '\n' : 'Permission denied\n\n')
    const [ownRest, theirRest] = [own, theirs].map((answer) => {
      expect(answer.startsWith(before), answer).toBe(true)
      return comparable(command, answer.slice(before.length).replaceAll(real.folder, '/run'), exactly)
    })
    return { own: ownRest!, theirs: theirRest! }
  }

  beforeAll(async () => {
    const files = { 'cli.lua': script }
    real = await RealHaproxy.start(config, files)
    simulation = new Simulation()
    ours = simulation.haproxy({ config: config.replaceAll('@DIR@', '/run'), files, directory: false }).start()
    simulation.advance('100ms')
    const help = await real.cli('expert-mode on;experimental-mode on;help')
    commands = [...help.matchAll(/^ {2}([a-z][\w ;-]*?)(?= *(?:[^\w ;-]|\(DEP))/gm)].map(([, words]) =>
      words!.trimEnd(),
    )
  })
  afterAll(() => real.stop())

  it('are complete', () => {
    expect(commands.length).toBeGreaterThan(140)
    expect(commands).toContain('debug dev tkill')
    expect(commands).toContain('set var')
  })

  describe.each(Object.keys(LEVELS) as Level[])('at level %s', (level) => {
    it.each(MODES)('are listed in the same way: %s', async (mode) => {
      for (const words of [
        'help',
        'help set',
        'help debug',
        'help debug dev',
        'help httpclient',
        'set',
        'zurk',
        'debug dev x',
      ]) {
        const { own, theirs } = await ask(level, mode, words)
        expect(own, words).toBe(theirs)
      }
    })

    it.each(MODES)('are rejected and answered in the same way: %s', async (mode) => {
      for (const command of commands) {
        if (
          DANGEROUS.test(command) &&
          (level === 'admin' ? mode.includes('expert') || !command.startsWith('debug') : false)
        )
          continue
        for (const rest of ['', ' x', ' x y']) {
          const { own, theirs } = await ask(level, mode, command + rest)
          expect(own, command + rest).toBe(theirs)
        }
      }
    })

    it('lose their mode with the level', async () => {
      const lines = ['operator;expert-mode;debug dev bug', 'user;set var proc.x int(1)', 'operator -;show cli level']
      const dashes = [
        'user -;user',
        'expert-mode on -;expert-mode - -',
        'set severity-output none -',
        'mcli-debug-mode on',
      ]
      for (const line of [...lines, ...dashes]) {
        const { own, theirs } = await ask(level, 'expert-mode on;experimental-mode on;', line)
        expect(own, line).toBe(theirs)
      }
    })
  })

  it('show the listeners of a paused and of a stopped frontend as open', async () => {
    const socketStats = config.replace(
      'frontend f',
      'frontend counted\n    option socket-stats\n    bind unix@@DIR@/c\nfrontend f',
    )
    const other = await RealHaproxy.start(socketStats, { 'cli.lua': script })
    try {
      const world = new Simulation()
      const haproxy = world
        .haproxy({
          config: socketStats.replaceAll('@DIR@', '/run'),
          files: { 'cli.lua': script },
          directory: false,
        })
        .start()
      const rows = (text: string): string[] => text.split('\n').map((row) => row.split(',').slice(0, 18).join())
      for (const command of [
        'show version',
        'disable frontend counted',
        'enable frontend counted',
        'shutdown frontend counted',
      ]) {
        await other.cli(command)
        haproxy.cli(command)
        const stat = 'show stat counted 7 -1'
        expect(rows(haproxy.cli(stat)), command).toEqual(rows(await other.cli(stat)))
      }
    } finally {
      await other.stop()
    }
  })
})
