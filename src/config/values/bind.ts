/** Validation of arguments of `bind` settings that are not emulated (src/cfgparse-tcp.c, src/cfgparse-ssl.c, src/listener.c). */
import { atoi, atol, readInt64 } from '../../bytes/integers.js'
import { VERIFY_RESULTS } from '../known/verify-errors.js'
import { all, duration, multiplexer, required, oneOf, inRange, type ValueCheck } from './check.js'

const THREADS = /^(?:all|odd|even|\d+(?:-\d*)?)$/

/** `[<group>/]<threads>` */
const threads: ValueCheck = (_, [value = '']) => {
  const slash = value.indexOf('/')
  const set = slash < 0 ? value : value.slice(slash + 1)
  if (value === '' || THREADS.test(set)) return undefined
  const max = slash < 0 ? 1024 : 64
  return `invalid first thread number '${set}', permitted range is 1..${max}, or 'all', 'odd', 'even'.`
}

const MAX_ERROR_ID = 94

/** OpenSSL verification errors by number or name. */
const errorList: ValueCheck = (name, [value = '']) => {
  if (value === '') return `'${name}' : missing error IDs list`
  if (value === 'all') return undefined
  for (const each of value.split(',').filter((item) => item !== '')) {
    const list = `in error IDs list '${value}'`
    if (/^\d/.test(each)) {
      const id = atoi(each)
      if (id < 1 || id > MAX_ERROR_ID) return `'${name}' : ID '${id}' out of range (1..${MAX_ERROR_ID}) ${list}`
    } else if (!each.startsWith('X509_V_') || !VERIFY_RESULTS.includes(each.slice('X509_V_'.length)))
      return `'${name}' : error constant '${each}' unknown ${list}`
  }
  return undefined
}

const segmentSize: ValueCheck = (name, [value = '']) => {
  const size = Math.abs(atol(value))
  return size >= 1 && size <= 65535
    ? undefined
    : `'${name}' : expects an MSS with and absolute value between 1 and 65535`
}

const shards: ValueCheck = (name, values) =>
  values[0] === 'by-thread' || values[0] === 'by-group'
    ? undefined
    : inRange(1, 1024, " : invalid value %, allowed range is 1..1024 or 'by-thread'")(name, values)

const congestion: ValueCheck = (_, [value = '']) =>
  /^(?:newreno|cubic|bbr|nocc)(?:[(-]|$)/.test(value) ? undefined : `'${value}' : unknown control congestion algorithm`

/** The number of `accept-netscaler-cip`, in 32 bits. */
export const magicNumber = (value: string): number => Number(BigInt.asUintN(32, readInt64(value.trimStart())))

const magic: ValueCheck = (name, [value = '']) =>
  magicNumber(value) > 0 ? undefined : `'${name}' : invalid value 0, must be >= 0`

/** Validators by setting. */
export const BIND_VALUES: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ['accept-netscaler-cip', all(required(' : missing value'), magic)],
  ['backlog', all(required(' : missing value'), inRange(0, Infinity, ' : invalid value %, must be > 0'))],
  ['ca-ignore-err', errorList],
  ['crt-ignore-err', errorList],
  ['expose-fd', all(required(' : missing fd type'), oneOf(['listeners'], " only supports 'listeners' (got '%')"))],
  ['guid-prefix', required(' : expects an argument')],
  [
    'idle-ping',
    all(
      required(' expects an argument.'),
      duration((name, character) => `unexpected character '${character}' in '${name}' argument on bind line.`),
    ),
  ],
  ['label', required(' : missing label')],
  ['mss', all(required(' : missing MSS value'), segmentSize)],
  ['namespace', required(' : missing namespace id')],
  ['nice', all(required(' : missing value'), inRange(-1024, 1024, ' : invalid value %, allowed range is -1024..1024'))],
  ['proto', multiplexer],
  ['quic-cc-algo', congestion],
  ['quic-socket', oneOf(['connection', 'listener'], ' : unknown argument, use either connection or listener.')],
  [
    'severity-output',
    all(
      required(' : missing severity format'),
      oneOf(['none', 'number', 'string'], " only supports 'none', 'number', and 'string' (got '%')"),
    ),
  ],
  ['shards', all(required(' : missing value'), shards)],
  [
    'tcp-ut',
    all(
      required(' : missing TCP User Timeout value'),
      duration((name) => `'${name}' : expects a positive delay in milliseconds`),
    ),
  ],
  ['thread', threads],
])
