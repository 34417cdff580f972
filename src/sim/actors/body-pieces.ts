/** Bodies of HTTP messages of actors: whole or in pieces, which can be sent as chunks and with pauses between them. */
import type { Micros } from '../../engine/index.js'
import { fromBytes } from '../../bytes/latin1.js'
import { toByteString } from '../../bytes/text.js'
import { toMicros, type Duration } from '../duration.js'
import { HeaderLines, type HeadersToSend } from './headers.js'

/** Text, which is sent as UTF-8, or bytes. */
export type BodyData = string | Uint8Array

/** How a body is sent; the same for requests and responses. */
export interface BodyOptions {
  /** the body */
  readonly body?: BodyData
  /**
   * The body in pieces, each of which is written separately: a list of them (instead of `body`), or the number of pieces of about
   * equal size into which `body` is divided.
   */
  readonly pieces?: readonly BodyData[] | number
  /** time between two pieces, and between the head and the first piece: milliseconds or a HAProxy duration */
  readonly interval?: Duration
  /** send the body in chunks, one for each piece */
  readonly chunked?: boolean
  /** trailer fields; they imply `chunked` */
  readonly trailers?: HeadersToSend
}

/** A body to send. */
export interface PreparedBody {
  /** the pieces as byte strings, including the framing if they are sent as chunks */
  readonly pieces: readonly string[]
  /** the length of the body without framing, in bytes */
  readonly length: number
  readonly isChunked: boolean
  readonly interval: Micros
}

const EMPTY: PreparedBody = { pieces: [], length: 0, isChunked: false, interval: 0 }

/** Prepares a body. Throws a RangeError for invalid options. */
export const prepareBody = (options: BodyOptions): PreparedBody => {
  const { body, pieces, chunked, trailers, interval } = options
  const isChunked = chunked === true || trailers !== undefined
  if (body === undefined && pieces === undefined && interval === undefined && !isChunked) return EMPTY
  const data = piecesOf(body, pieces)
  const length = data.reduce((sum, piece) => sum + piece.length, 0)
  return {
    pieces: isChunked ? chunksOf(data, trailers) : data,
    length,
    isChunked,
    interval: interval === undefined ? 0 : toMicros(interval),
  }
}

/** A body as a byte string. Throws a RangeError if it is neither text nor bytes. */
export const bodyBytes = (data: BodyData): string => {
  if (typeof data === 'string') return toByteString(data)
  if (data instanceof Uint8Array) return fromBytes(data)
  throw new RangeError(`a body is text or bytes, not ${typeof data}`)
}

const piecesOf = (body: BodyData | undefined, pieces: BodyOptions['pieces']): readonly string[] => {
  if (Array.isArray(pieces)) {
    if (body !== undefined) throw new RangeError("a list of 'pieces' takes the place of 'body'")
    return (pieces as readonly BodyData[]).map(bodyBytes).filter((piece) => piece !== '')
  }
  if (pieces !== undefined && (!Number.isInteger(pieces) || (pieces as number) < 1))
    throw new RangeError("'pieces' is a list or a positive number")
  const whole = body === undefined ? '' : bodyBytes(body)
  if (whole === '') return []
  if (pieces === undefined) return [whole]
  return divided(whole, Math.min(pieces as number, whole.length))
}

const divided = (whole: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    whole.slice(Math.floor((i * whole.length) / count), Math.floor(((i + 1) * whole.length) / count)),
  )

/** One chunk for each piece; the last chunk and the trailers are sent with the last piece. */
const chunksOf = (data: readonly string[], trailers: HeadersToSend | undefined): string[] => {
  const lines = new HeaderLines()
  if (trailers) lines.addAll(trailers)
  const chunks = data.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
  const last = `0\r\n${lines.text}\r\n`
  return chunks.length === 0 ? [last] : [...chunks.slice(0, -1), chunks.at(-1)! + last]
}
