/** Matchers for the mails received by a simulated mail server. */
import { MILLISECOND } from '../engine/index.js'
import { SmtpServer, type Mail } from '../sim/index.js'
import { matchesFields, matchesText, listing, matcherResult, type TextPattern, type MatcherResult } from './pattern.js'

/** A substring or regular expression for the subject, or patterns for fields of the mail. */
export type MailPattern =
  | TextPattern
  | {
      readonly from?: TextPattern
      readonly to?: TextPattern
      readonly subject?: TextPattern
      readonly date?: TextPattern
      readonly body?: TextPattern
      readonly helo?: TextPattern
      readonly headers?: Readonly<Record<string, TextPattern>>
    }

/** The types of the matchers on `expect(smtp)`. */
export interface MailMatchers {
  /** At least one matching mail was sent to this server; any mail without a pattern. */
  toHaveSent(pattern?: MailPattern): void
  /** Exactly one matching mail was sent. */
  toHaveSentOnce(pattern?: MailPattern): void
  /** Exactly `count` matching mails were sent. */
  toHaveSentTimes(count: number, pattern?: MailPattern): void
  /** Matching mails were sent in this order, possibly with others in between. */
  toHaveSentInOrder(patterns: readonly MailPattern[]): void
}

export const mailMatchers = {
  toHaveSent: (smtp: unknown, pattern?: MailPattern): MatcherResult => {
    const { mails, name } = server(smtp, 'toHaveSent')
    return matcherResult(
      count(mails, pattern) > 0,
      `a mail${describeSuffix(pattern)} {not }to be sent to ${name}`,
      () => listMails(mails),
    )
  },
  toHaveSentOnce: (smtp: unknown, pattern?: MailPattern): MatcherResult => times(smtp, 'toHaveSentOnce', 1, pattern),
  toHaveSentTimes: (smtp: unknown, wanted: number, pattern?: MailPattern): MatcherResult =>
    times(smtp, 'toHaveSentTimes', wanted, pattern),
  toHaveSentInOrder: (smtp: unknown, patterns: readonly MailPattern[]): MatcherResult => {
    const { mails, name } = server(smtp, 'toHaveSentInOrder')
    let next = 0
    for (const mail of mails) if (next < patterns.length && matches(mail, patterns[next]!)) next++
    const missing = patterns[next]
    const order = patterns.map((each) => describe(each)).join(', then ')
    return matcherResult(missing === undefined, `mails {not }to be sent to ${name} in this order: ${order}`, () =>
      missing === undefined || next === 0
        ? listMails(mails)
        : `Not found after those: ${describe(missing)}\n${listMails(mails)}`,
    )
  },
}

const times = (smtp: unknown, matcher: string, wanted: number, pattern: MailPattern | undefined): MatcherResult => {
  const { mails, name } = server(smtp, matcher)
  const found = count(mails, pattern)
  return matcherResult(
    found === wanted,
    `${wanted} ${wanted === 1 ? 'mail' : 'mails'}${describeSuffix(pattern)} {not }to be sent to ${name}, there ${found === 1 ? 'was' : 'were'} ${found}`,
    () => listMails(mails),
  )
}

const server = (value: unknown, matcher: string): SmtpServer => {
  if (value instanceof SmtpServer) return value
  throw new TypeError(`${matcher} expects a mail server, as returned by sim.smtp(…)`)
}

const matches = (mail: Mail, pattern: MailPattern): boolean =>
  typeof pattern === 'string' || pattern instanceof RegExp
    ? matchesText(mail.subject, pattern)
    : matchesFields(mail, pattern)

const count = (mails: readonly Mail[], pattern: MailPattern | undefined): number =>
  pattern === undefined ? mails.length : mails.filter((mail) => matches(mail, pattern)).length

const describeSuffix = (pattern: MailPattern | undefined): string =>
  pattern === undefined ? '' : ` like ${describe(pattern)}`

const describe = (pattern: MailPattern): string => {
  if (pattern instanceof RegExp) return String(pattern)
  if (typeof pattern === 'string') return JSON.stringify(pattern)
  const fields = Object.entries(pattern).map(([name, value]) =>
    typeof value === 'object' && !(value instanceof RegExp)
      ? `${name} ${describe(value)}`
      : `${name} ${describe(value as TextPattern)}`,
  )
  return `{ ${fields.join(', ')} }`
}

const listMails = (mails: readonly Mail[]): string =>
  listing(
    'mails',
    mails.map(({ at, to, subject }) => `${(at / MILLISECOND / 1000).toFixed(3)}s to ${to}: ${subject}`),
  )
