/**
 * Regular expressions, which HAProxy compiles with PCRE2 (`regex_comp` in src/regex.c), translated to JavaScript. Features
 * without a JavaScript equivalent are not emulated.
 */
import { fromByteString } from '../../bytes/text.js'

/** A compile error. */
export interface PatternError {
  /** HAProxy's message */
  readonly error: string
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t-\\r ',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
}

/** Translates `[:name:]` or `[:^name:]` within a class; undefined if there is no such class. */
const posixClass = (name: string, negated: boolean): string | undefined => {
  const known = POSIX_CLASSES[name]
  if (known === undefined || !negated) return known
  const shape = new RegExp(`[${known}]`)
  const others = Array.from({ length: 256 }, (_, code) => code).filter((code) => !shape.test(String.fromCharCode(code)))
  return others.map((code) => `\\x${code.toString(16).padStart(2, '0')}`).join('')
}

/** PCRE2 escapes with a different JavaScript equivalent. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: '(?<![^])',
  z: '(?![^])',
  Z: '(?=\\n?(?![^]))',
  h: '[ \\t\\xa0]',
  R: '(?:\\r\\n|[\\n\\v\\f\\r\\x85])',
  e: '\\x1b',
  s: '[\\t-\\r ]',
  S: '[^\\t-\\r ]',
  a: '\\x07',
}

/** Escapes within a character class. */
const CLASS_ESCAPES: Readonly<Record<string, string>> = { s: '\\t-\\r ' }

/** JavaScript errors with PCRE2's message and offset: the end of the pattern, or after the offending character. */
const ERRORS: readonly (readonly [RegExp, string, RegExp | undefined])[] = [
  [/Unterminated group/, 'missing closing parenthesis', undefined],
  [/Unterminated character class/, 'missing terminating ] for character class', undefined],
  [/Unmatched '\)'/, 'unmatched closing parenthesis', /\)/],
  [/\\ at end/, '\\ at end of pattern', undefined],
  [/Nothing to repeat/, 'quantifier does not follow a repeatable item', /[*+?]/],
]

/** Compiles `pattern`, which matches byte strings. */
export const compilePattern = (pattern: string, ignoreCase = false): RegExp | PatternError => {
  const inline = /^\(\?([imsx]+)\)/.exec(pattern)
  const flags = inline?.[1] ?? ''
  const source = translate(inline ? pattern.slice(inline[0].length) : pattern, flags)
  try {
    return new RegExp(source, `${ignoreCase || flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'm' : ''}`)
  } catch (error) {
    return { error: describe(pattern, String(error)) }
  }
}

/** Whether compilation failed. */
export const isPatternError = (compiled: RegExp | PatternError): compiled is PatternError => 'error' in compiled

const describe = (pattern: string, message: string): string => {
  const error = ERRORS.find(([shape]) => shape.test(message))
  const place = error?.[2] === undefined ? -1 : pattern.search(error[2])
  const what = error?.[1] ?? 'not emulated by hapsim'
  return `regex '${fromByteString(pattern)}' is invalid (error=${what}, erroffset=${place < 0 ? pattern.length : place + 1})`
}

const translate = (pattern: string, flags: string): string => {
  const multiline = flags.includes('m')
  const dot = flags.includes('s') ? '[^]' : '[^\\n]'
  let result = ''
  let inClass = false
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!
    if (char === '\\') {
      const next = pattern[++i] ?? ''
      result += (inClass ? CLASS_ESCAPES : ESCAPES)[next] ?? `\\${next}`
    } else if (inClass) {
      const posix = /^\[:(\^?)(\w+):\]/.exec(pattern.slice(i))
      const known = posix && posixClass(posix[2]!, posix[1] === '^')
      if (known) {
        result += known
        i += posix[0].length - 1
        continue
      }
      if (char === ']') inClass = false
      result += char === '[' ? '\\[' : char
    } else if (char === '[') {
      const start = /^\[\^?\]?/.exec(pattern.slice(i))![0]
      result += start.endsWith(']') ? `${start.slice(0, -1)}\\]` : start
      i += start.length - 1
      inClass = true
    } else if (char === '.') result += dot
    else if (char === '$' && !multiline) result += '(?=\\n?(?![^]))'
    else result += char
  }
  return result
}
