/** Patterns for texts, mails and events, and the messages of matchers. */
import { expect } from 'vitest'

/** A substring, or a regular expression to search for. */
export type TextPattern = string | RegExp

/** Whether a text matches a pattern. */
export const matchesText = (text: string, pattern: TextPattern): boolean =>
  typeof pattern === 'string'
    ? text.includes(pattern)
    : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(text)

/** Whether each field of the pattern matches: texts by substring or regular expression, other values as by `toEqual`. */
export const matchesFields = (subject: object, pattern: object): boolean =>
  Object.entries(pattern).every(([name, wanted]) => matchesValue((subject as Record<string, unknown>)[name], wanted))

const matchesValue = (value: unknown, wanted: unknown): boolean => {
  if (typeof value === 'string' && (typeof wanted === 'string' || wanted instanceof RegExp))
    return matchesText(value, wanted)
  if (isPlain(value) && isPlain(wanted)) return matchesFields(value, wanted)
  return isEqual(value, wanted)
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** Compares as `toEqual` does, including `expect.any(…)` and the like. */
const isEqual = (value: unknown, wanted: unknown): boolean => {
  try {
    expect(value).toEqual(wanted)
    return true
  } catch {
    return false
  }
}

/** Maximum number of lines in a message. */
const MAX_LINES = 20

/** `what:` and one line each, or that there are none. */
export const listing = (what: string, lines: readonly string[]): string => {
  if (lines.length === 0) return `There were no ${what}.`
  const rest = lines.length - MAX_LINES
  return [
    `The ${what}:`,
    ...lines.slice(0, MAX_LINES).map((line) => `  ${line}`),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ].join('\n')
}

/** The result of a matcher for vitest. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/**
 * @param wanted the expectation; `expected` is prepended and `{not }` replaced
 * @param found describes the actual value
 */
export const matcherResult = (pass: boolean, wanted: string, found: () => string): MatcherResult => ({
  pass,
  message: () => `expected ${wanted.replace('{not }', pass ? 'not ' : '')}\n\n${found()}`,
})
