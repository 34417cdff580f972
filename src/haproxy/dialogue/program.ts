/**
 * A check as a program: a list of rules that is followed from the first to the last. What the configuration says and the
 * dialogues that HAProxy knows by itself come to the same (`struct tcpcheck_rules` in include/haproxy/tcpcheck-t.h).
 */
import type {
  CheckRule,
  ConnectRule,
  ExpectPattern,
  ExpectRule,
  HttpSendRule,
  SendRule,
  VariableRule,
} from '../../config/checks/rules.js'
import { IMPLICIT_CONNECT, defaultExpect } from '../../config/checks/rules.js'
import {
  parseLogFormat,
  parseSampleExpression,
  type LogFormat,
  type SampleExpression,
} from '../../config/samples/log-format.js'
import type { Finding } from './finding.js'
import type { Sample } from './samples.js'

/** What has been received when a rule looks at it. */
export interface Reply {
  /** byte string */
  readonly input: string
  /** no more will come */
  readonly lastRead: boolean
  /** whether the rule is the last of its program */
  readonly isLast: boolean
}

/** What a rule of a kind's own makes of a reply: go on, wait for more, or what was found. */
export type CustomVerdict =
  'continue' | 'wait' | { readonly failed: Finding } | { readonly passed: Finding } | { readonly ended: Finding }

export interface CustomPattern {
  readonly type: 'custom'
  readonly judge: (reply: Reply) => CustomVerdict
}

export type ProgramExpect = ExpectRule<ExpectPattern | CustomPattern>
export type Rule = ConnectRule | SendRule | HttpSendRule | ProgramExpect | VariableRule

export interface Program {
  readonly kind: string
  readonly rules: readonly Rule[]
  /** set before the first rule */
  readonly variables: ReadonlyMap<string, Sample>
  /** messages name the step at which something happened: rules that somebody wrote, and mails */
  readonly namesSteps: boolean
  /** messages tell what was not as expected, where the rule has no words of its own */
  readonly explains: boolean
  readonly isHttp: boolean
}

const NO_VARIABLES: ReadonlyMap<string, Sample> = new Map()

export const makeProgram = (
  kind: string,
  rules: readonly (Rule | CheckRule)[],
  variables: ReadonlyMap<string, Sample> = NO_VARIABLES,
): Program => ({
  kind,
  rules,
  variables,
  namesSteps: kind === 'tcp' || kind === 'mail',
  explains: kind === 'tcp' || kind === 'mail' || kind === 'http',
  isHttp: kind === 'http',
})

/** The implicit connection, or one with `default linger`, for the servers that do not like resets. */
export const connect = (linger = false): ConnectRule =>
  linger ? { ...IMPLICIT_CONNECT, implicit: false, linger } : IMPLICIT_CONNECT

export const send = (index: number, data: string): SendRule => ({ action: 'send', index, comment: undefined, data })

/** A log-format that hapsim wrote itself. */
export const format = (text: string): LogFormat => {
  const parsed = parseLogFormat(text)
  if ('error' in parsed || 'notEmulated' in parsed) throw new Error(`bad log-format ${text}`)
  return parsed
}

export const expression = (text: string): SampleExpression => {
  const parsed = parseSampleExpression(text)
  if ('error' in parsed || 'notEmulated' in parsed) throw new Error(`bad expression ${text}`)
  return parsed
}

export const sendFormat = (index: number, text: string, binary: boolean): SendRule => ({
  action: 'send',
  index,
  comment: undefined,
  data: { format: format(text), binary },
})

type ExpectOptions = Partial<Omit<ProgramExpect, 'action' | 'index' | 'pattern'>>

export const expect = (
  index: number,
  pattern: ExpectPattern | CustomPattern,
  options: ExpectOptions = {},
): ProgramExpect => ({ ...defaultExpect(index, pattern), ...options })
