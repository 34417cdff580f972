/** The number of threads and their groups (thread_detect_count, thread_map_to_groups and thread_detect_more_than_cpus in src/thread.c). */
import type { ParseContext } from '../parse-context.js'
import type { Diagnostics } from '../syntax/diagnostics.js'

const MAX_PER_GROUP = 64

/** Applies the limits to `nbthread` and checks that each thread has a group. */
export const checkThreads = (context: ParseContext, diagnostics: Diagnostics): void => {
  const { global, options } = context
  const { limit, groups = 1, groupOf, ranges } = global.threads
  if (global.nbthread !== undefined && global.nbthread > MAX_PER_GROUP * groups)
    global.nbthread = MAX_PER_GROUP * groups
  if (limit !== undefined && global.nbthread !== undefined && global.nbthread > limit) {
    diagnostics.add(
      'warning',
      `nbthread forced to a higher value (${global.nbthread}) than the configured thread-hard-limit (${limit}), ` +
        'enforcing the limit. Please fix either value to remove this warning.',
    )
    global.nbthread = limit
  }
  const count = global.nbthread ?? options.processors
  const problem = count === undefined ? undefined : groupProblem(count, groups, groupOf, ranges)
  if (problem !== undefined) diagnostics.add('alert', problem)
}

/** Gives threads without a group to groups without threads; returns HAProxy's error if that is impossible. */
const groupProblem = (
  count: number,
  groups: number,
  groupOf: ReadonlyMap<number, number>,
  used: ReadonlyMap<number, unknown>,
): string | undefined => {
  const threads = Array.from({ length: count }, (_, index) => index + 1).filter((each) => !groupOf.has(each))
  let empty = Array.from({ length: groups }, (_, index) => index + 1).filter((each) => !used.has(each)).length
  if (empty > threads.length)
    return `More unassigned thread-groups (${empty}) than threads (${threads.length}). Please reduce thread-groups`
  for (; empty > 0; empty--) {
    const size = Math.ceil(threads.length / empty)
    if (size > MAX_PER_GROUP)
      return (
        `Too many remaining unassigned threads (${threads.length}) for thread groups (${empty}). Please increase ` +
        'thread-groups or make sure to keep thread numbers contiguous'
      )
    const first = threads[0]!
    const contiguous = threads.findIndex((each, index) => index >= size || each !== first + index)
    threads.splice(0, contiguous < 0 ? threads.length : contiguous)
  }
  if (threads.length === 0) return undefined
  return (
    `Remaining unassigned threads found (${threads.length}) because all groups are in use. Please increase ` +
    "'thread-groups', reduce 'nbthreads' or remove or extend 'thread-group' enumerations."
  )
}

/** Warns about more threads than processors, if their number is known and `cpu-map` does not change it. */
export const warnAboutManyThreads = ({ global, options }: ParseContext, diagnostics: Diagnostics): void => {
  const { nbthread = 0, threads } = global
  const { processors = Infinity } = options
  if (threads.hasProcessors || nbthread <= processors) return
  diagnostics.add(
    'warning',
    `This configuration binds ${nbthread} threads to a total of ${processors} CPUs via cpu-map directives. This means ` +
      'that some threads will compete for the same CPU, which will cause severe performance degradation. ' +
      "Please fix either the 'cpu-map' directives or set the global 'nbthread' value accordingly.",
  )
}
