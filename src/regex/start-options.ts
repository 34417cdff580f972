/** Settings at the start of a pattern, such as `(*UTF)` and `(*LIMIT_MATCH=1000)` (`pso_list` in pcre2_compile.c). */
import { PatternError } from './errors.js'
import type { Newline } from './tree.js'

export interface StartOptions {
  newline: Newline
  asciiNewlines: boolean
  utf: boolean
  ucp: boolean
  matchLimit: number | undefined
  noJit: boolean
  startOptimizations: boolean
  autoPossess: boolean
  /** start of the pattern itself */
  at: number
}

type Setting = (options: StartOptions) => void

const newline =
  (value: Newline): Setting =>
  (options) => {
    options.newline = value
  }

const SETTINGS: Readonly<Record<string, Setting>> = {
  UTF8: (options) => (options.utf = true),
  UTF: (options) => (options.utf = true),
  UCP: (options) => (options.ucp = true),
  // without effect on the JIT compiler
  NOTEMPTY: () => undefined,
  NOTEMPTY_ATSTART: () => undefined,
  NO_AUTO_POSSESS: (options) => (options.autoPossess = false),
  NO_DOTSTAR_ANCHOR: () => undefined,
  NO_JIT: (options) => (options.noJit = true),
  NO_START_OPT: (options) => (options.startOptimizations = false),
  CASELESS_RESTRICT: () => undefined,
  TURKISH_CASING: () => undefined,
  CR: newline('CR'),
  LF: newline('LF'),
  CRLF: newline('CRLF'),
  ANY: newline('ANY'),
  NUL: newline('NUL'),
  ANYCRLF: newline('ANYCRLF'),
  BSR_ANYCRLF: (options) => (options.asciiNewlines = true),
  BSR_UNICODE: (options) => (options.asciiNewlines = false),
}

const LIMITS = ['LIMIT_HEAP', 'LIMIT_MATCH', 'LIMIT_DEPTH', 'LIMIT_RECURSION']
/** No digit may follow a larger number. */
const LARGEST = Math.floor(0xffffffff / 10) - 1

/** Parses the settings. */
export const readStartOptions = (text: string): StartOptions => {
  const options: StartOptions = {
    newline: 'LF',
    asciiNewlines: false,
    utf: false,
    ucp: false,
    matchLimit: undefined,
    noJit: false,
    startOptimizations: true,
    autoPossess: true,
    at: 0,
  }
  for (;;) {
    const found = /^\(\*(?:([A-Z0-9_]+)\)|([A-Z_]+)=)/.exec(text.slice(options.at, options.at + 30))
    if (!found) return options
    const [all, name, limit] = found
    if (name !== undefined && Object.hasOwn(SETTINGS, name)) {
      SETTINGS[name]!(options)
      options.at += all.length
    } else if (limit !== undefined && LIMITS.includes(limit)) readLimit(text, options, limit, options.at + all.length)
    else return options
  }
}

const readLimit = (text: string, options: StartOptions, limit: string, start: number): void => {
  let at = start
  let value = 0
  while (/\d/.test(text[at] ?? '')) {
    if (value > LARGEST) break
    value = value * 10 + Number(text[at++])
  }
  if (at === start || text[at] !== ')') throw new PatternError(60, at)
  if (limit === 'LIMIT_MATCH') options.matchLimit = value
  options.at = at + 1
}
