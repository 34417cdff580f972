/** Runs the commands of a test's file (`exec_file` in VTest's src/vtc.c). */
import { SHARED_COMMANDS, TOP_COMMANDS } from './commands/index.js'
import { Skip } from './failure.js'
import { execute } from './interpreter.js'
import type { Script } from './script.js'
import { Actor, Test, type TestOptions } from './test.js'
import type { World } from './world.js'

/** Starts a test in a world; it calls its `onVerdict` when it has ended. */
export const startTest = (world: World, options: TestOptions): Test => {
  const test = new Test(world, options, SHARED_COMMANDS)
  test.start('top', runFile(test))
  return test
}

function* runFile(test: Test): Script {
  const actor = new Actor(test, 'top')
  const { text, file } = test.options
  actor.log(1, `TEST ${file} starting`)
  let skip: Skip | undefined
  try {
    yield* execute({ text, file, line: 1 }, TOP_COMMANDS, test, actor)
  } catch (error) {
    if (!(error instanceof Skip)) throw error
    skip = error
    actor.log(1, `SKIPPING test, ${error.message}`)
  }
  test.isStopping = true
  actor.log(1, `RESETTING after ${file}`)
  yield* test.reset()
  test.end(skip ? { result: 'skipped', skip } : { result: 'passed' })
}
