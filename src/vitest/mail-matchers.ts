/** Matchers of the mails that a mail server of a simulation was sent. */
import { MILLISECOND } from '../engine/index.js'
import { SmtpServer, type Mail } from '../sim/index.js'
import { fitsFields, fitsText, listing, verdict, type TextPattern, type Verdict } from './pattern.js'

/** a part of the subject, an expression that finds something in it, or what fields of the mail should be like */
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

/** The types of the matchers, as `expect(smtp)` has them. */
export interface MailMatchers {
  /** At least one mail was sent to this server that is like `pattern`; any mail without it. */
  toHaveSent(pattern?: MailPattern): void
  /** Just one such mail was sent. */
  toHaveSentOnce(pattern?: MailPattern): void
  /** Just so many such mails were sent. */
  toHaveSentTimes(count: number, pattern?: MailPattern): void
  /** Such mails were sent in this order; others may lie between. */
  toHaveSentInOrder(patterns: readonly MailPattern[]): void
}

export const mailMatchers = {
  toHaveSent: (smtp: unknown, pattern?: MailPattern): Verdict => {
    const { mails, name } = server(smtp, 'toHaveSent')
    return verdict(count(mails, pattern) > 0, `a mail${like(pattern)} {not }to be sent to ${name}`, () => told(mails))
  },
  toHaveSentOnce: (smtp: unknown, pattern?: MailPattern): Verdict => times(smtp, 'toHaveSentOnce', 1, pattern),
  toHaveSentTimes: (smtp: unknown, wanted: number, pattern?: MailPattern): Verdict =>
    times(smtp, 'toHaveSentTimes', wanted, pattern),
  toHaveSentInOrder: (smtp: unknown, patterns: readonly MailPattern[]): Verdict => {
    const { mails, name } = server(smtp, 'toHaveSentInOrder')
    let next = 0
    for (const mail of mails) if (next < patterns.length && fits(mail, patterns[next]!)) next++
    const missing = patterns[next]
    const order = patterns.map((each) => describe(each)).join(', then ')
    return verdict(missing === undefined, `mails {not }to be sent to ${name} in this order: ${order}`, () =>
      missing === undefined || next === 0 ? told(mails) : `Missing from there on: ${describe(missing)}\n${told(mails)}`,
    )
  },
}

const times = (smtp: unknown, matcher: string, wanted: number, pattern: MailPattern | undefined): Verdict => {
  const { mails, name } = server(smtp, matcher)
  const found = count(mails, pattern)
  return verdict(
    found === wanted,
    `${wanted} ${wanted === 1 ? 'mail' : 'mails'}${like(pattern)} {not }to be sent to ${name}, there ${found === 1 ? 'was' : 'were'} ${found}`,
    () => told(mails),
  )
}

const server = (value: unknown, matcher: string): SmtpServer => {
  if (value instanceof SmtpServer) return value
  throw new TypeError(`${matcher} asks about a mail server, as sim.smtp(…) makes it`)
}

const fits = (mail: Mail, pattern: MailPattern): boolean =>
  typeof pattern === 'string' || pattern instanceof RegExp ? fitsText(mail.subject, pattern) : fitsFields(mail, pattern)

const count = (mails: readonly Mail[], pattern: MailPattern | undefined): number =>
  pattern === undefined ? mails.length : mails.filter((mail) => fits(mail, pattern)).length

const like = (pattern: MailPattern | undefined): string => (pattern === undefined ? '' : ` like ${describe(pattern)}`)

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

const told = (mails: readonly Mail[]): string =>
  listing(
    'mails',
    mails.map(({ at, to, subject }) => `${(at / MILLISECOND / 1000).toFixed(3)}s to ${to}: ${subject}`),
  )
