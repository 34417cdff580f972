/**
 * The files of programs/ print in the body of a script, and those without tracebacks in a task that is interrupted all the time, what
 * they print in the real Lua. Each line of a file is a program.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fromByteString } from '../../../src/bytes/text.js'
import { runScript } from '../../lua/world.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { withLua } from './real-lua.js'

const FILES = ['calls', 'coroutines', 'debug', 'errors', 'integers', 'libraries', 'syntax'] as const
/** What tells of calls below the program, or sets hooks in place of HAProxy's. */
const IN_BODY_ONLY: ReadonlySet<string> = new Set(['debug', 'errors', 'integers'])

/** Without addresses, without what lua5.4's own program is made of, and the traceback that it adds to errors of its parser. */
const normal = (lines: string): string[] =>
  lines
    .replace(/0x[0-9a-f]{6,}/g, 'ADDRESS')
    .replace(/\n\t\[C\]: in \?(?=\t|$)/gm, '')
    .replace(/C stack overflow\nstack traceback:(\n\t.*)+/g, 'C stack overflow')
    .split('\n')

const real = (program: string): string[] => {
  const folder = temporaryFolder('files')
  writeFileSync(join(folder, 'x.lua'), program)
  return normal(fromByteString(execFileSync('lua5.4', ['x.lua'], { cwd: folder, encoding: 'latin1' })).trimEnd())
}

const ours = (program: string, global = 'nbthread 1'): string[] => {
  const { printed, messages } = runScript(program, { global }, 3600)
  return normal([...printed, ...messages].join('\n').trimEnd())
}

withLua('5.4', 'files of small programs', () => {
  for (const name of FILES) {
    const program = readFileSync(`test/upstream/lua/programs/${name}.lua`, 'utf8')
    it(`${name}, in the body`, () => expect(ours(program)).toEqual(real(program)))
    if (IN_BODY_ONLY.has(name)) continue
    it(`${name}, in a task`, () => {
      const task = `core.register_task(function() ${program}\nend)`
      const all = real(`coroutine.wrap(function() ${program}\nend)()`)
      for (const forcedYield of [7, 10_000])
        expect(ours(task, `nbthread 1\n    tune.lua.forced-yield ${forcedYield}`)).toEqual(all)
    })
  }
})
