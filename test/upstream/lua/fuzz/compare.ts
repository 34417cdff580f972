/**
 * Runs generated programs in a task that is interrupted all the time and in a script's body; the real HAProxy runs them in a script's
 * body, by the Lua that it is built with.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runScript } from '../../../lua/world.js'
import { upstream } from '../../support/upstream.js'
import { script } from './program.js'

/** Instructions between two forced yields. */
export const FORCED_YIELDS = [3, 4, 7, 11, 20, 50, 101, 200] as const

const SETTINGS = (forcedYield: number): string => `nbthread 1
    tune.lua.forced-yield ${forcedYield}
    tune.lua.task-timeout 1h
    tune.lua.burst-timeout 0`

/** A program that prints something else here. */
export interface Difference {
  readonly index: number
  readonly where: 'body' | 'task'
  readonly ours: string
  readonly real: string
}

/** What each program printed. */
const split = (output: string): string[] => output.split(/^(?=program \d+$)/m).map((each) => each.replace(/\n$/, ''))

const CONFIG = `global
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load x.lua
`

/** `haproxy -c` of a valid configuration without listeners. */
const NO_LISTENER = 2

/** Milliseconds; a batch takes some thousandths of that. Every loop of a program consumes its fuel, so that none is endless. */
const LONGEST = 300_000

/** What each program prints in HAProxy. */
const realOutputs = (folder: string, text: string): string[] => {
  writeFileSync(join(folder, 'x.lua'), text, 'latin1')
  writeFileSync(join(folder, 'haproxy.cfg'), CONFIG)
  const env = { ...process.env, TZ: 'UTC' }
  const options = { cwd: folder, env, encoding: 'latin1', maxBuffer: 1 << 28, timeout: LONGEST } as const
  const { stdout, stderr, status, signal } = spawnSync(upstream('haproxy'), ['-q', '-c', '-f', 'haproxy.cfg'], options)
  if (signal === 'SIGTERM') throw new Error(`HAProxy did not run ${text.length} bytes of programs in ${LONGEST} ms`)
  if (status !== NO_LISTENER) throw new Error(`haproxy: ${signal ?? status}: ${stderr}`)
  return split(stdout)
}

/** C calls are ended by the yields of a task, so that its limit is elsewhere. */
const reachesLimit = (output: string): boolean => output.includes('C stack overflow')

/** @param folder where the script is written to */
export const differing = (folder: string, programs: readonly string[], forcedYield: number): Difference[] => {
  const text = script(programs)
  const real = realOutputs(folder, text)
  const { printed, messages } = runScript(text, { global: SETTINGS(forcedYield), startLimit: '0' }, 36_000)
  if (messages.length > 0) throw new Error(messages.join('\n'))
  const ours = split(printed.join('\n'))
  if (real.length !== programs.length) throw new Error(`HAProxy ran ${real.length} of ${programs.length} programs`)
  return programs.flatMap((_, index) =>
    (['body', 'task'] as const).flatMap((where) => {
      const mine = ours[index + (where === 'task' ? programs.length : 0)] ?? 'did not run'
      if (where === 'task' && reachesLimit(real[index]!)) return []
      return mine === real[index] ? [] : [{ index, where, ours: mine, real: real[index]! }]
    }),
  )
}
