/** Validation of arguments of proxy keywords that are not emulated (src/cfgparse-listen.c and others). */
import { all, forKeywords, required, oneOf, type ValueCheck } from './check.js'

const integer = required(' expects an integer argument.')

const condition =
  (rest: (values: readonly string[]) => string = ([first = '']) => first): ValueCheck =>
  (name, values) => {
    const word = rest(values)
    return word === 'if' || word === 'unless'
      ? undefined
      : `'${name}' requires either 'if' or 'unless' followed by a condition.`
  }

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

const COOKIE_WORDS =
  "'cookie' supports 'rewrite', 'insert', 'prefix', 'indirect', 'nocache', 'postonly', 'domain', 'maxidle', 'dynamic', " +
  "'maxlife' and 'attr' options."
const COOKIE_FLAGS = new Set([
  'rewrite',
  'insert',
  'prefix',
  'indirect',
  'nocache',
  'postonly',
  'preserve',
  'httponly',
  'secure',
  'dynamic',
])

const cookie: ValueCheck = (name, [cookieName = '', ...words]) => {
  if (cookieName === '') return `'${name}' expects <cookie_name> as argument.`
  for (let at = 0; at < words.length && words[at] !== ''; at++) {
    if (COOKIE_FLAGS.has(words[at]!)) continue
    if (!['domain', 'maxidle', 'maxlife', 'attr'].includes(words[at]!)) return COOKIE_WORDS
    if (words[++at] === undefined) return undefined
  }
  const modes = ['rewrite', 'insert', 'prefix'].filter((each) => words.includes(each))
  return modes.length > 1 ? "cookie 'rewrite', 'insert' and 'prefix' modes are incompatible." : undefined
}

const errorFile: ValueCheck = (name, [status = '', file = '']) => {
  if (status === '' || file === '')
    return `${name} : expects <status_code> and <${name === 'errorfile' ? 'file' : 'url'}> as arguments.`
  return ERROR_CODES.has(status) ? undefined : `${name} : status code '${status}' not handled.`
}

const ERROR_CODES = new Set(
  '200 400 401 403 404 405 407 408 410 413 421 422 425 429 431 500 501 502 503 504 505'.split(' '),
)

const capture: ValueCheck = (name, [kind = '', ...rest]) => {
  if (kind === 'cookie')
    return rest[0] && rest[1] === 'len' && rest[2] ? undefined : `'${name}' expects 'cookie' <cookie_name> 'len' <len>.`
  if ((kind === 'request' || kind === 'response') && rest[0] === 'header') return undefined
  return `'${name}' expects 'cookie' or 'request header' or 'response header'.`
}

const COMPRESSION = oneOf(
  [
    'algo',
    'algo-req',
    'algo-res',
    'type',
    'type-req',
    'type-res',
    'direction',
    'offload',
    'minsize-req',
    'minsize-res',
  ],
  " expects 'algo', 'type', 'direction', 'offload', 'minsize-req' or 'minsize-res'.",
)
const STICK = oneOf(['on', 'match', 'store', 'store-request', 'store-response'], " expects 'on', 'match', or 'store'.")
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

const monitor: ValueCheck = (name, [kind = '', ...rest]) =>
  kind === 'fail' ? condition()(`${name} fail`, rest) : `'${name}' only supports 'fail'.`

const declare: ValueCheck = (name, [kind = '', ...rest]) => {
  if (kind === '') return `'${name}' needs a second keyword that specify the type of declaration ('capture')`
  if (kind !== 'capture') return `unknown declaration type '${kind}' (supports 'capture')`
  return rest.includes('len') ? undefined : `'${name} capture' requires a capture length ('len')`
}

const useServer: ValueCheck = (name, [server = '', ...rest]) =>
  server === '' ? `'${name}' expects a server name.` : condition()(name, rest)

/** Validators by keyword. */
export const PROXY_VALUES: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ...forKeywords('ignore-persist force-persist', condition()),
  ...forKeywords('errorfile errorloc errorloc302 errorloc303', errorFile),
  ['hash-type', hashType],
  ['hash-balance-factor', all(integer, balanceFactor)],
  [
    'hash-preserve-affinity',
    (name, [value = '']) =>
      /^(?:always|maxconn|maxqueue)$/.test(value) ? undefined : `'${name}': unknown keyword '${value}'`,
  ],
  ['cookie', cookie],
  ['use-server', useServer],
  ['capture', capture],
  ['compression', COMPRESSION],
  ['stick', STICK],
  ['http-reuse', REUSE],
  ['retry-on', retryOn],
  ['monitor', monitor],
  ['monitor-uri', required(' expects an URI.')],
  ['usesrc', (name) => `'${name}' only allowed after a 'source' statement.`],
  ['declare', declare],
  ['errorfiles', (name, [value = '']) => (value === '' ? `${name} : expects <name> as argument.` : undefined)],
  ['use-fcgi-app', required(' expects <name> as argument')],
])
