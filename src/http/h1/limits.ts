/** Size limits of messages: HAProxy's buffers, and the space that a head takes in one (HTX, include/haproxy/htx-t.h). */
import type { Fields } from '../fields.js'

export interface MessageLimits {
  /** `tune.http.maxhdr`: a message with that many fields is rejected */
  readonly headers: number
  /** `tune.bufsize`, in bytes */
  readonly buffer: number
  /** `tune.maxrewrite`, in bytes: space kept free for rewriting */
  readonly reserve: number
}

export const DEFAULT_LIMITS: MessageLimits = { headers: 101, buffer: 16384, reserve: 1024 }

/** Overhead in bytes of an HTX buffer, of each of its blocks, and of a start line. */
export const HTX_SIZE = 48
export const BLOCK_SIZE = 8
const START_LINE_SIZE = 20

/** Maximum size of a connection's input buffer: it can be turned into an HTX buffer without copying. */
export const inputLimit = (limits: MessageLimits): number => limits.buffer - HTX_SIZE - 2 * BLOCK_SIZE

/** Maximum size of a head: the space of an empty buffer without its reserve. */
export const headLimit = (limits: MessageLimits): number => limits.buffer - HTX_SIZE - limits.reserve

/** The space that fields take, including their end mark. */
export const sizeOfFields = (fields: Fields): number => {
  let size = BLOCK_SIZE + 1
  for (const { name, value } of fields) size += BLOCK_SIZE + name.length + value.length
  return size
}

/** The space that a head takes. */
export const sizeOfHead = (startLine: readonly string[], fields: Fields): number =>
  startLine.reduce((sum, part) => sum + part.length, BLOCK_SIZE + START_LINE_SIZE) + sizeOfFields(fields)
