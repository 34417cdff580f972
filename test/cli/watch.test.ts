import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

let folder: string
let child: ChildProcess | undefined
let output = ''
let wake: () => void = () => undefined

const put = (name: string, text: string) => writeFileSync(join(folder, name), text)

const start = (...args: readonly string[]) => {
  output = ''
  child = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'test', '--watch', ...args], {
    cwd: folder,
    env: { ...process.env, CI: '', GITHUB_ACTIONS: '' },
  })
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      wake()
    })
}

/** What was said up to the next time that it waits for changes; fails by vitest's own limit when it never does. */
const untilItWaits = async (): Promise<string> => {
  const end = 'waiting for changes\n'
  while (!output.includes(end)) await new Promise<void>((resolve) => (wake = resolve))
  const at = output.indexOf(end) + end.length
  const printed = output.slice(0, at)
  output = output.slice(at)
  return printed
}

const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
  const ended = new Promise<number | null>((resolve) => child!.once('exit', resolve))
  child!.kill(signal)
  const code = await ended
  child = undefined
  return code
}

beforeEach(() => void (folder = temporaryFolder('watch')))
afterEach(async () => {
  if (child) await stop('SIGKILL')
})

const PASSES = `it('passes', function() end)`
const WITH_SCRIPT = `it('starts', function()
  local haproxy = require('hapsim').simulation():haproxy{ file = 'haproxy.cfg' }
  haproxy:start()
  assert.equals(1, haproxy:eval('answer'))
end)`
const CONFIGURATION = `global
  tune.lua.bool-sample-conversion normal
  lua-load answer.lua
frontend web
  mode http
  timeout client 1s
  bind :80
`

describe('hapsim test --watch', { timeout: 20_000 }, () => {
  it('ends at once when it is interrupted while tests run', async () => {
    put('a_test.lua', `print('begun') it('never ends', function() while true do end end)`)
    start('--timeout', '3600')
    while (!output.includes('begun')) await new Promise<void>((resolve) => (wake = resolve))
    expect(await stop('SIGINT')).toBe(null)
  })

  it('re-runs tests affected by a changed script, configuration, module or test, and no others', async () => {
    put('a_test.lua', WITH_SCRIPT)
    put('b_test.lua', `local helper = require('helper') it('helps', function() assert.is_true(helper) end)`)
    put('c_test.lua', PASSES)
    put('helper.lua', 'return true')
    put('haproxy.cfg', CONFIGURATION)
    put('answer.lua', 'answer = 1')
    start()
    expect(await untilItWaits()).toContain('3 passed')

    put('answer.lua', 'answer = 2')
    let printed = await untilItWaits()
    expect(printed).toContain('re-running 1 file: answer.lua changed')
    expect(printed).toContain('✗ starts')
    expect(printed).not.toContain('helps')

    put('answer.lua', 'answer = 1')
    expect(await untilItWaits()).toContain('✓ starts')

    put('haproxy.cfg', `${CONFIGURATION}  nonsense\n`)
    printed = await untilItWaits()
    expect(printed).toContain('re-running 1 file: haproxy.cfg changed')
    expect(printed).toContain("unknown keyword 'nonsense'")

    put('helper.lua', 'return false')
    printed = await untilItWaits()
    expect(printed).toContain('re-running 1 file: helper.lua changed')
    expect(printed).toContain('✗ helps')

    put('c_test.lua', `it('passes still', function() end)`)
    printed = await untilItWaits()
    expect(printed).toContain('re-running 1 file: c_test.lua changed')
    expect(printed).toContain('✓ passes still')
    expect(await stop('SIGINT')).toBe(0)
  })

  it('waits for missing files, and for syntax errors to be fixed', async () => {
    put('a_test.lua', WITH_SCRIPT)
    put('haproxy.cfg', CONFIGURATION)
    start()
    expect(await untilItWaits()).toContain('1 error')
    put('answer.lua', 'answer = = 1')
    expect(await untilItWaits()).toMatch(/re-running 1 file: answer.lua changed[^]*unexpected symbol near '='/)
    put('answer.lua', 'answer = 1')
    expect(await untilItWaits()).toContain('1 passed')
    put('a_test.lua', `it('`)
    expect(await untilItWaits()).toContain('unfinished string')
    expect(await stop('SIGTERM')).toBe(1)
  })

  it('adds new test files, drops removed ones, and recognizes files saved by renaming', async () => {
    put('a_test.lua', PASSES)
    start()
    await untilItWaits()
    mkdirSync(join(folder, 'deeper'))
    put('deeper/b_test.lua', `it('is new', function() end)`)
    expect(await untilItWaits()).toContain('✓ is new')
    put('a_test.lua.tmp', `it('is renamed', function() end)`)
    renameSync(join(folder, 'a_test.lua.tmp'), join(folder, 'a_test.lua'))
    expect(await untilItWaits()).toContain('✓ is renamed')
    rmSync(join(folder, 'deeper/b_test.lua'))
    while (!output.includes('was removed')) await new Promise<void>((resolve) => (wake = resolve))
    expect(output).toContain('deeper/b_test.lua was removed')
  })

  it('does not re-run because of snapshots written by a run', async () => {
    put('a_test.lua', `it('x', function() assert.matches_snapshot('x') end)`)
    start()
    expect(await untilItWaits()).toContain('1 written')
    put('b_test.lua', PASSES)
    expect(await untilItWaits()).toContain('re-running 1 file: b_test.lua changed')
  })

  it("watches files outside of the tests' directory", async () => {
    mkdirSync(join(folder, 'tests'))
    put('tests/a_test.lua', WITH_SCRIPT)
    put('haproxy.cfg', CONFIGURATION)
    put('answer.lua', 'answer = 1')
    start('tests')
    await untilItWaits()
    put('answer.lua', 'answer = 2')
    expect(await untilItWaits()).toContain('re-running 1 file: answer.lua changed')
  })
})
