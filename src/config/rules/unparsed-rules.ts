/**
 * ACLs and maps in lines whose rules are not parsed yet: the condition after `if` or `unless` is, and so are expressions with a map in the words
 * before it. To be removed with the last keyword of {@link RULE_KEYWORDS}, as soon as rule sets are parsed.
 */
import { fromByteString, toByteString } from '../../bytes/text.js'
import { proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { ParseContext } from '../parse-context.js'
import { parseExpression } from '../samples/expression.js'
import type { Line } from '../syntax/line.js'
import { parseCondition } from './condition.js'

/** Keywords of lines that may contain sample expressions or conditions. */
export const RULE_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'use_backend use-server redirect http-request http-response http-after-response tcp-request tcp-response ' +
    'monitor stick force-persist ignore-persist capture'
  ).split(' '),
)

/** Parses the expressions and the condition of a line. Returns what is wrong with them. */
export const unparsedRuleProblem = (context: ParseContext, line: Line, proxy: ProxyDraft): string | undefined => {
  const at = line.words.findIndex((word, index) => index > 0 && (word === 'if' || word === 'unless'))
  const owner = proxy.kind === 'defaults' ? 'defaults' : `${proxyTypeName(proxy)} '${proxy.name}'`
  for (const word of line.words.slice(1, at < 0 ? undefined : at)) {
    const problem = mapProblem(context, word)
    if (problem !== undefined)
      return `error detected in ${owner} while parsing '${line.at(0)} ${line.at(1)}' rule : ${problem}.`
  }
  if (at < 0) return undefined
  const parsed = parseCondition(context, line, at, proxy.acls)
  return 'error' in parsed ? conditionProblem(line, owner, at, parsed.error) : undefined
}

/** HAProxy's message about a condition. */
const conditionProblem = (line: Line, owner: string, at: number, error: string): string => {
  const keyword = line.at(0)
  switch (keyword) {
    case 'use_backend':
    case 'use-server':
      return `error detected while parsing switching rule : ${error}.`
    case 'force-persist':
    case 'ignore-persist':
      return `error detected while parsing a '${keyword}' rule : ${error}.`
    case 'tcp-request':
    case 'tcp-response':
      return (
        `'${line.words.slice(0, 3).join(' ')}' : error detected in ${owner} while parsing '${line.at(at)}' ` +
        `condition : ${error}.`
      )
    default:
      return `error detected while parsing an '${keyword} ${line.at(1)}' condition : ${error}.`
  }
}

/** What is wrong with a map in a log-format or in an expression that a word begins with. */
const mapProblem = (context: ParseContext, word: string): string | undefined => {
  if (!word.includes(',map')) return undefined
  const text = toByteString(word)
  const begins = [...text.matchAll(/%\[/g)].map(({ index }) => index + 2)
  for (const begin of begins.length > 0 ? begins : [0]) {
    const parsed = parseExpression([text], 0, begin, true, context.options.samples)
    if ('error' in parsed && /^invalid arg.* in converter 'map/.test(parsed.error))
      return `failed to parse sample expression <${fromByteString(text.slice(begin))}> : ${fromByteString(parsed.error)}`
  }
  return undefined
}
