/** `wait`: waits for a duration, or until a server can be removed (`cli_parse_wait` in src/cli.c). */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { Task } from '../../engine/task.js'
import { isDurationError, parseDuration } from '../../config/syntax/units.js'
import { obstacleToRemoval } from '../server/dynamic.js'
import type { ProcessContext } from '../context.js'
import type { Answer, Job, JobOutput } from './job.js'
import type { CommandCall, Family } from './registry.js'

const USAGE =
  'Usage: wait {-h|<duration>} [condition [args...]]\n' +
  "  - '-h' displays this help\n" +
  '  - <duration> is the maximum wait time, optionally suffixed by the unit among\n' +
  "    'us', 'ms', 's', 'm', 'h', and 'd'. ; the default unit is milliseconds.\n" +
  '  - <condition> indicates what to wait for, no longer than the specified\n' +
  '    duration. Supported conditions are:\n' +
  '    - <none> : by default, just sleep for the specified duration.\n' +
  '    - srv-removable <px>/<sv> : wait for this server to become removable.\n'

/** Checks the condition. Returns the response, or undefined to continue waiting. */
type Condition = () => 'Done.\n' | 'Failed.\n' | undefined

const wait = ({ process, args }: CommandCall): Answer => {
  const [duration, condition, path] = args
  if (duration === undefined) return 'Expects a duration in milliseconds.\n'
  if (duration === '-h') return USAGE
  const parsed = parseDuration(duration)
  if (isDurationError(parsed) || parsed.trailing !== '' || parsed.value < MILLISECOND) return 'Invalid duration.\n'
  if (condition === undefined) return new WaitJob(process, parsed.value, undefined)
  if (condition !== 'srv-removable') return USAGE
  if (path === undefined) return 'Missing server name (<backend>/<server>).\n'
  if (!/^[^/]*\/./.test(path)) return "Require 'backend/server'.\n"
  return new WaitJob(process, parsed.value, () => {
    const server = process.server(path)
    if (!server) return 'Failed.\n'
    const obstacle = obstacleToRemoval(server)
    return obstacle === undefined ? 'Done.\n' : obstacle.mayPass ? undefined : 'Failed.\n'
  })
}

class WaitJob implements Job {
  #task: Task | undefined
  #output: JobOutput | undefined

  constructor(
    readonly process: ProcessContext,
    readonly duration: Micros,
    readonly condition: Condition | undefined,
  ) {}

  start(output: JobOutput): void {
    this.#output = output
    const { clock, threads } = this.process
    const deadline = clock.now + this.duration
    const result = this.condition?.()
    if (result !== undefined) return this.#finish(result)
    if (output.inputEnded) return this.#finish('Interrupted.\n')
    // the condition is polled ten times over the whole duration
    const step = this.condition ? Math.max(Math.floor(this.duration / 10), MILLISECOND) : this.duration
    this.#task = threads.spawn({
      name: 'cli wait',
      run: (task) => {
        const result = this.condition?.()
        if (result !== undefined) this.#finish(result)
        else if (clock.now >= deadline) this.#finish(this.condition ? 'Wait delay expired.\n' : 'Done.\n')
        else task.wakeAt(Math.min(clock.now + step, deadline))
      },
    })
    this.#task.wakeAt(Math.min(clock.now + step, deadline))
  }

  inputCame(): void {
    if (this.#output?.inputEnded) this.#finish('Interrupted.\n')
  }

  abandon(): void {
    this.#task?.kill()
  }

  #finish(text: string): void {
    this.#task?.kill()
    this.#output!.write(text)
    this.#output!.end()
  }
}

export const waitFamily: Family = [{ words: ['wait'], run: wait }]
