/** Plays a test on real sockets. */
import { MILLISECOND } from '../../engine/clock.js'
import { startTest } from '../run.js'
import type { Script } from '../script.js'
import type { Test, TestOptions } from '../test.js'
import { timedOut } from '../timed-out.js'
import { LiveWorld } from './world.js'

export interface LiveTestOptions extends Omit<TestOptions, 'runsPrograms'> {
  /** HAProxy, as text of the shell */
  readonly program: string
  /** arguments of every HAProxy process */
  readonly args?: string
}

/** How long processes may take to end after a failure. */
const CLEANUP_MS = 10_000

/** Plays a test to its end. */
export const playLiveTest = async (options: LiveTestOptions): Promise<Test> => {
  const world = new LiveWorld(options.program, options.args ?? '')
  const test = await new Promise<Test>((resolve) => {
    const started = startTest(world, { ...options, runsPrograms: true })
    const timer = setTimeout(() => started.fail(timedOut(started)), started.duration / MILLISECOND)
    started.onVerdict = () => {
      clearTimeout(timer)
      resolve(started)
    }
  })
  if (test.verdict?.result === 'failed') await cleanUp(test)
  world.close()
  return test
}

/** Ends the processes of a test that has failed. */
const cleanUp = (test: Test): Promise<void> =>
  new Promise((resolve) => {
    test.isStopping = true
    for (const fiber of [...test.fibers]) fiber.cancel()
    const timer = setTimeout(resolve, CLEANUP_MS)
    const script = function* (): Script {
      try {
        yield* test.resetProcesses()
      } finally {
        clearTimeout(timer)
        resolve()
      }
    }
    test.start('top', script())
  })
