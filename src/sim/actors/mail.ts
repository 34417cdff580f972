/** Parsing of received mails: header fields (RFC 5322, section 2.2), encoded words (RFC 2047), body. */
import { fromByteString } from '../../bytes/text.js'
import type { Micros } from '../../engine/index.js'
import type { Mechanism } from './smtp-auth.js'

/** The SMTP envelope. */
export interface Envelope {
  /** the sender's address without brackets, as in MAIL FROM; empty for a bounce */
  readonly from: string
  /** the recipients' addresses without brackets, as in RCPT TO */
  readonly recipients: readonly string[]
  /** the argument of HELO or EHLO */
  readonly helo: string
  /** the authenticated user (AUTH), if any */
  readonly user?: string | undefined
  /** the authentication mechanism */
  readonly mechanism?: Mechanism | undefined
  /** whether it was received over TLS */
  readonly tls: boolean
}

/** A received mail. */
export interface Mail extends Envelope {
  /** the recipients, joined with `, ` */
  readonly to: string
  /** the decoded Subject field; empty if there is none */
  readonly subject: string
  /** the Date field; empty if there is none */
  readonly date: string
  /** all fields by lower-case name, unfolded and decoded; repeated ones are joined with `, ` */
  readonly headers: Readonly<Record<string, string>>
  /** the body with lines separated by `\n`, without the final line end. Transfer encodings are not decoded. */
  readonly body: string
  /** the whole mail after dot-unstuffing, one character per byte */
  readonly raw: string
  /** when it was accepted, in microseconds since the start of the run */
  readonly at: Micros
}

/** Parses a mail. @param raw one character per byte, like the strings in `envelope` */
export const parseMail = (raw: string, envelope: Envelope, at: Micros): Mail => {
  const [header, body] = splitHeader(raw)
  const headers = parseFields(header)
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

/** The header ends at the first empty line, or before the first line that is not a field. */
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

const parseFields = (header: string): Record<string, string> => {
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

/** Decodes encoded words, dropping blanks between adjacent ones. Words in unknown character sets are left unchanged. */
export const decodeWords = (text: string): string =>
  text
    .replace(/(\?=)[ \t]+(?==\?[\w*-]+\?[bq]\?)/gi, '$1')
    .replace(WORD, (word: string, charset: string, encoding: string, content: string) => {
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : decodeQ(content)
      try {
        return new TextDecoder(charset).decode(bytes)
      } catch {
        return word
      }
    })

const decodeQ = (content: string): Uint8Array =>
  Buffer.from(
    content
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
