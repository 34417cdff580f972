/** Runs generated programs by the real Lua, in a task that is interrupted all the time and in a script's body. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runScript } from '../../../lua/world.js'
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

/** Lua 5.4.4 gives the line of an earlier instruction where a constant is the divisor; later ones do not. */
const normal = (output: string): string =>
  output.replace(/x\.lua:\d+: (?=attempt to (divide by zero|perform 'n%+0'))/g, '')

/** What each program printed. */
const split = (output: string): string[] =>
  normal(output)
    .split(/^(?=program \d+$)/m)
    .map((each) => each.replace(/\n$/, ''))

/** Milliseconds; a batch takes some hundredths of that. */
const LONGEST = 10_000

/** What lua5.4 prints; undefined of the few programs that Lua 5.4.4 crashes or hangs at. */
const realOutputs = (folder: string, programs: readonly string[]): (string | undefined)[] => {
  writeFileSync(join(folder, 'x.lua'), script(programs), 'latin1')
  const options = { cwd: folder, encoding: 'latin1', maxBuffer: 1 << 28, timeout: LONGEST } as const
  const { stdout, status, signal, stderr } = spawnSync('lua5.4', ['x.lua'], options)
  if (status === 0) return split(stdout)
  if (signal === null) throw new Error(`lua5.4: ${stderr}`)
  if (programs.length === 1) return [undefined]
  const half = programs.length >> 1
  return [...realOutputs(folder, programs.slice(0, half)), ...realOutputs(folder, programs.slice(half))]
}

/** @param folder where the script is written to */
export const differing = (folder: string, programs: readonly string[], forcedYield: number): Difference[] => {
  const text = script(programs)
  const real = realOutputs(folder, programs)
  const { printed, messages } = runScript(text, { global: SETTINGS(forcedYield) }, 36_000)
  if (messages.length > 0) throw new Error(messages.join('\n'))
  const ours = split(printed.join('\n'))
  if (real.length !== programs.length) throw new Error(`lua5.4 ran ${real.length} of ${programs.length} programs`)
  return programs.flatMap((_, index) =>
    (['body', 'task'] as const).flatMap((where) => {
      const mine = ours[index + (where === 'task' ? programs.length : 0)] ?? 'did not run'
      return real[index] === undefined || mine === real[index] ? [] : [{ index, where, ours: mine, real: real[index] }]
    }),
  )
}
