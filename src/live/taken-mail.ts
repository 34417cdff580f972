/** A mail that was taken, for people: encodings, character sets and parts are undone by postal-mime. */
import type PostalMime from 'postal-mime'

export interface TakenMail {
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
  { from, recipients }: { readonly from: string; readonly recipients: readonly string[] },
): Promise<TakenMail> => {
  const { subject = '', text, html, attachments, headers } = await parser.parse(content)
  const parts = attachments.map(
    ({ filename, mimeType, content }) =>
      `[attachment ${[filename ?? 'without a name', mimeType, `${bytesOf(content)} bytes`].join(', ')}]`,
  )
  if (text === undefined && html !== undefined) parts.unshift(`[nothing but HTML, ${bytesOf(html)} bytes]`)
  // what is no mail is shown as it came
  const words = text ?? (html === undefined && attachments.length === 0 ? Buffer.from(content).toString() : '')
  return {
    from,
    to: shortened(recipients, MOST_RECIPIENTS, 'recipients').join(', '),
    subject: harmless(subject),
    date: headers.find(({ key }) => key === 'date')?.value ?? '',
    body: [...shortened(lines(words), MOST_LINES, 'lines'), ...parts.map(harmless)].join('\n').replace(/^\n+/, ''),
  }
}

/** Nobody's mail gives orders to a terminal. */
const harmless = (text: string): string => text.replaceAll('\x1b', '\\x1b')

const lines = (text: string): string[] =>
  harmless(text)
    .replace(/\r\n?/g, '\n')
    .trimEnd()
    .split('\n')
    .map((line) => (line.length > MOST_OF_LINE ? `${line.slice(0, MOST_OF_LINE)}… (${line.length} characters)` : line))

const shortened = (all: readonly string[], most: number, what: string): readonly string[] =>
  all.length > most ? [...all.slice(0, most), `… and ${all.length - most} more ${what}`] : all

const bytesOf = (content: ArrayBuffer | Uint8Array | string): number =>
  typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
