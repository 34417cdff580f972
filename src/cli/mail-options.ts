/** `--mail-account` and `--mail-tls`: what mail servers ask of their clients, those of a simulation and the mail sink. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { SmtpOptions } from '../sim/index.js'
import { RepeatableOption } from './repeatable.js'

type Accounts = Readonly<Record<string, string>>

export interface MailFlags {
  /** passwords by user; empty: nobody needs to log in */
  readonly mailAccount: Accounts
  readonly mailTls?: 'starttls' | 'implicit'
}

export const addMailServers = (command: Command): Command =>
  command
    .addOption(
      new RepeatableOption<Accounts>(
        '--mail-account <user:password>',
        'mail servers take mails only from who has logged in (AUTH PLAIN or LOGIN)',
        account,
        {},
        'from everybody',
      ),
    )
    .addOption(
      new Option(
        '--mail-tls <how>',
        'mail servers offer STARTTLS, or speak TLS from the first byte, as connect_ssl needs it',
      ).choices(['starttls', 'implicit']),
    )

const account = (value: string, earlier: Accounts): Accounts => {
  const [, user, password] = /^([^:]+):(.*)$/s.exec(value) ?? []
  if (user === undefined || password === undefined) throw new InvalidArgumentError('write USER:PASSWORD')
  return { ...earlier, [user]: password }
}

/** Undefined where anybody may send mails. */
export const accountsOf = ({ mailAccount }: MailFlags): Accounts | undefined =>
  Object.keys(mailAccount).length === 0 ? undefined : mailAccount

/** What the flags mean for the mail servers of a simulation. */
export const smtpOptions = (flags: MailFlags): SmtpOptions => ({
  accounts: accountsOf(flags),
  ...(flags.mailTls === 'starttls' && { starttls: true }),
  ...(flags.mailTls === 'implicit' && { tls: {} }),
})

/** The flags as they can be given again. */
export const mailFlags = ({ mailAccount, mailTls }: MailFlags): readonly string[] => [
  ...Object.entries(mailAccount).map(([user, password]) => `--mail-account '${user}:${password}'`),
  ...(mailTls === undefined ? [] : [`--mail-tls ${mailTls}`]),
]
