/** Line endings by the convention that a pattern selects (`PRIV(is_newline)` and `PRIV(was_newline)` in pcre2_newline.c). */
import type { Newline } from './tree.js'

const CR = 0x0d
const LF = 0x0a

/** The length of the line ending at `at`; 0 if there is none. */
export const newlineAt = (text: string, at: number, end: number, kind: Newline): number => {
  if (at >= end) return 0
  const byte = text.charCodeAt(at)
  switch (kind) {
    case 'LF':
      return byte === LF ? 1 : 0
    case 'CR':
      return byte === CR ? 1 : 0
    case 'NUL':
      return byte === 0 ? 1 : 0
    case 'CRLF':
      return byte === CR && at + 1 < end && text.charCodeAt(at + 1) === LF ? 2 : 0
    case 'ANYCRLF':
    case 'ANY':
      if (byte === CR) return at + 1 < end && text.charCodeAt(at + 1) === LF ? 2 : 1
      if (byte === LF) return 1
      return kind === 'ANY' && (byte === 0x0b || byte === 0x0c || byte === 0x85) ? 1 : 0
  }
}

/** Whether a line ending ends at `at`. */
export const newlineBefore = (text: string, at: number, kind: Newline): boolean => {
  if (at === 0) return false
  const byte = text.charCodeAt(at - 1)
  switch (kind) {
    case 'LF':
      return byte === LF
    case 'CR':
      return byte === CR
    case 'NUL':
      return byte === 0
    case 'CRLF':
      return byte === LF && at > 1 && text.charCodeAt(at - 2) === CR
    case 'ANYCRLF':
      return byte === LF || byte === CR
    case 'ANY':
      return (byte >= LF && byte <= CR) || byte === 0x85
  }
}

/**
 * The length of the match of `\R` at `at`; 0 if there is none.
 *
 * @param ascii only CR, LF and CR LF match
 */
export const anyNewlineAt = (text: string, at: number, end: number, ascii: boolean): number =>
  newlineAt(text, at, end, ascii ? 'ANYCRLF' : 'ANY')
