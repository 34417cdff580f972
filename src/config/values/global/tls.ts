/** TLS keywords of `global` (src/cfgparse-ssl.c, src/ssl_ocsp.c, src/acme.c). */
import { atoi, strtol } from '../../../bytes/integers.js'
import { readAddress } from '../../syntax/address-text.js'
import { isDurationError, parseDuration } from '../../syntax/units.js'
import { all, forKeywords, inRange, oneOf, required, type ValueCheck } from '../check.js'
import { parseVersion } from '../tls.js'
import { TLS_VERSIONS } from '../../../net/tls.js'
import { anyWords, atMost, one, reportedTwice, type GlobalCheck } from './check.js'

const integer = all(
  required(' expects an integer argument.'),
  inRange(0, Infinity, ' expects a positive numeric value.'),
)

const statement =
  (what: string): ValueCheck =>
  (name, [value = '']) =>
    value === '' ? `global statement '${name}' expects ${what}.` : undefined

const captureSize: GlobalCheck = (context, line) => {
  const name = line.at(0)
  if (name === 'tune.ssl.capture-cipherlist-size')
    context.main.add(
      'warning',
      `config : parsing [${line.file}:${line.line}]: '${name}' is deprecated and will be removed in version 2.7. ` +
        "Please use 'tune.ssl.capture-buffer-size' instead.",
      line.place,
    )
  const result = one(integer)(context, line)
  if (result !== 'ok') return result
  // both keywords set the same size
  if (context.usedOnce.has('tune.ssl.capture-buffer-size'))
    return context.alert(line, `'${name}' is already configured.`)
  context.usedOnce.add('tune.ssl.capture-buffer-size')
  return 'ok'
}

const lifetime: ValueCheck = (name, [value = '']) => {
  if (value === '') return `'${name}' expects ssl sessions <lifetime> in seconds as argument.`
  const parsed = parseDuration(value, 's')
  if (!isDurationError(parsed)) return undefined
  const what = `in argument '${value}' to <${name}>`
  if (parsed === 'overflow') return `timer overflow ${what} (maximum value is 2147483647 s or ~68 years).`
  if (parsed === 'underflow') return `timer underflow ${what} (minimum non-null value is 1 s).`
  return `unexpected character '${parsed.unexpected}' in argument to <${name}>.`
}

const dhParameterSize = all(required(' expects an integer argument.'), (name, [value = '']) => {
  const bits = atoi(value)
  return bits >= 0 && bits < 1024 ? `'${name}' expects a value >= 1024.` : undefined
})

const EXTRA_FILES = ['bundle', 'sctl', 'ocsp', 'issuer', 'key']

const extraFiles: ValueCheck = (name, values) => {
  const alone = values.findIndex((each) => each === 'none' || each === 'all')
  const before = alone < 0 ? values : values.slice(0, alone)
  if (values.length === 0 || before.some((each) => !EXTRA_FILES.includes(each)))
    return `'${name}' expects one or multiple arguments (none, all, bundle, sctl, ocsp, issuer).`
  return alone < 0 || values.length === 1 ? undefined : `'${name}' 'none' and 'all' can be only used alone`
}

const BIND_OPTIONS = ['no-tls-tickets', 'tls-tickets', 'prefer-client-ciphers', 'strict-sni', 'no-strict-sni']

const bindOptions: ValueCheck = (name, values) => {
  if (values.length === 0) return `global statement '${name}' expects an option as an argument.`
  for (let at = 0; at < values.length; at++) {
    const option = values[at]!
    if (option === 'ssl-min-ver' || option === 'ssl-max-ver') {
      const found = parseVersion(option, values[++at] ?? '')
      if (typeof found === 'string') return `${found} on global statement '${name}'.`
    } else if (!BIND_OPTIONS.includes(option) && !isVersionOption(option))
      return `unknown option '${option}' on global statement '${name}'.`
  }
  return undefined
}

/** `no-tlsv12`, `force-tlsv12` … */
const isVersionOption = (option: string): boolean =>
  TLS_VERSIONS.some((each) => [`no-${lower(each)}`, `force-${lower(each)}`].includes(option))
const lower = (version: string): string => version.toLowerCase().replace('.', '')

const securityLevel: ValueCheck = all(required(' : missing value'), (name, [value = '']) => {
  const { value: level, rest } = strtol(value)
  if (rest !== '') return `'${name}' : expects an integer argument, found '${value}'`
  return level >= 0 && level <= 5 ? undefined : `'${name}' : expects a value between 0 and 5`
})

/** Providers of OpenSSL. */
const PROVIDERS = ['default', 'base', 'legacy', 'null']

const provider: GlobalCheck = (context, line) => {
  const [name, value] = [line.at(0), line.at(1)]
  if (value === '')
    return context.alert(line, `global statement '${name}' expects a valid engine provider name as an argument.`)
  if (PROVIDERS.includes(value)) return 'ok'
  context.rawAlert(line, `config : ssl-provider ${value}: unknown provider`)
  return context.alert(line, '(null)')
}

/** `ocsp-update.mode`: other values are warned of and ignored. */
const updateMode: GlobalCheck = (context, line) => {
  if (line.at(1) !== 'on' && line.at(1) !== 'off') context.warn(line, `'${line.at(0)}' : expecting <on|off>`)
  return 'ok'
}

/** OpenSSL accepts names of properties, with values and prefixes such as `?fips=yes`. */
const propertyQuery: GlobalCheck = (context, line) => {
  const result = anyWords(statement('a property string as an argument'))(context, line)
  if (result !== 'ok' || /^\s*[?-]?\s*[A-Za-z][\w.]*\s*(?:$|[=!,])/.test(line.at(1))) return result
  return context.alert(line, '(null)')
}

const proxyAddress: GlobalCheck = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const parsed = readAddress(context, line.at(1), 'ocsp proxy')
  if (!('error' in parsed)) return 'ok'
  context.rawAlert(line, `config : ocsp-update: Failed to parse destination address in ${parsed.error}`)
  return context.alert(line, '(null)')
}

/** `ocsp-update.mindelay` and `ocsp-update.maxdelay`, in seconds. */
const updateDelay =
  (bound: 'min' | 'max'): GlobalCheck =>
  (context, line) => {
    const result = anyWords(integer)(context, line)
    if (result !== 'ok') return result
    const { ocspDelay } = context.global.tls
    const value = atoi(line.at(1))
    if (bound === 'max' && value < ocspDelay.min)
      return context.alert(line, `'${line.at(0)}' can not be lower than tune.ssl.ocsp-update.mindelay.`)
    if (bound === 'min' && value > ocspDelay.max)
      return context.alert(line, `'${line.at(0)}' can not be higher than tune.ssl.ocsp-update.maxdelay.`)
    ocspDelay[bound] = value
    return 'ok'
  }

const acmeScheduler: GlobalCheck = (context, line) => {
  const [name, value] = [line.at(0), line.at(1)]
  const keyword = `parsing [${line.file}:${line.line}]: keyword '${name}' in 'global' section`
  if (value === '') return context.alert(line, `${keyword} requires an argument\n`)
  if (context.tooManyWords(line, 1)) return context.alert(line, '(null)')
  if (value === 'auto' || value === 'off') return 'ok'
  return context.alert(line, `${keyword} requires either 'auto' or 'off' argument`)
}

const dropExtension: GlobalCheck = ({ options }) => {
  options.certificates?.dropExtension?.()
  return 'ok'
}

/** Checks by keyword. */
export const TLS_CHECKS: readonly (readonly [string, GlobalCheck])[] = [
  ['acme.scheduler', acmeScheduler],
  ['maxsslconn', one(integer)],
  ...forKeywords('ocsp-update.mode ocsp-update.disable', updateMode),
  ['ocsp-update.httpproxy', proxyAddress],
  ...forKeywords('ocsp-update.mindelay tune.ssl.ocsp-update.mindelay', updateDelay('min')),
  ...forKeywords('ocsp-update.maxdelay tune.ssl.ocsp-update.maxdelay', updateDelay('max')),
  ...forKeywords(
    'ssl-default-bind-ciphers ssl-default-bind-ciphersuites',
    one(statement('a cipher suite as an argument')),
  ),
  ...forKeywords(
    'ssl-default-bind-client-sigalgs ssl-default-server-client-sigalgs',
    one(statement('signature algorithms as an arguments')),
  ),
  ...forKeywords(
    'ssl-default-bind-curves ssl-default-bind-sigalgs ssl-default-server-curves ssl-default-server-sigalgs',
    one(statement('a curves suite as an arguments')),
  ),
  ['ssl-default-bind-options', anyWords(bindOptions)],
  ...forKeywords('ssl-mode-async ssl-skip-self-issued-ca', anyWords()),
  ['ssl-load-extra-del-ext', dropExtension],
  ['ssl-load-extra-files', anyWords(extraFiles)],
  ['ssl-propquery', propertyQuery],
  ['ssl-provider', provider],
  ['ssl-provider-path', anyWords(statement('a directory path as an argument'))],
  ['ssl-security-level', reportedTwice(Infinity, securityLevel)],
  ...forKeywords(
    'tune.ssl.cachesize tune.ssl.hard-maxrecord tune.ssl.maxrecord tune.ssl.ssl-ctx-cache-size',
    one(integer),
  ),
  ...forKeywords('tune.ssl.capture-buffer-size tune.ssl.capture-cipherlist-size', captureSize),
  ['tune.ssl.certificate-compression', one(oneOf(['auto', 'off'], " expects either 'auto' or 'off' but got '%'."))],
  ['tune.ssl.default-dh-param', one(dhParameterSize)],
  ['tune.ssl.force-private-cache', atMost(0)],
  ['tune.ssl.keylog', one(oneOf(['on', 'off'], " expects either 'on' or 'off' but got '%'."))],
  ['tune.ssl.lifetime', one(lifetime)],
]
