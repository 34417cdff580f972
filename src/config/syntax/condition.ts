/** Conditional expressions of `.if` and `.elif` (configuration manual, section 2.4; src/cfgcond.c). */
import type { Environment } from './environment.js'

/** The state that predicates test. */
export interface ConditionContext {
  readonly env: Environment
  /** as shown by `haproxy -v` */
  readonly version: string
  /** features listed with a `+` by `haproxy -vv` */
  readonly features: readonly string[]
  readonly sslLibrary: { readonly name: string; readonly version: string }
}

/** An error with its position. */
export interface ConditionError {
  readonly message: string
  /** index in the expression */
  readonly at: number
}

/** Evaluates an expression; returns its value or HAProxy's error message. An empty expression is false. */
export const evaluateCondition = (text: string, context: ConditionContext): boolean | ConditionError => {
  if (text === '') return false
  const parser = new ConditionParser(text, context)
  try {
    return parser.parse()
  } catch (error) {
    if (error instanceof ConditionSyntaxError) return { message: error.reason, at: error.at }
    throw error
  }
}

/** Options for `enabled()` that are enabled by default. */
const ENABLED: readonly string[] = ['POLL', 'EPOLL', 'SPLICE', 'GETADDRINFO', 'REUSEPORT', 'FAST-FORWARD']

type Predicate = (conditionContext: ConditionContext, a: string, b: string) => boolean

const PREDICATES: Readonly<Record<string, { readonly words: 1 | 2; readonly holds: Predicate }>> = {
  defined: { words: 1, holds: ({ env }, name) => env.get(name) !== undefined },
  feature: { words: 1, holds: ({ features }, name) => features.includes(name) },
  streq: { words: 2, holds: (_, a, b) => a === b },
  strneq: { words: 2, holds: (_, a, b) => a !== b },
  strstr: { words: 2, holds: (_, a, b) => a.includes(b) },
  version_atleast: { words: 1, holds: ({ version }, wanted) => compareVersions(wanted, version) <= 0 },
  version_before: { words: 1, holds: ({ version }, wanted) => compareVersions(wanted, version) > 0 },
  openssl_version_atleast: {
    words: 1,
    holds: ({ sslLibrary }, wanted) => compareVersions(wanted, sslLibrary.version) <= 0,
  },
  openssl_version_before: {
    words: 1,
    holds: ({ sslLibrary }, wanted) => compareVersions(wanted, sslLibrary.version) > 0,
  },
  ssllib_name_startswith: { words: 1, holds: ({ sslLibrary }, name) => sslLibrary.name.startsWith(name) },
  enabled: { words: 1, holds: (_, name) => ENABLED.includes(name) },
}

/** Maximum nesting depth of parentheses (MAX_CFG_RECURSION). */
const MAX_DEPTH = 1024

class ConditionSyntaxError {
  constructor(
    readonly reason: string,
    readonly at: number,
  ) {}
}

class ConditionParser {
  private at = 0
  private operatorAt = 0

  constructor(
    private readonly text: string,
    private readonly conditionContext: ConditionContext,
  ) {}

  parse(): boolean {
    const value = this.or(MAX_DEPTH)
    this.skipSpaces()
    const rest = this.text[this.at]
    if (rest === undefined) return value
    throw new ConditionSyntaxError(
      `unexpected character '${rest}' at the end of conditional expression '${this.text}'`,
      this.at,
    )
  }

  private skipSpaces(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++
  }

  private take(operator: string): boolean {
    this.skipSpaces()
    if (!this.text.startsWith(operator, this.at)) return false
    this.operatorAt = this.at
    this.at += operator.length
    this.skipSpaces()
    return true
  }

  private or(depth: number): boolean {
    let value = this.and(depth)
    while (this.take('||')) {
      const next = this.and(depth)
      value = value || next
    }
    return value
  }

  private and(depth: number): boolean {
    let value = this.term(depth)
    while (this.take('&&')) {
      const next = this.term(depth)
      value = value && next
    }
    return value
  }

  private term(depth: number): boolean {
    this.skipSpaces()
    const start = this.at
    if (depth <= 0 || start >= this.text.length) throw this.unfinished()
    let negated = false
    while (this.text[this.at] === '!') {
      negated = !negated
      this.at++
      this.skipSpaces()
    }
    const value = this.number() ?? this.parenthesis(start, depth) ?? this.predicate()
    if (value !== undefined) return value !== negated
    throw new ConditionSyntaxError(`unparsable conditional expression '${this.text.slice(start)}'`, start)
  }

  /** The error for a missing operand or too many parentheses. */
  private unfinished(): ConditionSyntaxError {
    const rest = this.text.slice(this.operatorAt)
    const shown = rest.startsWith('&') ? rest : this.text
    return new ConditionSyntaxError(`unparsable conditional expression '${shown}'`, this.operatorAt)
  }

  private number(): boolean | undefined {
    const digits = /^[+-]?(?:0x[0-9a-f]+|\d+)/i.exec(this.text.slice(this.at))?.[0]
    if (digits === undefined) return undefined
    this.at += digits.length
    return /[1-9a-f]/i.test(digits.replace(/^[+-]?0x/i, ''))
  }

  private parenthesis(start: number, depth: number): boolean | undefined {
    if (this.text[this.at] !== '(') return undefined
    this.at++
    this.skipSpaces()
    const value = this.or(depth - 1)
    if (this.take(')')) return value
    throw new ConditionSyntaxError(`expected ')' after conditional expression '${this.text.slice(start)}'`, start)
  }

  private predicate(): boolean | undefined {
    const name = /^[^ (]*/.exec(this.text.slice(this.at))![0]
    const predicate = Object.hasOwn(PREDICATES, name) ? PREDICATES[name]! : undefined
    if (!predicate) return undefined
    const list = this.argumentList(this.at + name.length, predicate.words, name)
    if (name.startsWith('openssl_') && !/^\d+\.\d+\.\d+\w*$/.test(list[0]!))
      throw new ConditionSyntaxError(
        `invalid argument to conditional expression predicate '${name}': '${list[0]}'`,
        this.at,
      )
    return predicate.holds(this.conditionContext, list[0]!, list[1] ?? '')
  }

  /** Parses `(a,b)` with quotes and escapes (make_arg_list). */
  private argumentList(from: number, wanted: number, name: string): string[] {
    const { text } = this
    const fail = (problem: string, argument: number, at: number): never => {
      throw new ConditionSyntaxError(
        `${problem} in argument ${argument} of predicate '${name}' used in conditional expression`,
        at,
      )
    }
    if (text[from] !== '(') {
      this.at = from
      return wanted === 1 ? [''] : fail(`missing arguments (got 1/${wanted}), type 'string' expected`, 1, from)
    }
    const found: string[] = []
    const missing = (at: number): never =>
      fail(`missing arguments (got ${found.length}/${wanted}), type 'string' expected`, found.length, at)
    let at = from + 1
    for (;;) {
      const end = endOfArgument(text, at)
      found.push(unquoteArgument(text.slice(at, end)))
      if (text[end] === undefined)
        return found.length < wanted ? missing(end) : fail("expected ')'", Math.max(1, found.length - 1), end)
      at = end + 1
      if (text[end] === ')') break
      if (found.length === wanted) return fail(`expected ')' before '${text.slice(end)}'`, wanted - 1, end)
    }
    if (found.length < wanted) return missing(at - 1)
    this.at = at
    return found
  }
}

const endOfArgument = (text: string, from: number): number => {
  let quote = ''
  for (let i = from; i < text.length; i++) {
    const char = text[i]!
    if (quote === '' && (char === ',' || char === ')')) return i
    if (char === '\\' && quote !== "'") i++
    else if (char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
  }
  return text.length
}

const unquoteArgument = (text: string): string =>
  text.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g,
    (_, strong?: string, weak?: string, escaped?: string) =>
      strong ?? (weak === undefined ? escaped! : weak.replace(/\\(.)/g, '$1')),
  )

/** Compares versions as `haproxy -v` shows them; missing parts are zero, and `-dev3` comes before the release. */
const compareVersions = (a: string, b: string): number => {
  const left = versionParts(a)
  const right = versionParts(b)
  for (let i = 0; i < left.length; i++) {
    const difference = left[i]! - right[i]!
    if (difference !== 0) return difference
  }
  return 0
}

const RELEASE = Number.MAX_SAFE_INTEGER

const versionParts = (text: string): number[] => {
  const match = /^(\d+)?(?:\.(\d+))?(?:\.(\d+))?(?:-dev(\d+))?/.exec(text)!
  const [major, minor, patch] = match.slice(1, 4).map((part) => Number(part ?? 0))
  return [major!, minor!, patch!, match[4] === undefined ? RELEASE : Number(match[4])]
}
