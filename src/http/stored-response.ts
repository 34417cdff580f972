/**
 * Responses that are given as text, in files (`errorfile`) or composed by HAProxy (`errorloc`), with its rules for them and its messages
 * (http_str_to_htx in src/http_htx.c).
 */
import type { Fields } from './fields.js'
import { CollectedFields } from './h1/collected-fields.js'
import { Cursor, type Scanned } from './h1/cursor.js'
import { FieldLines } from './h1/field-lines.js'
import { BLOCK_SIZE, HTX_SIZE, sizeOfHead, type MessageLimits } from './h1/limits.js'
import { isVersion11, StatusLine } from './h1/start-line.js'
import { Flag, State } from './h1/states.js'

/** A response that is sent as it is. */
export interface StoredResponse {
  readonly version: string
  readonly status: number
  readonly statusText: string
  readonly reason: string
  readonly fields: Fields
  readonly body: string
  /** bytes left in a buffer that holds it */
  readonly freeSpace: number
}

/** Parses the text of a response, a byte string; returns HAProxy's error message if it is invalid. */
export const parseStoredResponse = (
  text: string,
  limits: MessageLimits,
): StoredResponse | { readonly error: string } => {
  // a violation is never tolerated; without one, HAProxy reports -2 as its position
  const cursor = new Cursor(State.RPBEFORE, false)
  cursor.text = text
  const line = new StatusLine()
  const collected = new CollectedFields(Flag.RESP | Flag.NO_PHDR, limits.headers)
  let scanned: Scanned = line.scan(cursor)
  if (scanned === 'done') scanned = new FieldLines().scan(cursor, collected.take)
  if (scanned !== 'done')
    return { error: `unable to parse headers (error offset: ${scanned === 'more' ? -2 : cursor.at})` }
  if (collected.isFull) return { error: `unable to parse headers (error offset: ${cursor.at})` }
  const { version, status, statusText, reason } = line
  if (version.length !== 8) return { error: `invalid http version (${version})` }
  if (status === 100 || (status > 101 && status < 200))
    return { error: `invalid http status code for an error message (${status})` }
  if (isVersion11(version)) collected.flags |= Flag.VER_11
  collected.settleFraming(false)
  const body = text.slice(cursor.at)
  const problem = framingProblem(collected, status, body)
  if (problem !== undefined) return { error: problem }
  const head = sizeOfHead([version, statusText, reason], collected.fields)
  const free = limits.buffer - HTX_SIZE - head
  if (free < 0) return { error: 'unable to add headers into the HTX message' }
  const used = body === '' ? 0 : BLOCK_SIZE + body.length
  if (used > free) return { error: 'unable to add payload into the HTX message' }
  const freeSpace = free - used - BLOCK_SIZE
  return { version, status, statusText, reason, fields: collected.fields, body, freeSpace: Math.max(freeSpace, 0) }
}

/** What is wrong with the length of the body. */
const framingProblem = (collected: CollectedFields, status: number, body: string): string | undefined => {
  const { flags, lengthDigits } = collected
  const hasNoBody = status === 204 || status === 304
  if (!hasNoBody && flags & Flag.CHNK) return 'chunk-encoded payload not supported'
  const length = !hasNoBody && flags & Flag.CLEN ? Number(lengthDigits) : undefined
  if (body !== '' && (hasNoBody || length === 0)) return 'message payload not expected'
  if (length !== undefined && length !== body.length)
    return `payload size does not match the announced content-length (${body.length} != ${lengthDigits})`
  return undefined
}
