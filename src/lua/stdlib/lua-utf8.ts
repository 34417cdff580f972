/** The library utf8 (lutf8lib.c): 5.4 decodes sequences for code points up to 2^31 in lax mode. */
import {
  argument,
  argumentCount,
  checkIndex,
  checkText,
  give,
  optionalIndex,
  throwArgumentError,
  throwError,
} from '../vm/arguments.js'
import { work } from '../vm/hook.js'
import type { LuaThread } from '../vm/state.js'
import { encodeUtf8 } from '../vm/utf8.js'
import { isFalse, type NativeFunction } from '../vm/value.js'

const MAX_UNICODE = 0x10ffff
const MAX_UTF = 0x7fffffff

const isContinuation = (text: string, at: number): boolean => at < text.length && (text.charCodeAt(at) & 0xc0) === 0x80

/** The smallest code point for each number of continuation bytes: shorter sequences must be used for smaller ones. */
const LIMITS = [-1, 0x80, 0x800, 0x10000, 0x200000, 0x4000000]

/** Returns the code point at a position and the position of the next one; undefined for invalid UTF-8. */
const decode = (text: string, at: number, strict: boolean): { code: number; next: number } | undefined => {
  const first = text.charCodeAt(at)
  if (first < 0x80) return { code: first, next: at + 1 }
  let code = 0
  let count = 0
  let lead = first
  for (; lead & 0x40; lead <<= 1) {
    const following = text.charCodeAt(at + ++count)
    if ((following & 0xc0) !== 0x80 || at + count >= text.length) return undefined
    code = code * 64 + (following & 0x3f)
  }
  code += (lead & 0x7f) * 2 ** (count * 5)
  if (count === 0 || count > 5 || code > MAX_UTF || code < LIMITS[count]!) return undefined
  if (strict && (code > MAX_UNICODE || (code >= 0xd800 && code <= 0xdfff))) return undefined
  return { code, next: at + count + 1 }
}

const positionIn = (position: number, length: number): number => {
  if (position >= 0) return position
  return -position > length ? 0 : length + position + 1
}

/** 5.3 accepts surrogates, but no code points beyond Unicode. */
const decodeFor = (L: LuaThread, lax: boolean, text: string, at: number) => {
  if (L.l_G.lua54) return decode(text, at, !lax)
  const found = decode(text, at, false)
  return found && found.code <= MAX_UNICODE ? found : undefined
}

const isLax = (L: LuaThread, n: number): boolean => L.l_G.lua54 && !isFalse(argument(L, n))

const bounds = (L: LuaThread): string => (L.l_G.lua54 ? 'out of bounds' : 'out of range')

const len: NativeFunction = (L) => {
  const text = checkText(L, 1)
  let at = positionIn(optionalIndex(L, 2, 1), text.length)
  const end = positionIn(optionalIndex(L, 3, -1), text.length)
  const lax = isLax(L, 4)
  if (at < 1 || --at > text.length)
    throwArgumentError(L, 2, `initial position ${L.l_G.lua54 ? 'out of bounds' : 'out of string'}`)
  if (end > text.length) throwArgumentError(L, 3, `final position ${L.l_G.lua54 ? 'out of bounds' : 'out of string'}`)
  let count = 0
  for (; at < end; count++, work(L)) {
    const found = decodeFor(L, lax, text, at)
    if (!found) {
      give(L, undefined)
      give(L, at + 1)
      return 2
    }
    at = found.next
  }
  return give(L, count)
}

const codepoint: NativeFunction = (L) => {
  const text = checkText(L, 1)
  const from = positionIn(optionalIndex(L, 2, 1), text.length)
  const to = positionIn(optionalIndex(L, 3, from), text.length)
  const lax = isLax(L, 4)
  if (from < 1) throwArgumentError(L, 2, bounds(L))
  if (to > text.length) throwArgumentError(L, 3, bounds(L))
  let count = 0
  for (let at = from - 1; at < to; count++, work(L)) {
    const found = decodeFor(L, lax, text, at)
    if (!found) return throwError(L, 'invalid UTF-8 code')
    give(L, found.code)
    at = found.next
  }
  return count
}

const char: NativeFunction = (L) => {
  let text = ''
  for (let i = 1; i <= argumentCount(L); i++) {
    const code = checkIndex(L, i)
    if (code < 0 || code > (L.l_G.lua54 ? MAX_UTF : MAX_UNICODE)) throwArgumentError(L, i, 'value out of range')
    text += encodeUtf8(code)
    work(L)
  }
  return give(L, text)
}

/** Counts the work of moving from one position to another. */
const moved = (L: LuaThread, from: number, to: number): void => work(L, Math.abs(to - from))

const offset: NativeFunction = (L) => {
  const text = checkText(L, 1)
  let n = checkIndex(L, 2)
  let at = positionIn(optionalIndex(L, 3, n >= 0 ? 1 : text.length + 1), text.length) - 1
  if (at < 0 || at > text.length) throwArgumentError(L, 3, `position ${bounds(L)}`)
  if (n === 0) {
    const begin = at
    while (at > 0 && isContinuation(text, at)) at--
    moved(L, begin, at)
    return give(L, at + 1)
  }
  if (isContinuation(text, at)) throwError(L, 'initial position is a continuation byte')
  const begin = at
  if (n < 0) {
    while (n < 0 && at > 0) {
      do at--
      while (at > 0 && isContinuation(text, at))
      n++
    }
  } else {
    n--
    while (n > 0 && at < text.length) {
      do at++
      while (isContinuation(text, at))
      n--
    }
  }
  moved(L, begin, at)
  return give(L, n === 0 ? at + 1 : undefined)
}

const iterate =
  (lax: boolean): NativeFunction =>
  (L) => {
    const text = checkText(L, 1)
    let at = checkIndex(L, 2) - 1
    if (at < 0) at = 0
    else if (at < text.length) {
      const begin = at++
      while (isContinuation(text, at)) at++
      moved(L, begin + 1, at)
    }
    if (at >= text.length) return 0
    const found = decodeFor(L, lax, text, at)
    if (!found || isContinuation(text, found.next)) return throwError(L, 'invalid UTF-8 code')
    give(L, at + 1)
    give(L, found.code)
    return 2
  }

const strictly = iterate(false)
const laxly = iterate(true)

const codes: NativeFunction = (L) => {
  const lax = isLax(L, 2)
  const text = checkText(L, 1)
  if (L.l_G.lua54 && isContinuation(text, 0)) throwArgumentError(L, 1, 'invalid UTF-8 code')
  give(L, lax ? laxly : strictly)
  give(L, text)
  give(L, 0)
  return 3
}

export const UTF8_FUNCTIONS: Readonly<Record<string, NativeFunction>> = { char, codepoint, codes, len, offset }

/** `utf8.charpattern`. */
export const charPattern = (lua54: boolean): string =>
  lua54 ? '[\0-\x7F\xC2-\xFD][\x80-\xBF]*' : '[\0-\x7F\xC2-\xF4][\x80-\xBF]*'
