/** Fields that HAProxy's HTTP/1 parser interprets: message framing and connection management (src/h1.c, src/http.c). */
import { equalsIgnoringCase, isDigit, isWhiteSpace, lowerCase } from '../characters.js'
import { listElements } from '../values.js'
import { Flag, type Flags } from './states.js'

const LARGEST_LENGTH = '18446744073709551615'

/** A parsed `Content-Length`, or the position of the error. */
export type LengthField =
  | { readonly isValid: true; /** decimal, without leading zeros */ readonly digits: string }
  | { readonly isValid: false; /** relative to the value's start */ readonly errorAt: number }

/**
 * Parses `Content-Length`: a list whose elements must all be the same 64-bit number (`http_parse_cont_len_header` in src/http.c).
 * @param known the value of a previous field, which this one must repeat
 */
export const parseContentLength = (value: string, known: string | undefined): LengthField => {
  let digits = known
  let errorAt = 0
  for (let at = 0; ;) {
    while (at < value.length && isWhiteSpace(value.charCodeAt(at))) at++
    let from = at
    while (at < value.length && isDigit(value.charCodeAt(at))) at++
    if (at === from) return { isValid: false, errorAt }
    while (from < at - 1 && value[from] === '0') from++
    const element = value.slice(from, at)
    while (at < value.length && isWhiteSpace(value.charCodeAt(at))) at++
    const isInRange =
      element.length < LARGEST_LENGTH.length || (element.length === LARGEST_LENGTH.length && element <= LARGEST_LENGTH)
    if (!isInRange || (at < value.length && value[at] !== ',') || (digits !== undefined && digits !== element))
      return { isValid: false, errorAt }
    digits = element
    errorAt = from
    if (at === value.length) return { isValid: true, digits }
    at++
  }
}

/** The flags after a `Transfer-Encoding` field; an `error` can be tolerated in responses, a `fatal` one never. */
export interface TransferEncoding {
  readonly flags: Flags
  readonly problem?: 'error' | 'fatal'
}

/** Parses `Transfer-Encoding` (`h1_parse_xfer_enc_header`): chunked must not be repeated, and must be last in requests. */
export const parseTransferEncoding = (value: string, before: Flags): TransferEncoding => {
  if (value === '') return { flags: before, problem: 'error' }
  let flags = before | Flag.XFER_ENC
  let problem: 'error' | undefined
  for (const { text, end } of listElements(value)) {
    flags &= ~Flag.CHNK
    if (text === '' || end === value.length - 1) problem = 'error'
    if (equalsIgnoringCase(text, 'chunked')) {
      if (flags & Flag.TE_CHUNKED) problem = 'error'
      flags |= Flag.TE_CHUNKED | Flag.CHNK
    } else if (text !== '') {
      if ((flags & (Flag.RESP | Flag.TE_CHUNKED)) === Flag.TE_CHUNKED) return { flags, problem: 'fatal' }
      flags |= Flag.TE_OTHER
    }
  }
  return problem === undefined ? { flags } : { flags, problem }
}

/** The flags after a field, and its remaining value. */
export interface CleanedField {
  readonly flags: Flags
  readonly value: string
}

/** Parses `Connection`; removes `close` and `keep-alive` if the flags request it (`h1_parse_connection_header`). */
export const parseConnection = (value: string, before: Flags): CleanedField => {
  let flags = before
  const cleaned = withoutElements(value, (option) => {
    if (option === 'keep-alive') flags |= Flag.CONN_KAL
    else if (option === 'close') flags |= Flag.CONN_CLO
    else if (option === 'upgrade') flags |= Flag.CONN_UPG
    return option === 'keep-alive' || option === 'close'
  })
  return { flags, value: before & Flag.CLEAN_CONN_HDR ? cleaned : value }
}

/** Parses `Upgrade` and removes `h2` and `h2c`, as upgrades to HTTP/2 are not supported (`h1_parse_upgrade_header`). */
export const parseUpgrade = (value: string, before: Flags): CleanedField => {
  let flags = before & ~Flag.UPG_WEBSOCKET
  const cleaned = withoutElements(value, (protocol) => {
    if (protocol === 'websocket') flags |= Flag.UPG_WEBSOCKET
    return protocol === 'h2' || protocol === 'h2c'
  })
  return { flags: cleaned === '' ? flags : flags | Flag.UPG_HDR, value: cleaned }
}

/**
 * Removes elements from a list. The text before the first removed element is kept as it is; later elements are joined with single commas.
 * @param isRemoved called with each element in lower case
 */
export const withoutElements = (value: string, isRemoved: (element: string) => boolean): string => {
  let kept = ''
  let readTo = 0
  for (const { text, end } of listElements(value)) {
    if (!isRemoved(lowerCase(text))) {
      if (kept.length === readTo) kept = value.slice(0, end)
      else kept += kept === '' ? text : `,${text}`
    }
    readTo = end
  }
  return kept
}
