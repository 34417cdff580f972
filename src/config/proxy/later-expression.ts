/** Expressions of proxies that are parsed once all lines are read: those of `balance` and of `option forwarded`. */
import { toByteString } from '../../bytes/text.js'
import type { ParseContext } from '../parse-context.js'
import { parseExpression, type ParsedExpression, type SampleExpression } from '../samples/expression.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Place } from '../syntax/place.js'
import { proxyTypeName, type ProxyDraft } from './draft.js'

/** The prefix of messages about an expression at a place. */
export const whereOf = (proxy: ProxyDraft, { file, line }: Place): string =>
  `${proxyTypeName(proxy)} '${proxy.name}' [${file}:${line}]`

/** Parses the text of an earlier line, all of it. */
export const parseAtPlace = (context: ParseContext, text: string, place: Place): ParsedExpression =>
  context.atPlace(place, () => parseExpression([toByteString(text)], 0, 0, false, context.options.samples))

/** Parses the expression of the setting `name`; undefined if it is invalid, which has been reported. */
export const parseLaterExpression = (
  context: ParseContext,
  proxy: ProxyDraft,
  name: string,
  text: string,
  place: Place,
  diagnostics: Diagnostics,
): SampleExpression | undefined => {
  const parsed = parseAtPlace(context, text, place)
  if (!('error' in parsed)) return parsed.expression
  diagnostics.add(
    'alert',
    `${whereOf(proxy, place)}: failed to parse '${name}' expression '${text}' in : ${parsed.error}.`,
    place,
  )
  return undefined
}
