/** A mail as it went over the wire, taken apart: header fields (RFC 5322, section 2.2), encoded words (RFC 2047), body. */
import { fromByteString } from '../../bytes/text.js'
import type { Micros } from '../../engine/index.js'
import type { Mechanism } from './smtp-auth.js'

export interface Envelope {
  /** the sender's address without brackets, as in MAIL FROM; empty for a bounce */
  readonly from: string
  /** the recipients' addresses without brackets, as in RCPT TO */
  readonly recipients: readonly string[]
  /** what the client called itself, as in HELO */
  readonly helo: string
  /** whom the client has logged in as (AUTH); undefined: it has not */
  readonly user?: string | undefined
  /** how it did */
  readonly mechanism?: Mechanism | undefined
  /** whether it came over TLS */
  readonly tls: boolean
}

export interface Mail extends Envelope {
  /** the recipients, joined by `, ` */
  readonly to: string
  /** the Subject field, decoded; empty when there is none */
  readonly subject: string
  /** the Date field as written; empty when there is none */
  readonly date: string
  /** all fields by their name in lower case, unfolded, encoded words decoded; repeated ones joined by `, ` */
  readonly headers: Readonly<Record<string, string>>
  /** what follows the header, lines ended by `\n`, without the line end that ends the mail. Transfer encodings are left. */
  readonly body: string
  /** the whole as it was sent, dots unstuffed, one character per byte */
  readonly raw: string
  /** when it was accepted, in microseconds since the run began */
  readonly at: Micros
}

/** @param raw one character per byte, as in `envelope` */
export const readMail = (raw: string, envelope: Envelope, at: Micros): Mail => {
  const [header, body] = splitHeader(raw)
  const headers = readFields(header)
  const recipients = envelope.recipients.map(fromByteString)
  return {
    ...envelope,
    from: fromByteString(envelope.from),
    recipients,
    helo: fromByteString(envelope.helo),
    to: recipients.join(', '),
    subject: headers['subject'] ?? '',
    date: headers['date'] ?? '',
    headers,
    body: fromByteString(body).replaceAll('\r\n', '\n').replace(/\n$/, ''),
    raw,
    at,
  }
}

/** The header ends at the first empty line, or before the first line that can be no field. */
const splitHeader = (raw: string): [string, string] => {
  const field = /(?:[!-9;-~]+[ \t]*:.*|[ \t]+\S.*)(?:\r?\n|$)/y
  let end = 0
  while (end < raw.length) {
    field.lastIndex = end
    if (!field.test(raw)) break
    end = field.lastIndex
  }
  const empty = /^\r?\n/.exec(raw.slice(end, end + 2))
  return [raw.slice(0, end), raw.slice(end + (empty?.[0].length ?? 0))]
}

const readFields = (header: string): Record<string, string> => {
  const fields = new Map<string, string>()
  for (const line of header.replace(/\r?\n(?=[ \t])/g, '').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const name = line
      .slice(0, colon)
      .replace(/[ \t]+$/, '')
      .toLowerCase()
    const value = decodeWords(fromByteString(line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')))
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(fields)
}

const WORD = /=\?([\w-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=/gi

/** Decodes encoded words; blanks between two of them do not count. One in an unknown character set stays as it is. */
export const decodeWords = (text: string): string =>
  text
    .replace(/(\?=)[ \t]+(?==\?[\w*-]+\?[bq]\?)/gi, '$1')
    .replace(WORD, (word: string, charset: string, encoding: string, content: string) => {
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : fromQ(content)
      try {
        return new TextDecoder(charset).decode(bytes)
      } catch {
        return word
      }
    })

const fromQ = (content: string): Uint8Array =>
  Buffer.from(
    content
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
