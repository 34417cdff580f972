/**
 * Natives and metamethods do at every depth what they do in the real HAProxy: of plain calls, protected calls, coroutines and
 * metamethods, in a task that runs through and in one that is interrupted again and again. (Debian's `lua5.4` is no help here: 5.4.4
 * loses operands of `..` where its stack grows.)
 */
import { afterAll, expect, it } from 'vitest'
import { runScript } from '../../lua/world.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { describeUpstream } from '../support/upstream.js'
import { completenessProgram, SHAPES, sweepProgram, VARIANTS } from './depth-programs.js'

/** C calls are under way in a task until it yields: so it does that at the same places only. */
const SETTINGS = (forcedYield: number): string => `nbthread 1
    tune.lua.burst-timeout 0
    tune.lua.forced-yield ${forcedYield}`
const UNINTERRUPTED = 1_000_000_000

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    ${SETTINGS(UNINTERRUPTED)}
    lua-load x.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind unix@@DIR@/fe
`

const task = (program: string): string => `core.register_task(function() ${program}\nprint("done") end)`

const ours = (program: string, forcedYield: number): readonly string[] => {
  const { printed, messages } = runScript(task(program), { global: SETTINGS(forcedYield) }, 3600)
  expect(messages).toEqual([])
  return printed
}

describeUpstream('at depths up to 420', () => {
  const running = new Set<RealHaproxy>()
  afterAll(() => Promise.all([...running].map((real) => real.stop())))

  const theirs = async (program: string): Promise<readonly string[]> => {
    const real = new RealHaproxy(CONFIG, { 'x.lua': task(program) })
    running.add(real)
    await real.until(() => real.output.includes('done'), 50_000)
    running.delete(real)
    await real.stop()
    return real.output
  }

  it('all functions that may call Lua are covered', async () => {
    expect(await theirs(completenessProgram)).toEqual(['', 'done'])
  })

  for (const shape of SHAPES)
    for (const variant of VARIANTS)
      it(`in ${shape}, if the called function ${variant}`, async () => {
        const program = sweepProgram(shape, variant)
        const expected = await theirs(program)
        expect(expected.length).toBeGreaterThan(70)
        expect(ours(program, UNINTERRUPTED)).toEqual(expected)
        if (variant !== 'returns') expect(ours(program, 50)).toEqual(expected)
      })
})
