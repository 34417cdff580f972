/**
 * Messages about the step at which a check has succeeded or failed (`tcpcheck_expect_onerror_message`, `…_onsuccess_message` in
 * src/tcpcheck.c, `chk_report_conn_err` in src/check.c).
 */
import type { DialogueContext } from './context.js'
import { evaluate } from '../samples/expression.js'
import { formatText } from '../samples/log-format.js'
import { integerOf, textOf } from '../samples/casts.js'
import { str } from '../samples/sample.js'
import type { Program, ProgramExpect, Rule } from '../../config/checks/program.js'

/** The number of a step, from 1; 0 is the implicit connection. */
export const stepNumber = (rule: Rule | undefined): number => {
  if (rule === undefined) return 1
  if (rule.action === 'connect' && rule.implicit && rule.index === 0) return 0
  return rule.index + 1
}

const MISMATCHES: Readonly<Record<ProgramExpect['pattern']['type'], string>> = {
  string: '',
  binary: ' (binary)',
  rstring: ' (regex)',
  rbinary: ' (binary regex)',
  'string-lf': ' (log-format string)',
  'binary-lf': ' (log-format binary)',
  'http-status': '(status codes)',
  'http-rstatus': ' (regex)',
  'http-header': ' (header pattern)',
  'http-body': '',
  'http-rbody': ' (regex)',
  'http-body-lf': ' (log-format string)',
  custom: ' (custom function)',
}

const WAITS: Readonly<Record<ProgramExpect['pattern']['type'], string>> = {
  string: '',
  binary: '',
  rstring: 'regex',
  rbinary: 'binary regex',
  'string-lf': 'log-format string',
  'binary-lf': 'log-format binary',
  'http-status': 'HTTP status codes',
  'http-rstatus': 'HTTP status regex',
  'http-header': 'HTTP header pattern',
  'http-body': '',
  'http-rbody': 'HTTP body regex',
  'http-body-lf': 'log-format HTTP body',
  custom: 'custom function',
}

/** ` at step 2 of tcp-check (expect string 'x')`: where something went wrong with the connection. */
export const stepText = (program: Program, rule: Rule | undefined): string => {
  if (!program.namesSteps) return ''
  const step = stepNumber(rule)
  if (step === 0) return ' at initial connection step of tcp-check'
  const comment = rule?.comment === undefined ? '' : ` comment: '${rule.comment}'`
  return ` at step ${step} of tcp-check${rule === undefined ? '' : actionText(rule)}${comment}`
}

const actionText = (rule: Rule): string => {
  if (rule.action === 'connect') return rule.port === 0 ? ' (connect)' : ` (connect port ${rule.port})`
  if (rule.action === 'send' || rule.action === 'http-send') return ' (send)'
  if (rule.action !== 'expect') return ''
  const { pattern } = rule
  if (pattern.type === 'string') return ` (expect string '${pattern.data}')`
  if (pattern.type === 'binary') return ` (expect binary '${hexOf(pattern.data)}')`
  if (pattern.type === 'http-body') return ` (expect HTTP body content '${pattern.data}')`
  return ` (expect ${WAITS[pattern.type]})`
}

/** Bytes as hexadecimal digits (`dump_binary`). */
export const hexOf = (data: string): string =>
  Array.from(data, (c) => c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')).join('')

/** The message for a reply that `rule` does not accept. @param description the message of a built-in check */
export const failureText = (
  program: Program,
  rule: ProgramExpect,
  context: DialogueContext,
  result: { readonly isMatch: boolean; readonly isEmpty: boolean; readonly description: string },
): string => {
  const comment = rule.comment === undefined ? '' : ` comment: ${rule.comment}`
  return failure(program, rule, context, result) + comment
}

const failure = (
  program: Program,
  rule: ProgramExpect,
  context: DialogueContext,
  { isMatch, isEmpty, description }: Parameters<typeof failureText>[3],
): string => {
  if (description !== '') return description
  if (rule.onError !== undefined && rule.onError.items.length > 0) return formatText(rule.onError, context)
  const step = stepNumber(rule)
  if (isEmpty) return `TCPCHK got an empty response at step ${step}`
  if (!program.explains) return ''
  const { pattern } = rule
  const what = isMatch ? 'TCPCHK matched unwanted content' : 'TCPCHK did not match content'
  const data =
    pattern.type === 'string' || pattern.type === 'http-body' ? ` '${pattern.data}'` : MISMATCHES[pattern.type]
  return `${what}${data} at step ${step}`
}

/** The message for a check that has succeeded with `rule`. */
export const successText = (program: Program, rule: ProgramExpect, context: DialogueContext): string => {
  if (rule.onSuccess !== undefined && rule.onSuccess.items.length > 0) return formatText(rule.onSuccess, context)
  return program.kind === 'tcp' ? '(tcp-check)' : ''
}

/** The value of `status-code` for the reply, if it has one. */
export const statusCode = (rule: ProgramExpect, context: DialogueContext): number | undefined => {
  if (rule.statusCode === undefined) return undefined
  const sample = evaluate(rule.statusCode, context)
  const code = sample && integerOf(str(textOf(sample)))
  return code && Number(code.value)
}
