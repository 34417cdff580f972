/** Parses received mails for display: postal-mime decodes transfer encodings, character sets and MIME parts. */
import type PostalMime from 'postal-mime'
import { printableRecord } from '../bytes/printable.js'
import { decodeText } from '../bytes/text.js'

/** The authenticated user and mechanism (AUTH). */
export interface Login {
  readonly user: string
  readonly mechanism: 'PLAIN' | 'LOGIN'
}

/** The SMTP envelope of a mail. */
export interface MailEnvelope extends Partial<Login> {
  readonly from: string
  readonly recipients: readonly string[]
  /** received over TLS */
  readonly tls?: true
}

/** A mail for display. */
export interface ReceivedMail extends Partial<Login> {
  readonly tls?: true
  /** the sender's address of MAIL FROM; empty for a bounce */
  readonly from: string
  /** the recipients' addresses of RCPT TO, joined by `, ` */
  readonly to: string
  readonly subject: string
  /** the Date field as written; empty if missing */
  readonly date: string
  /** the text, truncated, and one line per attachment */
  readonly body: string
}

/** Limits of the text. */
const MAX_LINES = 200
const MAX_LINE_LENGTH = 1000

/** More recipients than this are only counted. */
const MAX_RECIPIENTS = 20

/** Parses a mail. */
export const parseReceivedMail = async (
  parser: typeof PostalMime,
  content: Uint8Array,
  { from, recipients, ...delivery }: MailEnvelope,
): Promise<ReceivedMail> => {
  const { subject = '', text, html, attachments, headers } = await parser.parse(content)
  const parts = attachments.map(
    ({ filename, mimeType, content }) =>
      `[attachment ${[filename ?? 'without a name', mimeType, `${byteCount(content)} bytes`].join(', ')}]`,
  )
  if (text === undefined && html !== undefined) parts.unshift(`[HTML only, ${byteCount(html)} bytes]`)
  // content that is not MIME is shown unchanged
  const words = text ?? (html === undefined && attachments.length === 0 ? decodeText(content) : '')
  return printableRecord({
    ...delivery,
    from,
    to: truncateList(recipients, MAX_RECIPIENTS, 'recipients').join(', '),
    subject,
    date: headers.find(({ key }) => key === 'date')?.value ?? '',
    body: [...truncateList(lines(words), MAX_LINES, 'lines'), ...parts].join('\n').replace(/^\n+/, ''),
  })
}

const lines = (text: string): string[] =>
  text
    .replace(/\r\n?/g, '\n')
    .trimEnd()
    .split('\n')
    .map((line) =>
      line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}… (${line.length} characters)` : line,
    )

const truncateList = (all: readonly string[], most: number, what: string): readonly string[] =>
  all.length > most ? [...all.slice(0, most), `… and ${all.length - most} more ${what}`] : all

const byteCount = (content: ArrayBuffer | Uint8Array | string): number =>
  typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
