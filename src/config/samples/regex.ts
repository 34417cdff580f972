/**
 * Regular expressions, which HAProxy gives to PCRE2 (`regex_comp` in src/regex.c). What the two languages spell differently
 * is translated; what JavaScript has no counterpart for cannot be emulated.
 */
import { fromByteString } from '../../bytes/text.js'

export interface PatternError {
  /** as HAProxy says it */
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

/** What stands for `[:name:]`, or `[:^name:]`, within a class; undefined when there is no such name. */
const posixClass = (name: string, negated: boolean): string | undefined => {
  const known = POSIX_CLASSES[name]
  if (known === undefined || !negated) return known
  const shape = new RegExp(`[${known}]`)
  const others = Array.from({ length: 256 }, (_, code) => code).filter((code) => !shape.test(String.fromCharCode(code)))
  return others.map((code) => `\\x${code.toString(16).padStart(2, '0')}`).join('')
}

/** Escapes of PCRE2 that JavaScript spells otherwise. */
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

/** The same within a class. */
const CLASS_ESCAPES: Readonly<Record<string, string>> = { s: '\\t-\\r ' }

/** What PCRE2 calls the faults that JavaScript finds, and where it sees them: at the end, or behind the character at fault. */
const FAULTS: readonly (readonly [RegExp, string, RegExp | undefined])[] = [
  [/Unterminated group/, 'missing closing parenthesis', undefined],
  [/Unterminated character class/, 'missing terminating ] for character class', undefined],
  [/Unmatched '\)'/, 'unmatched closing parenthesis', /\)/],
  [/\\ at end/, '\\ at end of pattern', undefined],
  [/Nothing to repeat/, 'quantifier does not follow a repeatable item', /[*+?]/],
]

/** Compiles `pattern`, which matches bytes given as a byte string. */
export const compilePattern = (pattern: string, ignoreCase = false): RegExp | PatternError => {
  const inline = /^\(\?([imsx]+)\)/.exec(pattern)
  const flags = inline?.[1] ?? ''
  const source = translate(inline ? pattern.slice(inline[0].length) : pattern, flags)
  try {
    return new RegExp(source, `${ignoreCase || flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'm' : ''}`)
  } catch (fault) {
    return { error: describe(pattern, String(fault)) }
  }
}

export const isPatternError = (compiled: RegExp | PatternError): compiled is PatternError => 'error' in compiled

const describe = (pattern: string, message: string): string => {
  const fault = FAULTS.find(([shape]) => shape.test(message))
  const place = fault?.[2] === undefined ? -1 : pattern.search(fault[2])
  const what = fault?.[1] ?? 'not emulated by hapsim'
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
