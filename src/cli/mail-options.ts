/** `--mail-account` and `--mail-tls`: authentication and TLS of simulated mail servers and of the mail sink. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { SmtpOptions } from '../sim/index.js'
import { RepeatableOption } from './repeatable.js'

type Passwords = Readonly<Record<string, string>>

export interface MailFlags {
  /** passwords by user; empty: no authentication needed */
  readonly mailAccount: Passwords
  readonly mailTls?: 'starttls' | 'implicit'
}

/** Adds `--mail-account` and `--mail-tls`. */
export const addMailServerOptions = (command: Command): Command =>
  command
    .addOption(
      new RepeatableOption<Passwords>(
        '--mail-account <user:password>',
        'mail servers require authentication (AUTH PLAIN or LOGIN)',
        parseAccount,
        {},
        'no authentication',
      ),
    )
    .addOption(
      new Option(
        '--mail-tls <how>',
        'mail servers offer STARTTLS, or use implicit TLS, as needed by connect_ssl',
      ).choices(['starttls', 'implicit']),
    )

const parseAccount = (value: string, earlier: Passwords): Passwords => {
  const [, user, password] = /^([^:]+):(.*)$/s.exec(value) ?? []
  if (user === undefined || password === undefined) throw new InvalidArgumentError('expected USER:PASSWORD')
  return { ...earlier, [user]: password }
}

/** The accounts, or undefined if authentication is not required. */
export const accountsOf = ({ mailAccount }: MailFlags): Passwords | undefined =>
  Object.keys(mailAccount).length === 0 ? undefined : mailAccount

/** Options of the mail servers of a simulation. */
export const smtpOptions = (flags: MailFlags): SmtpOptions => ({
  accounts: accountsOf(flags),
  ...(flags.mailTls === 'starttls' && { starttls: true }),
  ...(flags.mailTls === 'implicit' && { tls: {} }),
})

/** Reconstructs the command-line flags. */
export const mailFlags = ({ mailAccount, mailTls }: MailFlags): readonly string[] => [
  ...Object.entries(mailAccount).map(([user, password]) => `--mail-account '${user}:${password}'`),
  ...(mailTls === undefined ? [] : [`--mail-tls ${mailTls}`]),
]
