/** Collections in a task leave in weak tables, and call of finalizers, what they do in the real Lua. */
import { expect, it } from 'vitest'
import { runScript } from '../../lua/world.js'
import { COLLECT_PROGRAMS } from './collect-programs.js'
import { realOutput, withLua } from './real-lua.js'

const ours = (program: string): string => {
  const { printed, messages } = runScript(`core.register_task(function() ${program} end)`)
  return [...printed, ...messages].join('\n')
}

withLua('5.4', 'collections', () => {
  it(`in ${COLLECT_PROGRAMS.length} programs`, () => {
    const results = COLLECT_PROGRAMS.map((program) => ({ program, printed: ours(program) }))
    expect(results).toEqual(COLLECT_PROGRAMS.map((program) => ({ program, printed: realOutput('5.4', program) })))
  })
})
