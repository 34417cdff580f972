/** The steps of an SMTP session at which the server's behavior can be changed. */

/** Steps of each session: the greeting, the commands, and the end of the mail itself (`body`). */
export const SMTP_STEPS = ['connect', 'helo', 'mail', 'rcpt', 'data', 'body', 'quit'] as const

/** Steps of sessions in which the server offers the extension: STARTTLS, and the end of AUTH. */
export const SMTP_EXTENSION_STEPS = ['starttls', 'auth'] as const

/** Any step. */
export type SmtpStep = (typeof SMTP_STEPS)[number] | (typeof SMTP_EXTENSION_STEPS)[number]

/** What a server does instead of its normal reply: another reply, closing, resetting, or not replying at all. */
export type StepBehavior =
  { readonly code: number; readonly text: string | readonly string[] } | 'drop' | 'reset' | 'hang'
