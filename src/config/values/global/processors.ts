/** Threads and processors in `global`: `cpu-map`, `cpu-set`, `cpu-policy`, `thread-group` … (src/cfgparse-global.c, src/cpu_topo.c, src/thread.c). */
import { strl2uic, strtol } from '../../../bytes/integers.js'
import type { Line } from '../../syntax/line.js'
import type { ParseContext } from '../../parse-context.js'
import type { ValueCheck } from '../check.js'
import { anyWords, one, type GlobalCheck } from './check.js'

const MAX_THREADS = 1024
const MAX_GROUPS = 32
const MAX_THREADS_PER_GROUP = 64
const MAX_CPUS = 1024

/** Reports that the keyword is only allowed in the first `global` section. */
const isTooLate = (context: ParseContext, line: Line): boolean => {
  if (!context.pastGlobal) return false
  context.alert(
    line,
    `'${line.at(0)}' not allowed if a non-global section was previously defined. ` +
      'This parameter must be declared in the first global section',
  )
  return true
}

/** An integer with `problem` about its value. */
const integer =
  (problem: (name: string, value: number) => string | undefined): ValueCheck =>
  (name, [value = '']) => {
    const parsed = strtol(value)
    if (value === '' || parsed.rest !== '')
      return `'${name}' passed a missing or unparsable integer value in '${value}'`
    return problem(name, parsed.value)
  }

const hardLimit = integer((name, value) =>
  value >= 1 && value <= MAX_THREADS ? undefined : `'${name}' value must be at least 1 (was ${value})`,
)

const groupCount = integer((name, value) =>
  value >= 1 && value <= MAX_GROUPS ? undefined : `'${name}' value must be between 1 and ${MAX_GROUPS} (was ${value})`,
)

const groupNumber = integer((name, value) =>
  value >= 1 && value <= MAX_GROUPS
    ? undefined
    : `'${name}' thread-group number must be between 1 and ${MAX_GROUPS} (was ${value})`,
)

/** `thread-group <group> [<thread>[-<thread>]]…` */
const threadGroup: GlobalCheck = (context, line) => {
  const [name, text] = [line.at(0), line.at(1)]
  const problem = groupNumber(name, [text])
  if (problem !== undefined) return context.alert(line, problem)
  const group = strtol(text).value
  const title = `'${name} ${group}'`
  const { groupOf, ranges } = context.global.threads
  const earlier = ranges.get(group)
  if (earlier) context.warn(line, `${title} was already defined and will be overridden.`)
  // HAProxy does not remove the last one
  for (let thread = earlier?.first ?? 0; thread < (earlier?.last ?? 0); thread++)
    if (groupOf.get(thread) === group) groupOf.delete(thread)
  ranges.delete(group)
  const threads = new Set<number>()
  for (const range of line.from(2)) {
    const low = strtol(range)
    const high = low.rest.startsWith('-') ? strtol(low.rest.slice(1)) : low
    const isValid = [low, high].every(({ value }) => value >= 1 && value <= MAX_THREADS)
    if (high.rest !== '' || !isValid)
      return context.alert(
        line,
        `${title} passed an unparsable or invalid thread number '${range}' (valid range is 1 to ${MAX_THREADS})`,
      )
    for (let each = low.value; each <= high.value; each++) {
      warnOfAssigned(context, line, each, group)
      threads.add(each)
      groupOf.set(each, group)
    }
  }
  if (threads.size === 0) return 'ok'
  const [first, last] = [Math.min(...threads), Math.max(...threads)]
  ranges.set(group, { first, last })
  const span = last - first + 1
  if (span > threads.size) return context.alert(line, `${title} assigned sparse threads, only contiguous supported`)
  return span > MAX_THREADS_PER_GROUP
    ? context.alert(line, `${title} assigned too many threads (${threads.size}, max=${MAX_THREADS_PER_GROUP})`)
    : 'ok'
}

const warnOfAssigned = (context: ParseContext, line: Line, thread: number, group: number): void => {
  const other = context.global.threads.groupOf.get(thread)
  if (other === undefined) return
  const how =
    other === group
      ? 'assigned more than once on the same line.'
      : `was previously assigned to thread group ${other} and will be overridden.`
  context.warn(line, `'${line.at(0)} ${group}': thread ${thread} ${how}`)
}

/** A keyword whose number is kept. */
const recorded =
  (key: 'groups' | 'limit', check: GlobalCheck): GlobalCheck =>
  (context, line) => {
    const result = check(context, line)
    if (result === 'ok') context.global.threads[key] = strtol(line.at(1)).value
    return result
  }

const selectsProcessors =
  (check: GlobalCheck): GlobalCheck =>
  (context, line) => {
    context.global.threads.hasProcessors = true
    return check(context, line)
  }

const early =
  (check: GlobalCheck): GlobalCheck =>
  (context, line) =>
    isTooLate(context, line) ? 'fatal' : check(context, line)

/** A set of threads or groups: `all`, `odd`, `even`, a number or a range (`parse_process_number`). Returns its size or an error. */
const numberSet = (text: string): number | string => {
  if (text === 'all') return MAX_THREADS_PER_GROUP
  if (text === 'odd' || text === 'even') return MAX_THREADS_PER_GROUP / 2
  if (!/^\d*(?:-\d*)?$/.test(text)) return `'${text}' is not a valid number/range.`
  const [first, second] = text.split('-') as [string, string?]
  const ends = [
    strl2uic(first),
    second === undefined ? strl2uic(first) : second === '' ? MAX_THREADS_PER_GROUP : strl2uic(second),
  ]
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  return low < 1 || high > MAX_THREADS_PER_GROUP
    ? `'${text}' is not a valid number/range. It supports numbers from 1 to ${MAX_THREADS_PER_GROUP}.\n`
    : high - low + 1
}

/** A set of processors (`parse_cpu_set` in src/cpuset.c). Returns its size or an error. */
const cpuSet = (words: readonly string[]): number | string => {
  const cpus = new Set<number>()
  for (const word of words)
    for (let rest: string | undefined = word; rest !== undefined && rest !== '';) {
      if (!/^\d/.test(word)) return `'${rest}' is not a CPU range.`
      const [range, ...more]: string[] = rest.split(',')
      const dash = range!.indexOf('-')
      const low = strl2uic(range!)
      const end = dash < 0 ? low : dash + 1 === rest.length ? MAX_CPUS - 1 : strl2uic(range!.slice(dash + 1))
      if (Math.max(low, end) >= MAX_CPUS) return `supports CPU numbers from 0 to ${MAX_CPUS - 1}.`
      for (let each = Math.min(low, end); each <= Math.max(low, end); each++) cpus.add(each)
      rest = more.length > 0 ? more.join(',') : undefined
    }
  return cpus.size
}

const cpuMap: ValueCheck = (name, [threads = '', ...cpus]) => {
  if (threads === '' || cpus.length === 0)
    return (
      `${name} expects a thread group number  ('all', 'odd', 'even', a number from 1 to 64 or a range), ` +
      ' followed by a list of CPU ranges with numbers from 0 to 63.'
    )
  const isAutomatic = threads.startsWith('auto:')
  const [groups, members = 'all'] = threads.slice(isAutomatic ? 5 : 0).split(/\/([^]*)/) as [string, string?]
  const sizes = [numberSet(groups), numberSet(members), cpuSet(cpus)]
  const problem = sizes.find((each) => typeof each === 'string')
  if (problem !== undefined) return `${name} : ${problem}`
  return isAutomatic && sizes[0] !== sizes[2] && sizes[1] !== sizes[2]
    ? `${name} : TGROUP/THREAD range and CPU sets must have the same size to be automatically bound`
    : undefined
}

const CPU_SETS = ['cpu', 'node', 'cluster', 'core', 'thread']
const CPU_DIRECTIVES = ['reset', ...CPU_SETS.flatMap((each) => [`only-${each}`, `drop-${each}`])]

const cpuSelection: ValueCheck = (name, words) => {
  const supported = `(only ${CPU_DIRECTIVES.map((each) => `'${each}'`).join(', ')} supported).`
  if (words.length === 0) return `'${name}' requires a directive and an optional value ${supported}`
  for (let at = 0; at < words.length; at++) {
    const directive = words[at]!
    if (directive === 'reset') continue
    if (!CPU_DIRECTIVES.includes(directive)) return `'${name}' passed an unknown directive '${directive}' ${supported}`
    const set = words[++at]
    const problem = set === undefined ? `missing ${directive.slice(5).replace('cpu', 'CPU')} set` : cpuSet([set])
    if (typeof problem === 'string') return `'${name} ${directive}': ${problem}\n.`
  }
  return undefined
}

/** The policies with their descriptions, as HAProxy lists them. */
const POLICIES: Readonly<Record<string, string>> = {
  none: 'use all available CPUs',
  'first-usable-node': 'use only first usable node if nbthreads not set',
  'group-by-ccx': 'make one thread group per CCX',
  'group-by-2-ccx': 'make one thread group per 2 CCX',
  'group-by-3-ccx': 'make one thread group per 3 CCX',
  'group-by-4-ccx': 'make one thread group per 4 CCX',
  'group-by-cluster': 'make one thread group per core cluster',
  'group-by-2-clusters': 'make one thread group per 2 core clusters',
  'group-by-3-clusters': 'make one thread group per 3 core clusters',
  'group-by-4-clusters': 'make one thread group per 4 core clusters',
  performance: 'make one thread group per perf. core cluster',
  efficiency: 'make one thread group per eff. core cluster',
  resource: 'make one thread group from the smallest cluster',
}

const cpuPolicy: ValueCheck = (name, [value = '']) => {
  if (Object.hasOwn(POLICIES, value)) return undefined
  const policies = Object.entries(POLICIES).map(([policy, description]) => `'${policy}' (${description})`)
  // HAProxy also writes `and` before the first one
  const list = `and ${policies.slice(0, -1).join(', ')}, and ${policies.at(-1)}.\n`
  return `'${name}' passed an unknown CPU policy '${value}'. Supported values are: ${list}`
}

/** Checks by keyword. */
export const PROCESSOR_CHECKS: readonly (readonly [string, GlobalCheck])[] = [
  ['cpu-map', selectsProcessors(anyWords(cpuMap))],
  ['cpu-set', selectsProcessors(anyWords(cpuSelection))],
  ['cpu-policy', selectsProcessors(one(cpuPolicy))],
  ['thread-group', early(threadGroup)],
  ['thread-groups', early(recorded('groups', one(groupCount)))],
  ['thread-hard-limit', recorded('limit', one(hardLimit))],
]
