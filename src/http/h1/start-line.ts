/** Incremental scanners for start lines (first part of `h1_headers_to_hdr_list` in HAProxy's src/h1.c). */
import { CR, HASH, LF, isBlank, isDigit, isLineEnd, isToken, isVersionCharacter, isWhiteSpace } from '../characters.js'
import type { Cursor, Scanned } from './cursor.js'
import { State } from './states.js'

/** Whether a version is HTTP/1.1 or later; only the digits are compared (`H1_MF_VER_11`). */
export const isVersion11 = (version: string): boolean =>
  version.length === 8 && (version[5]! > '1' || (version[5] === '1' && version[7]! >= '1'))

/** A request line; leading empty lines are skipped. A line without a version is an HTTP/0.9 request, which has no field lines. */
export class RequestLine {
  method = ''
  uri = ''
  version = ''
  /** positions of the target and the version, for error reports */
  uriAt = 0
  versionAt = 0
  #from = 0

  scan(cursor: Cursor): Scanned {
    const { text } = cursor
    for (; cursor.at < text.length; cursor.at++) {
      const code = text.charCodeAt(cursor.at)
      const outcome = this.#next(cursor, code)
      if (outcome === 'more') continue
      if (outcome === 'done' && cursor.state === State.HDR_FIRST) cursor.at++
      return outcome
    }
    return 'more'
  }

  /** Processes the byte at the cursor. */
  #next(cursor: Cursor, code: number): Scanned {
    switch (cursor.state) {
      case State.RQBEFORE:
        if (!isToken(code)) return skipEmptyLine(cursor, code, State.RQBEFORE_CR)
        this.#from = cursor.at
        cursor.state = State.RQMETH
        return 'more'
      case State.RQBEFORE_CR:
        return endEmptyLine(cursor, code, State.RQBEFORE)
      case State.RQMETH:
        if (isToken(code)) return 'more'
        if (!isWhiteSpace(code)) return 'invalid'
        this.method = cursor.text.slice(this.#from, cursor.at)
        if (isLineEnd(code)) return this.#noUri(cursor, code)
        cursor.state = State.RQMETH_SP
        return 'more'
      case State.RQMETH_SP:
        if (isBlank(code)) return 'more'
        if (isLineEnd(code)) return this.#noUri(cursor, code)
        this.uriAt = cursor.at
        cursor.state = State.RQURI
        return this.#inUri(cursor, code)
      case State.RQURI:
        return this.#inUri(cursor, code)
      case State.RQURI_SP:
        if (isBlank(code)) return 'more'
        this.versionAt = cursor.at
        if (isLineEnd(code)) return this.#lineEnd(cursor, code)
        cursor.state = State.RQVER
        return isVersionCharacter(code) ? 'more' : 'invalid'
      case State.RQVER:
        if (isVersionCharacter(code)) return 'more'
        if (!isLineEnd(code)) return 'invalid'
        this.version = cursor.text.slice(this.versionAt, cursor.at)
        return this.#lineEnd(cursor, code)
      default:
        return this.#atLineEnd(cursor, code)
    }
  }

  #inUri(cursor: Cursor, code: number): Scanned {
    if (code > HASH && code < 0x7f) {
      const { text } = cursor
      for (let next = text.charCodeAt(cursor.at + 1); next > HASH && next < 0x7f; cursor.at++)
        next = text.charCodeAt(cursor.at + 2)
      return 'more'
    }
    if (code === 0x21 || code === 0x22) return 'more'
    if (code === HASH || code >= 0x80) return cursor.tolerates() ? 'more' : 'invalid'
    if (!isWhiteSpace(code)) return 'invalid'
    this.uri = cursor.text.slice(this.uriAt, cursor.at)
    if (isBlank(code)) {
      cursor.state = State.RQURI_SP
      return 'more'
    }
    this.versionAt = cursor.at
    return this.#lineEnd(cursor, code)
  }

  #noUri(cursor: Cursor, code: number): Scanned {
    this.uriAt = this.versionAt = cursor.at
    return this.#lineEnd(cursor, code)
  }

  #lineEnd(cursor: Cursor, code: number): Scanned {
    cursor.state = State.RQLINE_END
    return code === CR ? 'more' : this.#atLineEnd(cursor, code)
  }

  #atLineEnd(cursor: Cursor, code: number): Scanned {
    if (this.version === '') cursor.state = State.LAST_LF
    else if (code !== LF) return 'invalid'
    else cursor.state = State.HDR_FIRST
    return 'done'
  }
}

/** Longer statuses are violations; even where those are tolerated, a status must fit into 16 bits. */
const STATUS_DIGITS = 3
const STATUS_LIMIT = 6552

/** A status line; leading empty lines are skipped. */
export class StatusLine {
  version = ''
  status = 0
  statusText = ''
  reason = ''
  /** position of the version, for error reports */
  versionAt = 0
  #from = 0

  scan(cursor: Cursor): Scanned {
    const { text } = cursor
    for (; cursor.at < text.length; cursor.at++) {
      const outcome = this.#next(cursor, text.charCodeAt(cursor.at))
      if (outcome === 'more') continue
      if (outcome === 'done') cursor.at++
      return outcome
    }
    return 'more'
  }

  /** Processes the byte at the cursor. */
  #next(cursor: Cursor, code: number): Scanned {
    const { text, at } = cursor
    switch (cursor.state) {
      case State.RPBEFORE:
        if (!isToken(code)) return skipEmptyLine(cursor, code, State.RPBEFORE_CR)
        this.versionAt = at
        cursor.state = State.RPVER
        return isVersionCharacter(code) ? 'more' : 'invalid'
      case State.RPBEFORE_CR:
        return endEmptyLine(cursor, code, State.RPBEFORE)
      case State.RPVER:
        if (isVersionCharacter(code)) return 'more'
        if (!isBlank(code)) return 'invalid'
        this.version = text.slice(this.versionAt, at)
        cursor.state = State.RPVER_SP
        return 'more'
      case State.RPVER_SP:
        if (isBlank(code)) return 'more'
        if (isLineEnd(code)) return 'invalid'
        this.#from = at
        cursor.state = State.RPCODE
        return this.#inCode(cursor, code)
      case State.RPCODE:
        return this.#inCode(cursor, code)
      case State.RPCODE_SP:
        if (isBlank(code)) return 'more'
        this.#from = at
        cursor.state = State.RPREASON
        return isLineEnd(code) ? this.#reasonEnd(cursor, code) : 'more'
      case State.RPREASON:
        return isLineEnd(code) ? this.#reasonEnd(cursor, code) : 'more'
      default:
        return endStatusLine(cursor, code)
    }
  }

  #inCode(cursor: Cursor, code: number): Scanned {
    if (isDigit(code)) {
      const hasTooMany = cursor.at - this.#from >= STATUS_DIGITS && !cursor.tolerates()
      if (hasTooMany || this.status >= STATUS_LIMIT) return 'invalid'
      this.status = this.status * 10 + code - 0x30
      return 'more'
    }
    if (!isWhiteSpace(code)) return 'invalid'
    this.statusText = cursor.text.slice(this.#from, cursor.at)
    cursor.state = State.RPCODE_SP
    this.#from = cursor.at
    return isLineEnd(code) ? this.#reasonEnd(cursor, code) : 'more'
  }

  #reasonEnd(cursor: Cursor, code: number): Scanned {
    this.reason = cursor.text.slice(this.#from, cursor.at)
    cursor.state = State.RPLINE_END
    return code === CR ? 'more' : endStatusLine(cursor, code)
  }
}

const endStatusLine = (cursor: Cursor, code: number): Scanned => {
  if (code !== LF) return 'invalid'
  cursor.state = State.HDR_FIRST
  return 'done'
}

const skipEmptyLine = (cursor: Cursor, code: number, afterCr: State): Scanned => {
  if (!isLineEnd(code)) return 'invalid'
  if (code === CR) cursor.state = afterCr
  return 'more'
}

const endEmptyLine = (cursor: Cursor, code: number, before: State): Scanned => {
  if (code !== LF) return 'invalid'
  cursor.state = before
  return 'more'
}
