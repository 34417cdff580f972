/** `string.find`, `match`, `gmatch` and `gsub` (lstrlib.c). */
import { argument, checkText, give, optionalIndex, throwArgument, throwError } from '../vm/arguments.js'
import { plainTypeName } from '../vm/type-of.js'
import { numberText } from '../vm/number-text.js'
import { callWithoutYield, getIndex } from '../vm/native-operations.js'
import { workOn } from '../vm/hook.js'
import { notEnoughMemory } from '../vm/operations.js'
import type { LuaThread } from '../vm/state.js'
import { LuaTable } from '../vm/table.js'
import { isFalse, isFunction, type LuaValue, type NativeFunction } from '../vm/value.js'
import { LuaPatternMatcher, readPattern, type Pattern } from './pattern.js'

const SPECIALS = /[\^$*+?.([%-]/
const MOST_KEPT = 200

/** A cache of parsed patterns. */
class Patterns {
  readonly #anchored = new Map<string, Pattern>()
  readonly #plain = new Map<string, Pattern>()

  get(text: string, anchors = true): Pattern {
    const known = anchors ? this.#anchored : this.#plain
    const found = known.get(text)
    if (found) return found
    if (known.size >= MOST_KEPT) known.clear()
    const pattern = readPattern(text, anchors)
    known.set(text, pattern)
    return pattern
  }
}

/** Converts a position, which may count from the end, to an offset from 0. */
const startOf = (position: number, length: number): number => {
  if (position > 0) return position - 1
  if (position === 0) return 0
  return Math.max(length + position, 0)
}

const giveAll = (L: LuaThread, values: readonly LuaValue[]): number => {
  for (const value of values) give(L, value)
  return values.length
}

const search = (L: LuaThread, patterns: Patterns, find: boolean): number => {
  const text = checkText(L, 1)
  const pattern = checkText(L, 2)
  const start = startOf(optionalIndex(L, 3, 1), text.length)
  if (start > text.length) return give(L, undefined)
  workOn(L, pattern.length)
  if (find && (!isFalse(argument(L, 4)) || !SPECIALS.test(pattern))) {
    const at = text.indexOf(pattern, start)
    workOn(L, (at < 0 ? text.length : at) - start)
    if (at < 0) return give(L, undefined)
    return giveAll(L, [at + 1, at + pattern.length])
  }
  const { steps, anchored } = patterns.get(pattern)
  const matcher = new LuaPatternMatcher(L, text, steps)
  for (let at = start; at <= text.length; at++) {
    const end = matcher.match(at)
    if (end >= 0) return giveAll(L, find ? [at + 1, end, ...matcher.all(at, end, false)] : matcher.all(at, end, true))
    if (anchored) break
  }
  return give(L, undefined)
}

const gmatch =
  (patterns: Patterns): NativeFunction =>
  (L) => {
    const text = checkText(L, 1)
    const pattern = checkText(L, 2)
    workOn(L, pattern.length)
    const { steps } = patterns.get(pattern, false)
    let at = L.l_G.lua54 ? startOf(optionalIndex(L, 3, 1), text.length) : 0
    let last = -1
    const next: NativeFunction = (running) => {
      const matcher = new LuaPatternMatcher(running, text, steps)
      for (; at <= text.length; at++) {
        const end = matcher.match(at)
        if (end < 0 || end === last) continue
        const start = at
        at = last = end
        if (matcher.captures <= 1) return give(running, matcher.capture(0, start, end))
        return giveAll(running, matcher.all(start, end, true))
      }
      return 0
    }
    return give(L, next)
  }

type Replacement = (matcher: LuaPatternMatcher, start: number, end: number) => LuaValue

const gsub =
  (patterns: Patterns): NativeFunction =>
  (L) => {
    const text = checkText(L, 1)
    const pattern = checkText(L, 2)
    const most = optionalIndex(L, 4, text.length + 1)
    const replace = replacer(L, argument(L, 3))
    workOn(L, pattern.length)
    const { steps, anchored } = patterns.get(pattern)
    const matcher = new LuaPatternMatcher(L, text, steps)
    let [result, at, last, count] = ['', 0, -1, 0]
    let copied = 0
    while (count < most) {
      const end = matcher.match(at)
      if (end >= 0 && end !== last) {
        count++
        const part = replaced(L, replace(matcher, at, end), text, at, end)
        workOn(L, part.length)
        result += text.slice(copied, at) + part
        if (result.length > L.l_G.longestText) notEnoughMemory(L)
        at = last = copied = end
      } else if (at < text.length) at++
      else break
      if (anchored) break
    }
    return giveAll(L, [count === 0 ? text : result + text.slice(copied), count])
  }

const replaced = (L: LuaThread, value: LuaValue, text: string, start: number, end: number): string => {
  if (typeof value === 'string') return value
  if (isFalse(value)) return text.slice(start, end)
  return numberText(value) ?? throwError(L, `invalid replacement value (a ${plainTypeName(value)})`)
}

const replacer = (L: LuaThread, replacement: LuaValue): Replacement => {
  const template = typeof replacement === 'string' ? replacement : numberText(replacement)
  if (template !== undefined) return template.includes('%') ? templateReplacer(L, template) : () => template
  if (replacement instanceof LuaTable)
    return (matcher, start, end) => getIndex(L, replacement, matcher.capture(0, start, end))
  if (isFunction(replacement))
    return (matcher, start, end) => callWithoutYield(L, replacement, matcher.all(start, end, true))
  return throwArgument(L, 3, 'string/function/table')
}

const templateReplacer = (L: LuaThread, template: string): Replacement => {
  const parts = template.split(/%([^]?)/)
  return (matcher, start, end) => {
    let result = parts[0]!
    for (let i = 1; i < parts.length; i += 2) result += expanded(L, parts[i]!, matcher, start, end) + parts[i + 1]!
    return result
  }
}

const expanded = (L: LuaThread, character: string, matcher: LuaPatternMatcher, start: number, end: number): string => {
  if (character === '%') return '%'
  if (character === '0') return matcher.text.slice(start, end)
  if (!/[1-9]/.test(character)) throwError(L, "invalid use of '%' in replacement string")
  const i = Number(character) - 1
  if (i >= Math.max(matcher.captures, 1)) throwError(L, `invalid capture index %${i + 1}`)
  const value = matcher.capture(i, start, end)
  return typeof value === 'string' ? value : String(value)
}

export const patternFunctions = (): Readonly<Record<string, NativeFunction>> => {
  const patterns = new Patterns()
  return {
    find: (L) => search(L, patterns, true),
    match: (L) => search(L, patterns, false),
    gmatch: gmatch(patterns),
    gsub: gsub(patterns),
  }
}
