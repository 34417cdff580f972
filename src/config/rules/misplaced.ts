/**
 * Warnings about rules that will be processed before others that precede them in the text (`warnif_misplaced_*`,
 * src/cfgparse-listen.c).
 */
import type { Line } from '../syntax/line.js'
import type { ParseContext } from '../parse-context.js'
import type { TrafficDraft } from './draft.js'

/** The kinds of rules in the order in which they are processed, and whether a proxy has some. */
const ORDER = [
  ['tcp-request connection', (rules) => rules.has('tcp-request connection')],
  ['tcp-request session', (rules) => rules.has('tcp-request session')],
  ['tcp-request content', (rules) => rules.has('tcp-request content')],
  ['monitor fail', (rules) => rules.monitorFailures.length > 0],
  ['http-request', (rules) => rules.has('http-request')],
  ['redirect', (rules) => rules.redirects.length > 0],
  ['use_backend', (rules) => rules.switching.length > 0],
  ['use-server', (rules) => rules.servers.length > 0],
] as const satisfies readonly (readonly [string, (rules: TrafficDraft) => boolean])[]

export type OrderedRule = (typeof ORDER)[number][0] | 'quic-initial'

/** Warns if a rule of `kind` comes after one that is processed later. */
export const warnIfMisplaced = (context: ParseContext, line: Line, rules: TrafficDraft, kind: OrderedRule): void => {
  const later = ORDER.slice(ORDER.findIndex(([name]) => name === kind) + 1)
  const found = later.find(([, isPresent]) => isPresent(rules))
  if (found) warnAfter(context, line, kind, found[0])
}

/** Warns if a `tcp-response content` rule comes after an `http-response` rule. */
export const warnIfAfterHttpResponse = (context: ParseContext, line: Line, rules: TrafficDraft): void => {
  if (rules.has('http-response')) warnAfter(context, line, 'tcp-response content', 'http-response')
}

const warnAfter = (context: ParseContext, line: Line, rule: string, later: string): void => {
  const article = later.startsWith('http') ? 'an' : 'a'
  context.warn(line, `a '${rule}' rule placed after ${article} '${later}' rule will still be processed before.`)
}
