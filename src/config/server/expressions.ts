/**
 * Expressions of servers: `sni` and `pool-conn-name`, which apply to traffic; checks have `check-sni` (`parse_srv_expr` in src/server.c). Formats
 * of `set-proxy-v2-tlv-fmt`.
 */
import { fromByteString, toByteString } from '../../bytes/text.js'
import { recordExpression, recordLogFormat, type ArgumentOwner } from '../rules/pending-arguments.js'
import { parseExpression } from '../samples/expression.js'
import { parseLogFormat } from '../samples/log-format.js'
import type { SampleKeywords } from '../samples/keywords.js'
import { placesMask, sourceNames } from '../samples/places.js'
import type { ProxyTlv } from '../model/server.js'
import type { Place } from '../syntax/place.js'
import type { ServerSettings } from './draft.js'

const SERVER_CONNECTION = placesMask('server source selection')

/** Parses the expressions of a server. Returns what is wrong with them. */
export const serverExpressionProblem = (
  { tls, poolConnName }: ServerSettings,
  samples: SampleKeywords,
  owner: ArgumentOwner,
  place: Place,
): string | undefined => {
  for (const text of [tls.sni, poolConnName]) {
    const problem = text === undefined ? undefined : expressionProblem(text, samples, owner, place)
    if (problem !== undefined) return `error detected while parsing sni or pool-conn-name expressions : ${problem}.`
  }
  return undefined
}

const expressionProblem = (
  text: string,
  samples: SampleKeywords,
  owner: ArgumentOwner,
  place: Place,
): string | undefined => {
  const parsed = parseExpression([toByteString(text)], 0, 0, false, samples)
  if ('error' in parsed) return fromByteString(parsed.error)
  const { expression } = parsed
  if ((expression.places & SERVER_CONNECTION) === 0)
    return `fetch method '${text}' extracts information from '${sourceNames(expression.sources)}', none of which is available here.`
  recordExpression(owner, expression, 'server', place)
  return undefined
}

/** The settings with the formats of their TLVs parsed, or what is wrong with one. */
export const withParsedTlvs = (
  settings: ServerSettings,
  keywords: SampleKeywords,
  owner: ArgumentOwner,
  place: Place,
): ServerSettings | string => {
  if (settings.proxyTlvs.length === 0) return settings
  // where the messages are about depends on what HAProxy has parsed before
  const use = settings.tls.sni === undefined && settings.poolConnName === undefined ? 'acl' : 'server'
  const proxyTlvs: ProxyTlv[] = []
  for (const { type, text } of settings.proxyTlvs) {
    const format = parseLogFormat(text, { keywords, places: SERVER_CONNECTION })
    if ('error' in format) return format.error
    recordLogFormat(owner, format, use, place)
    proxyTlvs.push({ type, text, format })
  }
  return { ...settings, proxyTlvs }
}
