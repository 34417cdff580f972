/** Incremental scanner for the field lines of a head or of trailers (second part of `h1_headers_to_hdr_list` in HAProxy's src/h1.c). */
import { COLON, CR, LF, NUL, isBlank, isLineEnd, isToken, isWhiteSpace, lowerCase } from '../characters.js'
import type { Cursor, Scanned } from './cursor.js'
import { State } from './states.js'

/** A field line. */
export interface FieldLine {
  /** in lower case */
  readonly name: string
  /** trimmed, line folding replaced with spaces */
  readonly value: string
  /** position of the value */
  readonly valueAt: number
  /** the name contains invalid characters, which were tolerated */
  readonly hasWrongName: boolean
}

/** Processes a field. Returns false if it makes the message invalid; the cursor is at the error then. */
export type TakeField = (line: FieldLine, cursor: Cursor) => boolean

/** Scans field lines and passes each complete one on. A line that begins with a blank continues the previous one (obs-fold). */
export class FieldLines {
  #nameAt = 0
  #colonAt = 0
  #valueAt = 0
  #valueEnd = 0
  #isFolded = false
  #hasWrongName = false

  /** @param take called for each field as soon as the first byte of the next line has arrived */
  scan(cursor: Cursor, take: TakeField): Scanned {
    const { text } = cursor
    for (; cursor.at < text.length; cursor.at++) {
      const outcome = this.#next(cursor, text.charCodeAt(cursor.at), take)
      if (outcome === 'more') continue
      if (outcome === 'done') cursor.at++
      return outcome
    }
    return 'more'
  }

  /** Processes the byte at the cursor; within a value, all bytes up to the last one before the line end. */
  #next(cursor: Cursor, code: number, take: TakeField): Scanned {
    const { at } = cursor
    switch (cursor.state) {
      case State.HDR_FIRST:
        return this.#lineStart(cursor, code)
      case State.HDR_NAME:
        return this.#inName(cursor, code)
      case State.HDR_L1_SP:
        if (isBlank(code)) return 'more'
        this.#valueAt = at
        cursor.state = State.HDR_VAL
        if (!isLineEnd(code)) return inValue(cursor, code)
        this.#valueEnd = at
        return lineEnd(cursor, code, State.HDR_L1_LF, State.HDR_L1_LWS)
      case State.HDR_L1_LF:
        return expectLineFeed(cursor, code, State.HDR_L1_LWS)
      case State.HDR_L1_LWS:
        if (!isBlank(code)) return this.#complete(cursor, code, take)
        cursor.state = State.HDR_L1_SP
        return 'more'
      case State.HDR_VAL:
        if (!isLineEnd(code)) return inValue(cursor, code)
        this.#valueEnd = at
        return lineEnd(cursor, code, State.HDR_L2_LF, State.HDR_L2_LWS)
      case State.HDR_L2_LF:
        return expectLineFeed(cursor, code, State.HDR_L2_LWS)
      case State.HDR_L2_LWS:
        if (!isBlank(code)) return this.#complete(cursor, code, take)
        this.#isFolded = true
        cursor.state = State.HDR_VAL
        return 'more'
      default:
        return code === LF ? 'done' : 'invalid'
    }
  }

  #lineStart(cursor: Cursor, code: number): Scanned {
    this.#nameAt = cursor.at
    if (!isLineEnd(code)) {
      cursor.state = State.HDR_NAME
      return this.#inName(cursor, code)
    }
    cursor.state = State.LAST_LF
    return code === CR ? 'more' : 'done'
  }

  #inName(cursor: Cursor, code: number): Scanned {
    if (isToken(code)) {
      const { text } = cursor
      while (cursor.at + 1 < text.length && isToken(text.charCodeAt(cursor.at + 1))) cursor.at++
      return 'more'
    }
    if (code === COLON) {
      if (cursor.at === this.#nameAt) return 'invalid'
      this.#colonAt = cursor.at
      cursor.state = State.HDR_L1_SP
      return 'more'
    }
    if (code === LF || !cursor.tolerates()) return 'invalid'
    this.#hasWrongName = true
    return 'more'
  }

  /** Called at the first byte of the next line: the field is complete. */
  #complete(cursor: Cursor, code: number, take: TakeField): Scanned {
    const { text } = cursor
    let from = this.#valueAt
    let to = this.#valueEnd
    while (from < to && isWhiteSpace(text.charCodeAt(from))) from++
    while (to - 1 > from && isWhiteSpace(text.charCodeAt(to - 1))) to--
    const written = text.slice(from, to)
    const line: FieldLine = {
      name: lowerCase(text.slice(this.#nameAt, this.#colonAt)),
      value: this.#isFolded ? written.replace(/[\r\n]/g, ' ') : written,
      valueAt: from,
      hasWrongName: this.#hasWrongName,
    }
    this.#isFolded = this.#hasWrongName = false
    cursor.state = State.HDR_L2_LWS
    if (!take(line, cursor)) return 'invalid'
    return this.#lineStart(cursor, code)
  }
}

/** Value bytes: all except NUL, CR and LF. */
const inValue = (cursor: Cursor, first: number): Scanned => {
  const { text } = cursor
  let code = first
  for (let at = cursor.at; ;) {
    if (code === NUL && !cursor.tolerates(at)) {
      cursor.at = at
      return 'invalid'
    }
    code = text.charCodeAt(at + 1)
    // NaN at the end of the text compares as false
    if (!(code > CR) && (Number.isNaN(code) || isLineEnd(code))) {
      cursor.at = at
      return 'more'
    }
    at++
  }
}

const lineEnd = (cursor: Cursor, code: number, withCr: State, without: State): Scanned => {
  cursor.state = code === CR ? withCr : without
  return 'more'
}

const expectLineFeed = (cursor: Cursor, code: number, next: State): Scanned => {
  if (code !== LF) return 'invalid'
  cursor.state = next
  return 'more'
}
