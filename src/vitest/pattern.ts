/** What a test says a text, a mail or an event should be like, and how that is said in a failure's message. */
import { expect } from 'vitest'

/** a part of the text, or an expression that finds something in it */
export type TextPattern = string | RegExp

export const fitsText = (text: string, pattern: TextPattern): boolean =>
  typeof pattern === 'string'
    ? text.includes(pattern)
    : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(text)

/** Whether each field that the pattern names is like it: a text has the part or is found, all else is as `toEqual` has it. */
export const fitsFields = (subject: object, pattern: object): boolean =>
  Object.entries(pattern).every(([name, wanted]) => fitsValue((subject as Record<string, unknown>)[name], wanted))

const fitsValue = (value: unknown, wanted: unknown): boolean => {
  if (typeof value === 'string' && (typeof wanted === 'string' || wanted instanceof RegExp))
    return fitsText(value, wanted)
  if (isPlain(value) && isPlain(wanted)) return fitsFields(value, wanted)
  return isEqual(value, wanted)
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** As `toEqual` compares, `expect.any(…)` and its like included. */
const isEqual = (value: unknown, wanted: unknown): boolean => {
  try {
    expect(value).toEqual(wanted)
    return true
  } catch {
    return false
  }
}

/** The most lines that a message shows of what was there instead. */
const SHOWN = 20

/** `what:` and a line for each, or that there was none. */
export const listing = (what: string, lines: readonly string[]): string => {
  if (lines.length === 0) return `There were no ${what}.`
  const rest = lines.length - SHOWN
  return [
    `The ${what}:`,
    ...lines.slice(0, SHOWN).map((line) => `  ${line}`),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ].join('\n')
}

/** What a matcher returns to vitest. */
export interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

/**
 * @param wanted the sentence without its subject's negation: `expected {not }…` is put in front
 * @param found what was there, told below
 */
export const verdict = (pass: boolean, wanted: string, found: () => string): Verdict => ({
  pass,
  message: () => `expected ${wanted.replace('{not }', pass ? 'not ' : '')}\n\n${found()}`,
})
