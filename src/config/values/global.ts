/** Validation of arguments of `global` keywords that are not emulated (src/cfgparse-global.c and others). */
import { atol } from '../../bytes/integers.js'
import { strtol } from '../../bytes/integers.js'
import {
  all,
  maxWords,
  forKeywords,
  duration,
  durationArgument,
  required,
  oneOf,
  inRange,
  type ValueCheck,
} from './check.js'

const integer = required(' expects an integer argument.')
const onOff = oneOf(['on', 'off'], " expects either 'on' or 'off' but got '%'.")
const range = (least: number, most: number, end = '.'): ValueCheck =>
  inRange(least, most, ` expects a numeric value between ${least} and ${most}${end}`)

/** An integer and nothing else (`strtol`). */
const parsableInteger: ValueCheck = (name, [value = '']) =>
  value !== '' && strtol(value).rest === ''
    ? undefined
    : `'${name}' passed a missing or unparsable integer value in '${value}'`

const threadGroups: ValueCheck = (name, [value = '']) => {
  const count = atol(value)
  return count >= 1 && count <= 32 ? undefined : `'${name}' value must be between 1 and 32 (was ${count})`
}

const EXTRA_FILES = new Set(['none', 'all', 'bundle', 'sctl', 'ocsp', 'issuer', 'key'])

const extraFiles: ValueCheck = (name, values) =>
  values.length > 0 && values.every((each) => EXTRA_FILES.has(each))
    ? undefined
    : `'${name}' expects one or multiple arguments (none, all, bundle, sctl, ocsp, issuer).`

const CAPABILITIES = 'cap_net_raw, cap_net_admin, cap_net_bind_service and cap_sys_admin'

const capabilities: ValueCheck = (name, [value = '']) => {
  const supported = `Supported ones are: ${CAPABILITIES}.`
  if (value === '') return `'${name}' : missing capability name(s).  ${supported}`
  const unknown = value.split(',').find((each) => !/^cap_(?:net_raw|net_admin|net_bind_service|sys_admin)$/.test(each))
  return unknown === undefined ? undefined : `'${name}' : unsupported capability '${unknown}'.  ${supported}`
}

const cpuMap: ValueCheck = (_, [threads = '', cpus = '']) =>
  /^(?:(?:all|odd|even|\d+(?:-\d*)?)\/)?(?:all|odd|even|\d+(?:-\d*)?)$/.test(threads.replace(/^auto:/, '')) &&
  cpus !== ''
    ? undefined
    : "cpu-map expects a thread group number  ('all', 'odd', 'even', a number from 1 to 64 or a range),  followed by a list " +
      'of CPU ranges with numbers from 0 to 63.'

const statement =
  (what: string): ValueCheck =>
  (name, [value = '']) =>
    value === '' ? `global statement '${name}' expects ${what}.` : undefined

const caseAdjustment: ValueCheck = (name, [from = '', to = '']) => {
  if (from === '' || to === '') return `'${name}' expects <from> and <to> as argument.`
  return from.toLowerCase() === to.toLowerCase() ? undefined : '<from> and <to> must not differ except the case'
}

const families: ValueCheck = (name, [value = '']) =>
  value.split(',').every((each) => each === 'ipv4' || each === 'ipv6' || each === 'auto')
    ? undefined
    : `'${name}' expects a comma-delimited list of 'ipv4' and 'ipv6' but got '${value}'.`

const bufferSize: ValueCheck = (name, [value = '']) => {
  if (value === '') return `'${name}' expects an integer argument`
  const left = /^\d+[kmgKMG]?([^]*)/.exec(value)?.[1] ?? value
  return left === '' ? undefined : `unexpected '${left}' after size passed to '${name}'`
}

const idleTimer: ValueCheck = (name, [value = '']) => {
  const problem = durationArgument(name, [value])
  const seconds = /^(\d+)s$/.exec(value)?.[1]
  return problem !== undefined || (seconds !== undefined && Number(seconds) > 65)
    ? `'${name}' expects a timer value between 0 and 65535 ms.`
    : undefined
}

const renice: ValueCheck = (name, [value = '']) =>
  /^[+-]?\d+$/.test(value) && Math.abs(Number(value) + 0.5) <= 20
    ? undefined
    : `'${name}' only supports values between -20 and 19 inclusive (was given ${value})`

const statusCodes: ValueCheck = (name, [value = '']) => {
  if (value === '') return `Missing status codes range for '${name}'.`
  const isGood = value.split(',').every((each) => /^[+-]?\d{3}(?:-\d{3})?$/.test(each))
  return isGood
    ? undefined
    : `Invalid status codes range '${value}' in '${name}' at position 0. Ranges must be in the form [+-]{low[-{high}]}[,...].`
}

/** Validators by keyword. */
export const GLOBAL_VALUES: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ...forKeywords('ulimit-n maxsslconn maxconnrate maxsessrate maxsslrate maxpipes maxzlibmem fd-hard-limit', integer),
  ...forKeywords('tune.maxrewrite tune.maxpollevents tune.pipesize tune.recv_enough', integer),
  ...forKeywords('tune.rcvbuf.client tune.rcvbuf.server tune.sndbuf.client tune.sndbuf.server', integer),
  ...forKeywords('busy-polling nosplice nogetaddrinfo noreuseport insecure-setuid-wanted prealloc-fd', maxWords(0)),
  ...forKeywords('quick-exit h2-workaround-bogus-websocket-clients', maxWords(0)),
  ...forKeywords('limited-quic no-quic pp2-never-send-local tune.disable-zero-copy-forwarding', maxWords(0)),
  ...forKeywords('tune.sched.low-latency tune.idle-pool.shared', onOff),
  ['close-spread-time', all(required(' expects <time> as argument.'), durationArgument)],
  ['tune.ssl.lifetime', durationArgument],
  ['maxcomprate', required(' expects an integer argument in kb/s.')],
  [
    'maxcompcpuusage',
    all(
      required(' expects an integer argument between 0 and 100.'),
      inRange(0, 100, ' expects an integer argument between 0 and 100.'),
    ),
  ],
  ['chroot', all(maxWords(1), required(' expects a directory as an argument.'))],
  ['tune.bufsize', bufferSize],
  ['tune.http.maxhdr', range(1, 32767, '')],
  ['tune.idletimer', idleTimer],
  ['tune.ssl.default-dh-param', all(integer, inRange(1024, Infinity, ' expects a value >= 1024.'))],
  ['tune.comp.maxlevel', range(1, 9, '')],
  [
    'tune.quic.socket-owner',
    oneOf(['listener', 'connection'], " expects either 'listener' or 'connection' but got '%'."),
  ],
  ['tune.h2.header-table-size', range(4096, 65536)],
  ['tune.h2.max-frame-size', range(16384, 16777215)],
  ['tune.listener.multi-queue', oneOf(['on', 'fair', 'off'], " expects either 'on', 'fair', or 'off' but got '%'.")],
  [
    'tune.stick-counters',
    (name, [value = '']) => (/^\d+$/.test(value) ? undefined : `${name}: '${value}' is an invalid number`),
  ],
  ['tune.chksize', (name) => `option '${name}' is not supported any more (tune.bufsize is used instead).`],
  ['tune.events.max-events-at-once', inRange(1, 10000, ' expects an integer argument between 1 and 10000.')],
  ['tune.renice.startup', renice],
  ['tune.renice.runtime', renice],
  ['cpu-map', cpuMap],
  ['thread-group', parsableInteger],
  ['thread-groups', all(parsableInteger, threadGroups)],
  ['thread-hard-limit', parsableInteger],
  [
    'set-dumpable',
    (name, [value = '']) =>
      value === '' || value === 'on' || value === 'off'
        ? undefined
        : `'${name}' only supports 'on' and 'off' as an argument, found '${value}'.`,
  ],
  ['setcap', capabilities],
  ['ssl-dh-param-file', required(' expects a file path as an argument.')],
  ['ssl-load-extra-files', extraFiles],
  ['ssl-default-bind-ciphers', statement('a cipher suite as an argument')],
  ['ssl-default-bind-ciphersuites', statement('a cipher suite as an argument')],
  ['ssl-default-bind-curves', statement('a curves suite as an arguments')],
  ['ssl-provider', statement('a valid engine provider name as an argument')],
  ['issuers-chain-path', statement('a directory path as an argument')],
  ['h1-case-adjust', caseAdjustment],
  ['h1-case-adjust-file', required(' expects <file> as argument.')],
  ['profiling.tasks', oneOf(['on', 'auto', 'off'], " expects either 'on', 'auto', or 'off' but got '%'.")],
  ['http-err-codes', statusCodes],
  ['http-fail-codes', statusCodes],
  ['httpclient.timeout.connect', duration((name, character) => `unexpected character '${character}' in '${name}'`)],
  ['dns-accept-family', families],
  ['cluster-secret', (_, [value = '']) => (value === '' ? 'expects an ASCII string argument.' : undefined)],
  ['stress-level', required(' expects a level as an argument.')],
  ['harden.reject-privileged-ports.tcp', oneOf(['on', 'off'], " expects either 'on' or 'off'.")],
  ['harden.reject-privileged-ports.quic', oneOf(['on', 'off'], " expects either 'on' or 'off'.")],
  ['stats-file', required(' expect one argument: a file path.')],
])
