/**
 * A program of check rules, evaluated in order: those of the configuration, or of HAProxy's built-in checks (`struct tcpcheck_rules` in
 * include/haproxy/tcpcheck-t.h).
 */
import {
  IMPLICIT_CONNECT,
  defaultExpect,
  type CheckRule,
  type ConnectRule,
  type ExpectPattern,
  type ExpectRule,
  type HttpSendRule,
  type SendRule,
  type VariableRule,
} from './rules.js'
import type { SampleExpression } from '../samples/expression.js'
import { ANY_SAMPLES } from '../samples/keywords.js'
import { parseCheckFormat, parseSampleExpression, type LogFormat } from '../samples/log-format.js'
import { compileRegex, isRegexError, type Regex } from '../../regex/index.js'
import type { Finding } from './finding.js'

/** What has been received when a rule is evaluated. */
export interface Reply {
  /** byte string */
  readonly input: string
  /** the peer has finished sending, or the buffer is full */
  readonly lastRead: boolean
  /** whether the rule is the last of its program */
  readonly isLast: boolean
}

/** The verdict of a custom rule on a reply: continue, wait for more data, or a finding. */
export type CustomVerdict =
  'continue' | 'wait' | { readonly failed: Finding } | { readonly passed: Finding } | { readonly ended: Finding }

/** The pattern of a rule whose replies a function judges. It must be pure, except that of agent checks. */
export interface CustomPattern {
  readonly type: 'custom'
  readonly judge: (reply: Reply) => CustomVerdict
}

export type ProgramExpect = ExpectRule<ExpectPattern | CustomPattern>
export type Rule = ConnectRule | SendRule | HttpSendRule | ProgramExpect | VariableRule

/** The rules of a check or a mail. */
export interface Program {
  readonly kind: string
  readonly rules: readonly Rule[]
  /** variables of the scope `check` that are set before the first rule: byte strings and integers */
  readonly variables: Variables
  /** messages name the step: for rules of the configuration, and mails */
  readonly namesSteps: boolean
  /** messages explain a mismatch where the rule has no `on-error` */
  readonly explains: boolean
  readonly isHttp: boolean
}

type Variables = Readonly<Record<string, string | number>>

/** A program of `rules`. @param kind `tcp`, `http`, `mail` or the name of a built-in kind of check */
export const makeProgram = (
  kind: string,
  rules: readonly (Rule | CheckRule)[],
  variables: Variables = {},
): Program => ({
  kind,
  rules,
  variables,
  namesSteps: kind === 'tcp' || kind === 'mail',
  explains: kind === 'tcp' || kind === 'mail' || kind === 'http',
  isHttp: kind === 'http',
})

/** The implicit connection. @param linger closes it with FIN instead of a reset */
export const connect = (linger = false): ConnectRule =>
  linger ? { ...IMPLICIT_CONNECT, implicit: false, linger } : IMPLICIT_CONNECT

/** Sends bytes. */
export const send = (index: number, data: string): SendRule => ({ action: 'send', index, comment: undefined, data })

/** Parses a log-format of a built-in check. */
export const format = (text: string): LogFormat => {
  const parsed = parseCheckFormat(text, ANY_SAMPLES)
  if ('error' in parsed || 'notEmulated' in parsed) throw new Error(`bad log-format ${text}`)
  return parsed
}

/** Parses a sample expression of a built-in check. */
export const expression = (text: string): SampleExpression => {
  const parsed = parseSampleExpression(text, ANY_SAMPLES)
  if ('error' in parsed || 'notEmulated' in parsed) throw new Error(`bad expression ${text}`)
  return parsed
}

/** Compiles a regular expression that is part of hapsim. */
export const regex = (pattern: string): Regex => {
  const compiled = compileRegex(pattern, { captures: false })
  if (isRegexError(compiled)) throw new Error(compiled.error)
  return compiled
}

/** Sends the result of a log-format. @param binary it is hexadecimal digits */
export const sendFormat = (index: number, text: string, binary: boolean): SendRule => ({
  action: 'send',
  index,
  comment: undefined,
  data: { format: format(text), binary },
})

type ExpectOptions = Partial<Omit<ProgramExpect, 'action' | 'index' | 'pattern'>>

/** Expects `pattern`; options that are left out have HAProxy's defaults. */
export const expect = (
  index: number,
  pattern: ExpectPattern | CustomPattern,
  options: ExpectOptions = {},
): ProgramExpect => ({ ...defaultExpect(index, pattern), ...options })
