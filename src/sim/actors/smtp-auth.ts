/**
 * The SMTP command AUTH (RFC 4954) with the mechanisms PLAIN (RFC 4616) and LOGIN.
 */
import { decodeText, encodeText } from '../../bytes/text.js'

/** Supported mechanisms. */
export const MECHANISMS = ['PLAIN', 'LOGIN'] as const
/** One of {@link MECHANISMS}. */
export type Mechanism = (typeof MECHANISMS)[number]

/** Passwords by user. */
export type SmtpAccounts = Readonly<Record<string, string>>

/** A reply's code and text, which begins with an enhanced status code (RFC 3463). */
export interface SmtpReply {
  readonly code: number
  readonly text: string
}

const reply = (code: number, text: string): SmtpReply => ({ code, text })

export const AUTHENTICATED = reply(235, '2.7.0 Authentication successful')
export const INVALID_CREDENTIALS = reply(535, '5.7.8 Authentication credentials invalid')
export const NOT_AUTHENTICATED = reply(530, '5.7.0 Authentication required')
export const NEEDS_ENCRYPTION = reply(538, '5.7.11 Encryption required for requested authentication mechanism')
export const UNKNOWN_MECHANISM = reply(504, '5.5.4 Unrecognized authentication type')
export const NEEDS_STARTTLS = reply(530, '5.7.0 Must issue a STARTTLS command first')
const NOT_BASE64 = reply(501, '5.5.2 Cannot decode response')
const CANCELLED = reply(501, '5.7.0 Authentication cancelled')

/** The next challenge in base64, the authenticated user, or an error reply. */
export type AuthResult = { readonly challenge: string } | { readonly user: string } | { readonly refused: SmtpReply }

const ASK_FOR_USER = base64('Username:')
const ASK_FOR_PASSWORD = base64('Password:')

/** An authentication exchange. */
export class Authentication {
  #user: string | undefined

  constructor(
    readonly mechanism: Mechanism,
    readonly accounts: SmtpAccounts,
  ) {}

  /** Handles a response. @param response the initial response or the answer to a challenge; undefined: no initial response */
  next(response: string | undefined): AuthResult {
    if (response === undefined) return { challenge: this.mechanism === 'PLAIN' ? '' : ASK_FOR_USER }
    if (response === '*') return { refused: CANCELLED }
    const text = fromBase64(response)
    if (text === undefined) return { refused: NOT_BASE64 }
    if (this.mechanism === 'PLAIN') return this.#plain(text)
    if (this.#user !== undefined) return this.#verify(this.#user, text)
    this.#user = text
    return { challenge: ASK_FOR_PASSWORD }
  }

  /** `[authorization identity] NUL user NUL password` */
  #plain(text: string): AuthResult {
    const [authorizationId, user, password, ...more] = text.split('\0')
    if (user === undefined || password === undefined || more.length > 0) return { refused: INVALID_CREDENTIALS }
    return authorizationId === '' || authorizationId === user
      ? this.#verify(user, password)
      : { refused: INVALID_CREDENTIALS }
  }

  #verify(user: string, password: string): AuthResult {
    const isKnown = Object.hasOwn(this.accounts, user) && this.accounts[user] === password
    return isKnown ? { user } : { refused: INVALID_CREDENTIALS }
  }
}

function base64(text: string): string {
  return Buffer.from(encodeText(text)).toString('base64')
}

/** Decodes base64; `=` is an empty string. Undefined if it is invalid. */
const fromBase64 = (response: string): string | undefined => {
  if (response === '=') return ''
  if (response.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(response)) return undefined
  return decodeText(Buffer.from(response, 'base64'))
}

/** Validates accounts and returns them. Throws a RangeError if they are invalid. */
export const validateAccounts = (accounts: SmtpAccounts | undefined): SmtpAccounts | undefined => {
  if (accounts === undefined) return undefined
  const isGood =
    typeof accounts === 'object' &&
    accounts !== null &&
    !Array.isArray(accounts) &&
    Object.values(accounts).every((password) => typeof password === 'string')
  if (!isGood) throw new RangeError('invalid accounts: expected a table of passwords by user')
  return accounts
}
