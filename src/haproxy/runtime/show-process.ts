/**
 * `show` commands about the internals of the process: threads, tasks, sessions, sinks, sockets. Counters of what a simulated process
 * does not have (system calls, buffers, memory pools) are 0.
 */
import { atoi } from '../../bytes/integers.js'
import { SECOND } from '../../engine/clock.js'
import { formatAddress, isIp } from '../../net/address.js'
import { capturedText, snapshotText, type ErrorSnapshot } from '../proxy/error-snapshot.js'
import { COUNTERS } from '../resolvers/index.js'
import { PERMISSION_DENIED } from './lookup.js'
import { notEmulated } from './not-emulated.js'
import type { CommandCall, Family } from './registry.js'
import { hasLevel } from './session.js'

const constant = (text: string) => () => text

/** `1795219545.777350` */
const seconds = (micros: number): string => (micros / SECOND).toFixed(6)

/** Counters of `show activity`; with several threads, the sum is followed by the counter of each. */
const ACTIVITY: readonly string[] = (
  'ctxsw tasksw empty_rq long_rq curr_rq loops wake_tasks wake_signal poll_io poll_exp poll_drop_fd poll_skip_fd ' +
  'conn_dead stream_calls pool_fail buf_wait cpust_ms_tot cpust_ms_1s cpust_ms_15s avg_cpu_pct avg_loop_us accepted ' +
  'accq_pushed accq_full accq_ring fd_takeover check_adopted check_started check_active check_running'
).split(' ')

/** -1, the default, shows the sum and all threads, 0 the sum alone. */
const showActivity = ({ process, args }: CommandCall): string => {
  const { clock, threads } = process
  const asked = args[0] === undefined ? -1 : Number.parseInt(args[0], 10) || 0
  if (asked < -1 || asked > threads.count) return 'Thread ID number must be between -1 and nbthread\n'
  const { accepted, streamCalls, checksStarted } = process.counters.activity
  // not counted for each thread
  const counted: Readonly<Record<string, number>> = {
    accepted,
    stream_calls: streamCalls,
    check_started: checksStarted,
  }
  const value = (name: string, thread: number): number => {
    if (name === 'curr_rq') return threads.queues[thread]!.size
    return thread === 1 ? (counted[name] ?? 0) : 0
  }
  const values = (name: string): number[] => Array.from({ length: threads.count }, (_, i) => value(name, i + 1))
  const text = (name: string): string => {
    const each = values(name)
    const shown = each.filter((_, i) => asked === -1 || asked === i + 1).map((value) => ` ${value}`)
    if (each.length === 1 || asked > 0) return shown.join('')
    const sum = each.reduce((a, b) => a + b, 0)
    return asked === 0 ? ` ${sum}` : ` ${sum} [${shown.join('')} ]`
  }
  return (
    `thread_id: ${process.scheduler.current?.thread ?? 1} (1..${threads.count})\n` +
    `date_now: ${seconds(clock.wall)}\nuptime_now: ${seconds(clock.now - process.startedAt)}\n` +
    ACTIVITY.map((name) => `${name}:${text(name)}\n`).join('')
  )
}

const showThreads = ({ process }: CommandCall): string => {
  const { threads } = process
  const current = process.scheduler.current?.thread ?? 1
  return Array.from({ length: threads.count }, (_, i) => {
    const thread = i + 1
    const running = thread === current
    return (
      `${running ? '*' : ' '} Thread ${thread} : id=0x${thread.toString(16)} act=${running ? 1 : 0} glob=0 wq=1 ` +
      `rq=${threads.queues[thread]!.size > 0 ? 1 : 0} tl=0 tlsz=0 rqsz=${threads.queues[thread]!.size}\n` +
      `      1/${thread}    loops=0 ctxsw=0 stuck=0 prof=0 harmless=${running ? 0 : 1} isolated=0\n` +
      '             cpu_ns: poll=0 now=0 diff=0\n             curr_task=0\n'
    )
  }).join('')
}

/** The tasks in the run queues, by kind. */
const showTasks = ({ process }: CommandCall): string => {
  const places = new Map<string, number>()
  let running = 0
  for (const task of process.threads.tasks) {
    if (!task.runnable) continue
    running++
    const kind = task.name.replace(/ \S+$/, '').replaceAll(' ', '_')
    places.set(kind, (places.get(kind) ?? 0) + 1)
  }
  const lines = [...places]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => {
      const share = ((100 * count) / running).toFixed(1)
      return `  ${kind.padEnd(28)}  ${String(count).padStart(5)}  ${share.padStart(5)}  -         -          -          -          -\n`
    })
  return (
    `Running tasks: ${running} (${process.threads.count} threads)\n` +
    `  function                     places     %    lat_tot   lat_avg  calls_tot  calls_avg calls%\n${lines.join('')}`
  )
}

const SINKS = ['stdout', 'stderr', 'buf0', 'dpapi']

const showEvents = ({ session, args }: CommandCall): string => {
  const [sink] = args
  if (sink === undefined)
    return (
      'Supported events sinks are listed below. Add -0(zero), -w(wait), -n(new). Any key to stop.\n' +
      '    stdout     : type=fd, 0 dropped, standard output (fd#1)\n' +
      '    stderr     : type=fd, 0 dropped, standard output (fd#2)\n' +
      '    buf0       : type=buffer, 0 dropped, in-memory ring buffer\n' +
      '    dpapi      : type=buffer, 0 dropped, DPAPI ring buffer\n'
    )
  if (!hasLevel(session, 'operator')) return PERMISSION_DENIED
  if (!SINKS.includes(sink)) return 'No such event sink\n'
  return sink.startsWith('std') ? 'Nothing to report for this sink\n' : ''
}

const showSockets = ({ process }: CommandCall): string =>
  '# socket lvl processes\n' +
  process.configuration.global.statsSockets
    .map(({ bind: { address }, level }) => {
      const name = isIp(address)
        ? `${address.family}@${formatAddress(address)}`
        : `${address.family}@${'path' in address ? address.path : ''}`
      return `${name} ${level} all\n`
    })
    .join('')

/** The last invalid request and response of each proxy, or of one; `request` or `response` shows those only. */
const showErrors = ({ process, session, args: [name, direction] }: CommandCall): string => {
  if (!hasLevel(session, 'operator')) return PERMISSION_DENIED
  const id = name === undefined ? -1 : (process.proxies.find((each) => each.name === name)?.uuid ?? atoi(name))
  if (id === 0) return 'No such proxy.\n'
  const isShown = (snapshot: ErrorSnapshot | undefined): snapshot is ErrorSnapshot =>
    snapshot !== undefined &&
    direction !== OTHER_DIRECTION[snapshot.direction] &&
    (id < 0 || snapshot.proxy.id === id || snapshot.other?.id === id)
  const snapshots = process.proxies.flatMap((proxy) => [proxy.invalidRequest, proxy.invalidResponse].filter(isShown))
  const { buffer } = process.configuration.global.messageLimits
  const texts = snapshots.map((snapshot) => snapshotText(snapshot, process, buffer))
  return capturedText(process.counters.invalidMessages, process.clock.wall, process) + texts.join('')
}

const OTHER_DIRECTION = { request: 'response', response: 'request' } as const

const showStartupLogs = ({ process }: CommandCall): string =>
  process.logger.messages
    .filter((each) => each.at <= process.startedAt)
    .map(({ severity, text }) => `${`[${severity.toUpperCase()}]`.padEnd(10)} (${process.machine.pid}) : ${text}\n`)
    .join('')

const getVariable = ({ args }: CommandCall): string =>
  args[0] === undefined ? 'Missing process-wide variable identifier.\n' : 'Variable not found.\n'

/** `cli_io_handler_dump_resolvers_to_buffer` in src/resolvers.c */
const showResolvers = ({ process, args }: CommandCall): string => {
  const { sections } = process.resolvers
  const wanted = args[0]
  if (wanted !== undefined && !sections.has(wanted)) return "Can't find that resolvers section\n"
  if (sections.size === 0) return 'No resolvers found\n'
  let text = ''
  for (const { config, nameservers } of sections.values()) {
    if (wanted !== undefined && config.name !== wanted) continue
    text += `Resolvers section ${config.name}\n`
    for (const { name, counters } of nameservers)
      text += ` nameserver ${name}:\n${COUNTERS.map((each) => `  ${`${each}:`.padEnd(13)}${counters[each]}\n`).join('')}`
  }
  return text
}

const noTable = ({ args }: CommandCall): string => (args[0] === undefined ? '' : 'No such table\n')

const needsTable =
  (usage: string) =>
  ({ args }: CommandCall): string =>
    args[0] === undefined ? `Required arguments: ${usage}\n` : 'No such table\n'

const CLEAR_TABLE = '<table> "data.<store_data_type>" <operator> <value> or <table> key <key> or <table> ptr <ptr>'
const SET_TABLE =
  '<table> key <key> [data.<store_data_type> <value>]* or <table> ptr <ptr> [data.<store_data_type> <value>]*'

const showPeers = ({ args }: CommandCall): string => {
  const section = args[0] === 'dict' || args[0] === '-' ? args[1] : args[0]
  return section === undefined ? '' : 'No such peers\n'
}

const showTlsKeys = ({ args: [name = '*'] }: CommandCall): string =>
  name.startsWith('*') ? '# id (file)\n' : "'show tls-keys' unable to locate referenced filename\n"

const showTrace = ({ session, args }: CommandCall): string =>
  args[0] !== undefined && !hasLevel(session, 'operator') ? PERMISSION_DENIED : notEmulated('show trace')

export const processFamily: Family = [
  { words: ['show', 'activity'], run: showActivity },
  { words: ['show', 'threads'], run: showThreads },
  { words: ['show', 'tasks'], run: showTasks },
  { words: ['show', 'events'], run: showEvents },
  { words: ['show', 'trace'], run: showTrace },
  { words: ['show', 'cli', 'sockets'], run: showSockets },
  { words: ['show', 'errors'], run: showErrors },
  { words: ['show', 'startup-logs'], run: showStartupLogs },
  {
    words: ['show', 'resolvers'],
    run: showResolvers,
  },
  { words: ['show', 'table'], run: noTable },
  { words: ['clear', 'table'], run: needsTable(CLEAR_TABLE) },
  { words: ['set', 'table'], run: needsTable(SET_TABLE) },
  { words: ['show', 'peers'], run: showPeers },
  { words: ['show', 'cache'], run: constant('') },
  { words: ['show', 'tls-keys'], run: showTlsKeys },
  { words: ['show', 'anon'], run: constant('Anonymized mode disabled\n') },
  { words: ['get', 'var'], run: getVariable },
]
