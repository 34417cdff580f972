/** Arguments of sample expressions that are resolved once the whole configuration is read (`struct arg_list`, include/haproxy/arg-t.h). */
import type { Argument } from '../samples/arguments.js'
import type { SampleCall, SampleExpression } from '../samples/expression.js'
import { formatExpressions, type LogFormat } from '../samples/log-format.js'
import { logWaitsOf } from '../samples/log-waits.js'
import type { Place } from '../syntax/place.js'

/** What an expression is part of, as messages name it (`ARGC_*`). */
export const ARGUMENT_USES = {
  acl: 'in',
  stick: 'in stick rule in',
  track: 'in tracking rule in',
  'log-format': 'in log-format string in',
  'log-format-sd': 'in log-format-sd string in',
  'http-request': 'in http-request expression in',
  'http-response': 'in http-response response in',
  'unique-id-format': 'in unique-id-format string in',
  redirect: 'in redirect format string in',
  capture: 'in capture rule in',
  server: 'in server directive in',
  'spoe-message': 'in spoe-message directive in',
  use_backend: 'in use_backend expression in',
  'use-server': 'in use-server or balance expression in',
  'http-error': 'in http-error directive in',
  option: 'in option directive in',
  'tcp-request connection': 'in tcp-request connection expression in',
  'tcp-request session': 'in tcp-request session expression in',
  'tcp-request content': 'in tcp-request content expression in',
  'tcp-response content': 'in tcp-response content expression in',
  'tcp-check': 'in tcp-check expression in',
  configuration: 'in configuration expression in',
} as const
export type ArgumentUse = keyof typeof ARGUMENT_USES

type Reference = Extract<Argument, { type: 'reference' }>

/** An argument to resolve (`struct arg_list`). */
export interface PendingArgument {
  readonly argument: Reference
  /** counted from 1 */
  readonly position: number
  /** the converter that it belongs to */
  readonly converter: string | undefined
  readonly fetch: string
  readonly use: ArgumentUse
  readonly place: Place
}

/** What has the expressions: a proxy. */
export interface ArgumentOwner {
  /** undefined: all arguments are values */
  pendingArguments: PendingArgument[] | undefined
  /** fetches and converters that traffic would evaluate and that are not emulated; undefined if all are */
  sampleGaps: SampleGap[] | undefined
  /** what log lines of the proxy wait for, as any of its formats shows it: bits of `LogWait` */
  logWaits: number
}

/** A fetch or converter that is not emulated. */
export interface SampleGap {
  readonly what: string
  readonly use: ArgumentUse
  readonly place: Place
}

/** Uses whose gaps their own parsers report, or that are gaps themselves. */
const REPORTED: ReadonlySet<ArgumentUse> = new Set(['server', 'spoe-message', 'stick', 'tcp-check', 'track'])

/**
 * Records the arguments of an expression that are resolved at the end.
 * @param keyword what messages call the fetch
 */
export const recordExpression = (
  owner: ArgumentOwner,
  expression: SampleExpression,
  use: ArgumentUse,
  place: Place,
  keyword = expression.fetch.name,
): void => {
  if (!REPORTED.has(use)) for (const what of expression.gaps) (owner.sampleGaps ??= []).push({ what, use, place })
  recordCall(owner, expression.fetch, undefined, keyword, use, place)
  for (const call of expression.converters) recordCall(owner, call, call.name, keyword, use, place)
}

/** Records the arguments of the expressions of a log-format, and what log lines wait for because of it. */
export const recordLogFormat = (owner: ArgumentOwner, format: LogFormat, use: ArgumentUse, place: Place): void => {
  owner.logWaits |= logWaitsOf(format)
  for (const expression of formatExpressions(format)) recordExpression(owner, expression, use, place)
}

const recordCall = (
  owner: ArgumentOwner,
  { args }: SampleCall,
  converter: string | undefined,
  fetch: string,
  use: ArgumentUse,
  place: Place,
): void => {
  args.forEach((argument, index) => {
    if (argument.type !== 'reference') return
    const pending = (owner.pendingArguments ??= [])
    pending.push({ argument, position: index + 1, converter, fetch, use, place })
  })
}
