/** Redirects, as an action and as the keyword `redirect` (`http_parse_redirect_rule`, src/http_rules.c). */
import { atol } from '../../../bytes/integers.js'
import { toByteString } from '../../../bytes/text.js'
import type { Action } from '../../model/rules.js'
import { literalFormat, type LogFormat } from '../../samples/log-format.js'
import type { RuleReader } from '../rule-reader.js'
import type { ActionKeyword } from './action.js'

export interface RedirectAction extends Action {
  readonly kind: 'redirect'
  readonly type: 'location' | 'prefix' | 'scheme'
  readonly destination: LogFormat
  readonly code: number
  /** the value of `Set-Cookie` */
  readonly cookie: LogFormat | undefined
  readonly dropQuery: boolean
  readonly keepQuery: boolean
  readonly appendSlash: boolean
  readonly ignoreEmpty: boolean
}

const TYPES = ['location', 'prefix', 'scheme'] as const
const FLAGS = ['drop-query', 'keep-query', 'append-slash', 'ignore-empty']
const CODES: readonly number[] = [301, 302, 303, 307, 308]

/**
 * Reads the words of a redirect up to its condition.
 * @param isFormat whether the destination is a log-format
 */
export const readRedirect = (reader: RuleReader, isFormat: boolean): RedirectAction => {
  const isResponse = reader.ruleSet === 'http-response'
  let type: RedirectAction['type'] | undefined
  let destination = ''
  let code = 302
  let cookie: { readonly keyword: string; readonly text: string } | undefined
  const flags = new Set<string>()
  while (!reader.isEnd) {
    const keyword = reader.next()
    const wantedType = TYPES.find((each) => each === keyword)
    if (wantedType) {
      type = wantedType
      destination = argument(reader, keyword)
    } else if (keyword === 'set-cookie' || keyword === 'set-cookie-fmt' || keyword === 'clear-cookie')
      cookie = { keyword, text: argument(reader, keyword) }
    else if (keyword === 'code') {
      const text = argument(reader, keyword)
      code = atol(text)
      if (!CODES.includes(code))
        reader.fail(`'code': unsupported HTTP code '${text}' (must be one of 301, 302, 303, 307 or 308)`)
    } else if (FLAGS.includes(keyword)) flags.add(keyword)
    else
      reader.fail(
        "expects 'code', 'prefix', 'location', 'scheme', 'set-cookie', 'set-cookie-fmt', 'clear-cookie', 'drop-query', " +
          `'keep-query', 'ignore-empty' or 'append-slash' (was '${keyword}')`,
      )
  }
  reader.takeCondition('error in condition')
  if (!type) return reader.fail("redirection type expected ('prefix', 'location', or 'scheme')")
  if (isResponse && type !== 'location') reader.fail("response only supports redirect type 'location'")
  const isOwnPrefix = type === 'prefix' && destination === '/'
  return {
    kind: 'redirect',
    type,
    destination:
      isFormat && !isOwnPrefix
        ? reader.logFormat(destination, { use: 'redirect', http: true })
        : literalFormat(isOwnPrefix ? '' : toByteString(destination)),
    code,
    cookie: cookie && readCookie(reader, cookie.keyword, cookie.text),
    dropQuery: flags.has('drop-query'),
    keepQuery: flags.has('keep-query'),
    appendSlash: flags.has('append-slash'),
    ignoreEmpty: flags.has('ignore-empty'),
  }
}

const argument = (reader: RuleReader, keyword: string): string => {
  const text = reader.next()
  return text === '' ? reader.fail(`missing argument for '${keyword}'`) : text
}

const readCookie = (reader: RuleReader, keyword: string, text: string): LogFormat => {
  if (keyword === 'set-cookie-fmt') return reader.logFormat(`${text}; path=/;`, { use: 'redirect', http: true })
  return literalFormat(toByteString(keyword === 'set-cookie' ? `${text}; path=/;` : `${text}; path=/; Max-Age=0;`))
}

export const REDIRECT: ActionKeyword = {
  names: ['redirect'],
  read: (reader): RedirectAction => {
    const action = readRedirect(reader, true)
    reader.isFinal = !action.ignoreEmpty
    return action
  },
}
