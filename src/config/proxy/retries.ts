/** `retries`, `retry-on` and `http-reuse` (cfg_parse_listen in src/cfgparse-listen.c, proxy_parse_retry_on in src/proxy.c). */
import { atol } from '../../bytes/integers.js'
import { areaOfProxy } from '../known/areas.js'
import { RETRY_STATUSES, type HttpReuse, type RetryReason } from '../model/retries.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { Line } from '../syntax/line.js'
import { warnWithout } from './capability.js'
import { hasBackend, type ProxyDraft } from './draft.js'

type Keyword = (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult

const readRetries: Keyword = (context, line, proxy) => {
  warnWithout(context, line, proxy, 'backend')
  if (context.tooManyWords(line, 1)) return 'fatal'
  if (line.at(1) === '')
    return context.alert(line, `'${line.at(0)}' expects an integer argument (dispatch counts for one).`)
  proxy.change({ retries: atol(line.at(1)) })
  return 'ok'
}

const REASONS: readonly string[] = [
  'conn-failure',
  'empty-response',
  'response-timeout',
  '0rtt-rejected',
  'junk-response',
  ...RETRY_STATUSES,
] satisfies RetryReason[]
const isReason = (word: string): word is RetryReason => REASONS.includes(word)

/** `all-retryable-errors` */
const ALL_RETRYABLE: readonly RetryReason[] = [
  'conn-failure',
  'empty-response',
  'response-timeout',
  '500',
  '502',
  '503',
  '504',
  '0rtt-rejected',
  'junk-response',
]

const readRetryOn: Keyword = (context, line, proxy) => {
  const name = line.at(0)
  const words = line.from(1)
  if (words.length === 0) return context.alert(line, `'${name}' needs at least one keyword to specify when to retry`)
  if (!hasBackend(proxy)) return context.alert(line, `'${name}' only available in backend or listen section`)
  const reasons = new Set<RetryReason>()
  for (const word of words)
    if (isReason(word)) reasons.add(word)
    else if (word === 'all-retryable-errors') for (const each of ALL_RETRYABLE) reasons.add(each)
    else if (word !== 'none') return context.alert(line, `'${name}': unknown keyword '${word}'`)
    else if (words.length > 1) return context.alert(line, `'${name}' 'none' keyword only usable alone`)
  proxy.change({ retryOn: reasons })
  return 'ok'
}

const isReuse = (word: string): word is HttpReuse =>
  word === 'never' || word === 'safe' || word === 'aggressive' || word === 'always'

const readReuse: Keyword = (context, line, proxy) => {
  const [name, mode] = [line.at(0), line.at(1)]
  warnWithout(context, line, proxy, 'backend')
  if (!isReuse(mode)) return context.alert(line, `'${name}' only supports 'never', 'safe', 'aggressive', 'always'.`)
  if (context.tooManyWords(line, 0, 1)) return 'fatal'
  proxy.change({ httpReuse: mode })
  return context.notEmulated(line, `'${name}'`, areaOfProxy(name))
}

/** Parsers by keyword. */
export const RETRY_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['retries', readRetries],
  ['retry-on', readRetryOn],
  ['http-reuse', readReuse],
]
