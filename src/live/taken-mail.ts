/** A mail that was taken, for people: encodings, character sets and parts are undone by postal-mime. */
import type PostalMime from 'postal-mime'
import { printableRecord } from '../bytes/printable.js'
import { decodeText } from '../bytes/text.js'

/** Whom a client has logged in as, and how (AUTH). */
export interface Login {
  readonly user: string
  readonly mechanism: 'PLAIN' | 'LOGIN'
}

/** What came before the mail itself. */
export interface Envelope extends Partial<Login> {
  readonly from: string
  readonly recipients: readonly string[]
  /** it came over TLS */
  readonly tls?: true
}

export interface TakenMail extends Partial<Login> {
  readonly tls?: true
  /** the sender's address, as in MAIL FROM; empty for a bounce */
  readonly from: string
  /** the recipients' addresses, as in RCPT TO, joined by `, ` */
  readonly to: string
  readonly subject: string
  /** the Date field as it is written; empty where there is none */
  readonly date: string
  /** what it says, as text, and a line for each attachment; not more than one looks through */
  readonly body: string
}

/** How much of a mail is shown. */
const MOST_LINES = 200
const MOST_OF_LINE = 1000

/** More recipients than this are counted. */
const MOST_RECIPIENTS = 20

export const readable = async (
  parser: typeof PostalMime,
  content: Uint8Array,
  { from, recipients, ...delivery }: Envelope,
): Promise<TakenMail> => {
  const { subject = '', text, html, attachments, headers } = await parser.parse(content)
  const parts = attachments.map(
    ({ filename, mimeType, content }) =>
      `[attachment ${[filename ?? 'without a name', mimeType, `${bytesOf(content)} bytes`].join(', ')}]`,
  )
  if (text === undefined && html !== undefined) parts.unshift(`[nothing but HTML, ${bytesOf(html)} bytes]`)
  // what is no mail is shown as it came
  const words = text ?? (html === undefined && attachments.length === 0 ? decodeText(content) : '')
  return printableRecord({
    ...delivery,
    from,
    to: shortened(recipients, MOST_RECIPIENTS, 'recipients').join(', '),
    subject,
    date: headers.find(({ key }) => key === 'date')?.value ?? '',
    body: [...shortened(lines(words), MOST_LINES, 'lines'), ...parts].join('\n').replace(/^\n+/, ''),
  })
}

const lines = (text: string): string[] =>
  text
    .replace(/\r\n?/g, '\n')
    .trimEnd()
    .split('\n')
    .map((line) => (line.length > MOST_OF_LINE ? `${line.slice(0, MOST_OF_LINE)}… (${line.length} characters)` : line))

const shortened = (all: readonly string[], most: number, what: string): readonly string[] =>
  all.length > most ? [...all.slice(0, most), `… and ${all.length - most} more ${what}`] : all

const bytesOf = (content: ArrayBuffer | Uint8Array | string): number =>
  typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
