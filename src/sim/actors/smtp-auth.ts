/**
 * The command AUTH of an SMTP server (RFC 4954), with the mechanisms PLAIN (RFC 4616) and LOGIN: challenges and responses until it is
 * known who the client is, or that it is nobody who may.
 */
import { decodeText, encodeText } from '../../bytes/text.js'

export const MECHANISMS = ['PLAIN', 'LOGIN'] as const
export type Mechanism = (typeof MECHANISMS)[number]

/** Passwords by user. */
export type Accounts = Readonly<Record<string, string>>

/** A reply's code and text, which begins with an enhanced status code (RFC 3463). */
export interface Reply {
  readonly code: number
  readonly text: string
}

const refusal = (code: number, text: string): Reply => ({ code, text })

export const AUTHENTICATED = refusal(235, '2.7.0 Authentication successful')
export const INVALID_CREDENTIALS = refusal(535, '5.7.8 Authentication credentials invalid')
export const NOT_AUTHENTICATED = refusal(530, '5.7.0 Authentication required')
export const NEEDS_ENCRYPTION = refusal(538, '5.7.11 Encryption required for requested authentication mechanism')
export const UNKNOWN_MECHANISM = refusal(504, '5.5.4 Unrecognized authentication type')
export const NEEDS_STARTTLS = refusal(530, '5.7.0 Must issue a STARTTLS command first')
const NOT_BASE64 = refusal(501, '5.5.2 Cannot decode response')
const CANCELLED = refusal(501, '5.7.0 Authentication cancelled')

/** What follows a response: the next challenge in base64, who the client is, or why it is nobody. */
export type Outcome = { readonly challenge: string } | { readonly user: string } | { readonly refused: Reply }

const ASK_FOR_USER = base64('Username:')
const ASK_FOR_PASSWORD = base64('Password:')

export class Authentication {
  #user: string | undefined

  constructor(
    readonly mechanism: Mechanism,
    readonly accounts: Accounts,
  ) {}

  /** @param response what came with the command, or as an answer to a challenge; undefined: nothing came with the command */
  next(response: string | undefined): Outcome {
    if (response === undefined) return { challenge: this.mechanism === 'PLAIN' ? '' : ASK_FOR_USER }
    if (response === '*') return { refused: CANCELLED }
    const text = fromBase64(response)
    if (text === undefined) return { refused: NOT_BASE64 }
    if (this.mechanism === 'PLAIN') return this.#plain(text)
    if (this.#user !== undefined) return this.#judge(this.#user, text)
    this.#user = text
    return { challenge: ASK_FOR_PASSWORD }
  }

  /** `[whom to act for] NUL user NUL password` */
  #plain(text: string): Outcome {
    const [actFor, user, password, ...more] = text.split('\0')
    if (user === undefined || password === undefined || more.length > 0) return { refused: INVALID_CREDENTIALS }
    return actFor === '' || actFor === user ? this.#judge(user, password) : { refused: INVALID_CREDENTIALS }
  }

  #judge(user: string, password: string): Outcome {
    const isKnown = Object.hasOwn(this.accounts, user) && this.accounts[user] === password
    return isKnown ? { user } : { refused: INVALID_CREDENTIALS }
  }
}

function base64(text: string): string {
  return Buffer.from(encodeText(text)).toString('base64')
}

/** The text that was encoded; `=` stands for an empty one. Undefined for what is no base64. */
const fromBase64 = (response: string): string | undefined => {
  if (response === '=') return ''
  if (response.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(response)) return undefined
  return decodeText(Buffer.from(response, 'base64'))
}

/** Accounts as far as they make sense: throws a RangeError for anything else. */
export const checkedAccounts = (accounts: Accounts | undefined): Accounts | undefined => {
  if (accounts === undefined) return undefined
  const isGood =
    typeof accounts === 'object' &&
    accounts !== null &&
    !Array.isArray(accounts) &&
    Object.values(accounts).every((password) => typeof password === 'string')
  if (!isGood) throw new RangeError('accounts are passwords by user')
  return accounts
}
