/** Validation of arguments of proxy keywords that are not emulated (src/cfgparse-listen.c and others). */
import { all, required, oneOf, type ValueCheck } from './check.js'

const integer = required(' expects an integer argument.')

const hashType: ValueCheck = (name, [method = '', hash = '', modifier = '']) => {
  if (method !== 'consistent' && method !== 'map-based') return `'${name}' only supports 'consistent' and 'map-based'.`
  if (hash !== '' && hash !== 'avalanche' && !/^(?:sdbm|djb2|wt6|crc32|none)$/.test(hash))
    return `'${name}' only supports 'sdbm', 'djb2', 'crc32', or 'wt6' hash functions.`
  return modifier === '' || modifier === 'avalanche'
    ? undefined
    : `'${name}' only supports 'avalanche' as a modifier for hash functions.`
}

const balanceFactor: ValueCheck = (name, [value = '']) => {
  const factor = Number(/^\s*\d+/.exec(value)?.[0] ?? 0)
  return factor === 0 || factor > 100 ? undefined : `'${name}' must be 0 or greater than 100.`
}

/** Nothing may follow the mode. */
const oneMode: ValueCheck = (name, [mode = '', extra = '']) =>
  extra === '' ? undefined : `'${name} ${mode}' cannot handle unexpected argument '${extra}'.`

const REUSE = oneOf(
  ['never', 'safe', 'aggressive', 'always'],
  " only supports 'never', 'safe', 'aggressive', 'always'.",
)

const RETRY_REASONS =
  /^(?:none|conn-failure|empty-response|junk-response|response-timeout|0rtt-rejected|all-retryable-errors|\d{3})$/

const retryOn: ValueCheck = (name, words) => {
  if (words.length === 0) return `'${name}' needs at least one keyword to specify when to retry`
  const unknown = words.find((each) => !RETRY_REASONS.test(each))
  return unknown === undefined ? undefined : `'${name}': unknown keyword '${unknown}'`
}

/** Validators by keyword. */
export const PROXY_VALUES: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ['hash-type', hashType],
  ['hash-balance-factor', all(integer, balanceFactor)],
  [
    'hash-preserve-affinity',
    (name, [value = '']) =>
      /^(?:always|maxconn|maxqueue)$/.test(value) ? undefined : `'${name}': unknown keyword '${value}'`,
  ],
  ['http-reuse', all(REUSE, oneMode)],
  ['retry-on', retryOn],
  ['usesrc', (name) => `'${name}' only allowed after a 'source' statement.`],
  ['use-fcgi-app', required(' expects <name> as argument')],
])
