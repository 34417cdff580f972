/** Generated programs, and the script that runs many of them. */
import type { Choices } from './choices.js'
import { PRELUDE } from './prelude.js'
import { Scope } from './scope.js'
import { block } from './statements.js'

/** The body of a function of `a`, `b`, `c` and more arguments. */
export const generate = (choices: Choices): string => {
  const scope = new Scope(
    choices,
    3,
    [
      { name: 'a', kind: 'integer', constant: false },
      { name: 'b', kind: 'float', constant: false },
      { name: 'c', kind: 'string', constant: false },
    ],
    { varargs: true, closing: choices.oneIn(2), names: { next: 1 } },
  )
  const parts = Array.from({ length: 1 + choices.below(3) }, () => {
    const part = block(scope.body(true), 3)
    return `  show(pcall(function(...)\n${part}\n  end, ...))`
  })
  return parts.join('\n')
}

const functions = (programs: readonly string[]): string =>
  programs.map((program, i) => `PROGRAMS[${i + 1}] = function(a, b, c, ...)\n${program}\nend`).join('\n')

/**
 * Prints what the programs print, each run in a coroutine; with `core`, in the script's body and then in a task, each from the
 * beginning of a step, so that it is interrupted at the same places alone. The function of the coroutine and of the task is the same,
 * so that levels are.
 */
export const script = (programs: readonly string[]): string => `${PRELUDE}
local PROGRAMS = {}
${functions(programs)}
local inTask = false
local function all()
  for i, program in ipairs(PROGRAMS) do
    if inTask then core.yield() end
    print(run(i, program))
  end
end
coroutine.wrap(all)()
inTask = true
if core then core.register_task(all) end`
