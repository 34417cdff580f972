/** Calls are counted, numbered and named as in the real HAProxy: the limit of C calls, levels, tracebacks. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runScript } from '../../lua/world.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { describeUpstream, upstream } from '../support/upstream.js'
import { C_CALLS, CLOSING_LINES, CONSTANT_NAMES, CONSTANT_VARIABLES, LEVELS, randomCCalls } from './call-programs.js'

const SETTINGS = `nbthread 1
    tune.lua.burst-timeout 0
    tune.lua.forced-yield 1000000000`

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    ${SETTINGS}
    lua-load x.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind unix@@DIR@/fe
`

const inBody = (program: string): string[] => {
  const folder = temporaryFolder('calls')
  writeFileSync(join(folder, 'x.lua'), program)
  writeFileSync(join(folder, 'haproxy.cfg'), CONFIG.replace('@DIR@', folder))
  const { stdout } = spawnSync(upstream('haproxy'), ['-q', '-c', '-f', 'haproxy.cfg'], {
    cwd: folder,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  })
  return stdout.trimEnd().split('\n')
}

const ours = (program: string): readonly string[] => runScript(program, { global: SETTINGS }, 3600).printed

describeUpstream('calls', () => {
  it.each([
    ['the limit of C calls is reached at the same depths', C_CALLS],
    [
      'the limit of C calls is reached at the same depths, in calls nested at random',
      randomCCalls(200, { yields: false }),
    ],
    ['levels and tracebacks show the same functions under the same names', LEVELS],
    ['constants have no names in errors', CONSTANT_NAMES],
    ['constants are not variables for functions of debug', CONSTANT_VARIABLES],
    ['variables are closed in the same lines', CLOSING_LINES],
  ])('%s', (_, program) => {
    const expected = inBody(program)
    expect(expected.length).toBeGreaterThan(20)
    expect(ours(program)).toEqual(expected)
  })

  it('the limit of C calls is reached at the same depths in a task', async () => {
    const task = (program: string): string => `core.register_task(function() ${program}\nprint("done") end)`
    const program = task(randomCCalls(100, { yields: true }))
    const real = new RealHaproxy(CONFIG, { 'x.lua': program })
    await real.until(() => real.output.includes('done'), 50_000)
    await real.stop()
    expect(real.output).toHaveLength(101)
    expect(ours(program)).toEqual(real.output)
  })
})
