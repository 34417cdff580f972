/**
 * Keywords of `global` about the process: its limits, memory, descriptors and scheduling (src/cfgparse-global.c, src/fd.c, src/activity.c,
 * src/linuxcap.c …).
 */
import { atol } from '../../../bytes/integers.js'
import { all, duration, forKeywords, inRange, oneOf, required, type ValueCheck } from '../check.js'
import { isDurationError, parseDuration } from '../../syntax/units.js'
import { MILLISECOND } from '../../../engine/clock.js'
import { anyWords, atMost, once, one, size, sizeUpTo, type GlobalCheck } from './check.js'

const INT_MAX = 0x7fffffff

const integer = required(' expects an integer argument.')
const onOff = oneOf(['on', 'off'], " expects either 'on' or 'off' but got '%'.")

/** A number, which must not be missing. */
const number = (min: number, max: number, what: string): ValueCheck => all(required(what), inRange(min, max, what))

const percentage = number(0, 100, ' expects an integer argument between 0 and 100.')
const positive = number(0, Infinity, ' expects a positive numeric value')

const idleTimer: ValueCheck = (name, [value = '']) => {
  const range = `'${name}' expects a timer value between 0 and 65535 ms.`
  if (value === '') return range
  const parsed = parseDuration(value)
  const what = `in argument <${value}> to <${name}>`
  if (parsed === 'overflow') return `timer overflow ${what}, maximum value is 65535 ms.`
  if (parsed === 'underflow') return `timer underflow ${what}, minimum non-null value is 1 ms.`
  if (isDurationError(parsed)) return `unexpected character '${parsed.unexpected}' in argument to <${name}>.`
  return parsed.value > 65535 * MILLISECOND ? range : undefined
}

/** A time or `infinite`; two of its messages end with a line feed. */
const closeSpreadTime: ValueCheck = (name, values) => {
  if (values[0] === 'infinite') return undefined
  const time = duration((keyword, character) => `unexpected character '${character}' in argument to <${keyword}>.\n`)
  return required(' expects <time> as argument.\n')(name, values) ?? time(name, values)
}

const bufferSize: ValueCheck = (name, values) => {
  const problem = required(' expects an integer argument')(name, values) ?? sizeUpTo(INT_MAX - 16)(name, values)
  if (problem !== undefined) return problem
  return /^0+[kmg]?$/i.test(values[0]!) ? `'${name}' expects a positive integer argument.` : undefined
}

const smallBufferSize: ValueCheck = (name, values) => {
  const problem = integer(name, values) ?? size(name, values)
  if (problem !== undefined) return problem
  return /^0+[kmg]?$/i.test(values[0]!) ? `'${name}' expects a positive integer argument.` : undefined
}

/** Buffers of log sockets; the messages contain the place twice. */
const logSocketBuffer: GlobalCheck = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const [name, value] = [line.at(0), line.at(1)]
  const place = `parsing [${line.file}:${line.line}]`
  if (context.usedOnce.has(name)) {
    context.warn(line, `${place} : ignoring '${name}' which was already specified.\n`)
    return 'ok'
  }
  const problem = size(name, [value])
  if (problem !== undefined) return context.alert(line, `${place}: ${problem}\n`)
  if (/^0+[kmg]?$/i.test(value))
    return context.alert(line, `${place} : '${name}' expects a strictly positive integer argument.\n`)
  context.usedOnce.add(name)
  return 'ok'
}

const takeover: ValueCheck = (name, [value = '']) => {
  const what = `'${name}' expects 'none', 'restricted', or 'full'`
  if (value === '') return what
  return ['none', 'restricted', 'full'].includes(value) ? undefined : `${what}, got '${value}'`
}

const renice: ValueCheck = (name, [value = '']) =>
  (value === '' || /^\s*[+-]?\d+$/.test(value)) && atol(value) >= -20 && atol(value) <= 19
    ? undefined
    : `'${name}' only supports values between -20 and 19 inclusive (was given ${value})`

const pollEvents: ValueCheck = all(integer, (name, [value = '']) =>
  atol(value) > 1_000_000 ? `'${name}' expects an integer value lower than or equal to 1000000.` : undefined,
)

const maxAccept: ValueCheck = all(required(' expects an integer argument'), (name, [value = '']) =>
  atol(value) > INT_MAX ? `'${name}' expects -1 or an integer from 0 to INT_MAX.` : undefined,
)

const quantity =
  (max: number, what: string): ValueCheck =>
  (name, [value = '']) =>
    inRange(0, max, '')(name, [value]) === undefined ? undefined : `'${name}' expects ${what} but got '${value}'.`

const eventMask: ValueCheck = (name, [value = '']) =>
  value === '' || value.split(',').every((each) => ['err', 'hup', 'rdhup'].includes(each))
    ? undefined
    : `'${name}' expects a comma-delimited list of 'err', 'hup' and 'rdhup' but got '${value}'.`

const CAPABILITIES = ['cap_net_raw', 'cap_net_admin', 'cap_net_bind_service', 'cap_sys_admin']

const capabilities: ValueCheck = (name, [value = '']) => {
  const supported = `Supported ones are: ${CAPABILITIES.slice(0, -1).join(', ')} and ${CAPABILITIES.at(-1)}.`
  if (value === '') return `'${name}' : missing capability name(s).  ${supported}`
  const unknown = value.split(',').find((each) => !CAPABILITIES.includes(each))
  return unknown === undefined ? undefined : `'${name}' : unsupported capability '${unknown}'.  ${supported}`
}

const dumpable = oneOf(['', 'on', 'off'], " only supports 'on' and 'off' as an argument, found '%'.")

const stickCounters: ValueCheck = (name, [value = '']) => {
  if (!/^\s*[+-]?\d+$/.test(value) && value !== '') return `${name}: '${value}' is an invalid number`
  const counters = atol(value) | 0
  return counters < 0 ? `${name}: the number of stick-counters may not be negative (was ${counters})` : undefined
}

const families: ValueCheck = (name, [value = '']) =>
  value.split(',').every((each) => each === 'ipv4' || each === 'ipv6' || each === 'auto')
    ? undefined
    : `'${name}' expects a comma-delimited list of 'ipv4' and 'ipv6' but got '${value}'.`

const clusterSecret: GlobalCheck = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  if (line.at(1) === '') return context.alert(line, 'expects an ASCII string argument.')
  if (context.usedOnce.has(line.at(0)))
    context.main.parsing('alert', line.place, `'${line.at(0)}' already specified. Continuing.`)
  context.usedOnce.add(line.at(0))
  return 'ok'
}

const chroot: GlobalCheck = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  if (context.usedOnce.has('chroot')) {
    context.warn(line, `'${line.at(0)}' is already specified. Continuing.\n`)
    return 'ok'
  }
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects a directory as an argument.\n`)
  context.usedOnce.add('chroot')
  return 'ok'
}

const stressLevel: ValueCheck = all(required(' expects a level as an argument.'), (name, [value = '']) =>
  /^\s*[+-]?\d+$/.test(value) && atol(value) >= 0 && atol(value) <= 9
    ? undefined
    : `'${name}' level must be between 0 and 9 inclusive.`,
)

const hotSize: ValueCheck = (name, [value = '']) =>
  atol(value) > 0 ? undefined : `'${name}' expects a strictly positive value.`

/** Experimental, although it is not declared so: its arguments are counted first. */
const disableFastForward: GlobalCheck = (context, line) =>
  context.tooManyWords(line, 0) || !context.allowsExperimental(line) ? 'fatal' : 'ok'

/** Checks by keyword. */
export const PROCESS_CHECKS: readonly (readonly [string, GlobalCheck])[] = [
  ...forKeywords('busy-polling nosplice nogetaddrinfo noreuseport insecure-setuid-wanted prealloc-fd', atMost(0)),
  ...forKeywords('quick-exit h2-workaround-bogus-websocket-clients limited-quic', atMost(0)),
  ...forKeywords('no-memory-trimming pp2-never-send-local', atMost(0)),
  ['tune.disable-zero-copy-forwarding', atMost(0)],
  ['tune.disable-fast-forward', disableFastForward],
  ...forKeywords('numa-cpu-mapping', anyWords()),
  ...forKeywords('maxconnrate maxsessrate maxsslrate maxpipes fd-hard-limit ulimit-n', once('alert', integer)),
  ...forKeywords('maxzlibmem tune.http.cookielen tune.http.logurilen', one(integer)),
  ['maxcomprate', one(required(' expects an integer argument in kb/s.'))],
  ...forKeywords('maxcompcpuusage tune.pool-high-fd-ratio tune.pool-low-fd-ratio', one(percentage)),
  ['cluster-secret', clusterSecret],
  ['chroot', chroot],
  ['set-dumpable', one(dumpable)],
  ['setcap', anyWords(capabilities)],
  ['stress-level', one(stressLevel)],
  ['close-spread-time', anyWords(closeSpreadTime)],
  ['dns-accept-family', one(families)],
  ['force-cfg-parser-pause', one(idleTimer)],
  ...forKeywords(
    'harden.reject-privileged-ports.tcp harden.reject-privileged-ports.quic',
    anyWords(oneOf(['on', 'off'], " expects either 'on' or 'off'.")),
  ),
  ['profiling.tasks', one(oneOf(['on', 'auto', 'off'], " expects either 'on', 'auto', or 'off' but got '%'."))],
  ['profiling.memory', one(onOff)],
  ...forKeywords('tune.buffers.limit tune.buffers.reserve', one(quantity(Infinity, 'a non-negative number'))),
  ['tune.bufsize', one(bufferSize)],
  ['tune.bufsize.small', one(smallBufferSize)],
  ['tune.chksize', anyWords((name) => `option '${name}' is not supported any more (tune.bufsize is used instead).`)],
  ['tune.comp.maxlevel', one(inRange(1, 9, ' expects a numeric value between 1 and 9'))],
  ['tune.epoll.mask-events', one(eventMask)],
  ['tune.events.max-events-at-once', one(inRange(1, 10000, ' expects an integer argument between 1 and 10000.'))],
  ['tune.fail-alloc', one(inRange(0, 100, ' expects a numeric value between 0 and 100.'))],
  ['tune.glitches.kill.cpu-usage', one(number(0, 100, ' expects a numeric value between 0 and 100'))],
  ...forKeywords('tune.fd.edge-triggered tune.idle-pool.shared tune.sched.low-latency', one(onOff)),
  ['tune.http.maxhdr', one(all(integer, inRange(1, 32767, ' expects a numeric value between 1 and 32767')))],
  ['tune.idletimer', one(idleTimer)],
  [
    'tune.listener.default-shards',
    one(
      oneOf(
        ['by-process', 'by-group', 'by-thread'],
        " expects either 'by-process', 'by-group', or 'by-thread' but got '%'.",
      ),
    ),
  ],
  [
    'tune.listener.multi-queue',
    one(oneOf(['on', 'fair', 'off'], " expects either 'on', 'fair', or 'off' but got '%'.")),
  ],
  ['tune.max-checks-per-thread', one(() => undefined)],
  ...forKeywords('tune.max-rules-at-once tune.pattern.cache-size', one(positive)),
  ['tune.maxaccept', once('warning', maxAccept)],
  ['tune.maxpollevents', once('warning', pollEvents)],
  ['tune.runqueue-depth', once('warning', integer)],
  ['tune.maxrewrite', one(all(integer, inRange(0, Infinity, ' expects a positive integer argument.')))],
  ['tune.memory.hot-size', one(hotSize)],
  ...forKeywords(
    `tune.notsent-lowat.client tune.notsent-lowat.server tune.rcvbuf.client tune.rcvbuf.server tune.sndbuf.client
      tune.sndbuf.server`,
    once('warning', all(integer, size)),
  ),
  ...forKeywords('tune.rcvbuf.backend tune.rcvbuf.frontend tune.sndbuf.backend tune.sndbuf.frontend', logSocketBuffer),
  ['tune.pipesize', one(all(integer, size))],
  ['tune.recv_enough', one(all(integer, sizeUpTo(INT_MAX)))],
  ['tune.peers.max-updates-at-once', one(inRange(1, Infinity, ' expects an integer argument greater than 0.'))],
  ...forKeywords('tune.renice.startup tune.renice.runtime', one(renice)),
  ['tune.ring.queues', one(quantity(16, 'a number between 0 and 16'))],
  ['tune.stick-counters', anyWords(stickCounters)],
  ['tune.takeover-other-tg-connections', one(takeover)],
]
