/** Reads the words of a rule: the arguments of its action, expressions, log-formats, and the condition. */
import { fromByteString, toByteString } from '../../bytes/text.js'
import { compileRegex, isRegexError, type Regex } from '../../regex/index.js'
import type { Condition } from '../model/acl.js'
import type { RuleSetName } from '../model/rules.js'
import type { ParseContext } from '../parse-context.js'
import type { ProxyDraft } from '../proxy/draft.js'
import { parseExpression, type SampleExpression } from '../samples/expression.js'
import { parseLogFormat, type LogFormat } from '../samples/log-format.js'
import { sourceNames } from '../samples/places.js'
import type { Line } from '../syntax/line.js'
import { recordExpression, recordLogFormat, type ArgumentUse } from './pending-arguments.js'
import { parseCondition } from './condition.js'
import { rulePlaces } from './rule-sets.js'

/** What is wrong with a rule, in HAProxy's words; the caller adds the place and the rest of the sentence. */
export class RuleProblem extends Error {}

/** The uses that messages about unresolved arguments name. */
const USES: Readonly<Record<RuleSetName, ArgumentUse>> = {
  'tcp-request connection': 'tcp-request connection',
  'tcp-request session': 'tcp-request session',
  'tcp-request content': 'tcp-request content',
  'tcp-response content': 'tcp-response content',
  'http-request': 'http-request',
  'http-response': 'http-response',
  'http-after-response': 'http-response',
}

/** Options of {@link RuleReader.logFormat}. */
interface FormatOptions {
  readonly use?: ArgumentUse
  readonly places?: number
  readonly http?: boolean
}

/** Options of {@link RuleReader.availableExpression}. */
interface AvailabilityOptions {
  readonly use?: ArgumentUse | undefined
  readonly places?: number
  readonly shown?: string
}

/** Reads a rule word by word. All methods that find a problem throw a {@link RuleProblem}. */
export class RuleReader {
  /** the next word */
  at: number
  /** where the rule is evaluated: a mask of PLACES */
  readonly places: number
  /** what messages about unresolved arguments name */
  readonly use: ArgumentUse
  /** set by actions that end the evaluation of the rule set */
  isFinal = false
  #remark: string | undefined
  #condition: Condition | undefined
  #bytes: readonly string[] | undefined

  constructor(
    readonly context: ParseContext,
    readonly line: Line,
    readonly proxy: ProxyDraft,
    readonly ruleSet: RuleSetName,
    /** the word after the action's name */
    readonly first: number,
    /** where expressions are evaluated and what messages call them, if it is not as in the rule set */
    scope?: { readonly places: number; readonly use: ArgumentUse },
  ) {
    this.at = first
    this.places = scope?.places ?? rulePlaces(ruleSet, proxy)
    this.use = scope?.use ?? USES[ruleSet]
  }

  /** The next word; '' at the end. */
  get word(): string {
    return this.line.at(this.at)
  }

  /** The action's name as it is written. */
  get name(): string {
    return this.line.at(this.first - 1)
  }

  /** A word as the parser of the action counts them: HTTP rules from the action on, TCP rules from the beginning of the line. */
  argument(index: number): string {
    return this.line.at(this.ruleSet.startsWith('http') ? this.first - 1 + index : index)
  }

  /** Whether the words of the action end here: at the end of the line or at a condition. */
  get isEnd(): boolean {
    return this.word === '' || this.word === 'if' || this.word === 'unless'
  }

  /** Whether there is a next word. */
  get hasMore(): boolean {
    return this.word !== ''
  }

  /** Takes the next word; '' at the end. */
  next(): string {
    const { word } = this
    if (word !== '') this.at++
    return word
  }

  fail(problem: string): never {
    throw new RuleProblem(problem)
  }

  /** Sets a warning about a rule that is accepted; TCP rules have none. */
  remark(text: string): void {
    this.#remark = text
  }

  get remarkText(): string | undefined {
    return this.#remark
  }

  /** The words as byte strings. */
  get #words(): readonly string[] {
    return (this.#bytes ??= this.line.words.map(toByteString))
  }

  /**
   * Reads a sample expression, of which further words may be converters.
   * @param use what messages about its arguments name
   */
  expression(use: ArgumentUse = this.use): SampleExpression {
    const parsed = parseExpression(this.#words, this.at, 0, false, this.context.options.samples)
    if ('error' in parsed) this.fail(fromByteString(parsed.error))
    this.at = parsed.word
    recordExpression(this.proxy, parsed.expression, use, this.line.place)
    return parsed.expression
  }

  /**
   * Reads a sample expression that must be available where the rule is evaluated.
   * @param options `places`: where, if it is not where the rule set is; `shown`: the word that the message has for the fetch
   */
  availableExpression(options: AvailabilityOptions = {}): SampleExpression {
    const { use, places = this.places } = options
    const expression = this.expression(use)
    if ((expression.places & places) === 0)
      this.fail(
        `fetch method '${options.shown ?? this.line.at(this.at - 1)}' extracts information from '${sourceNames(expression.sources)}', ` +
          'none of which is available here',
      )
    return expression
  }

  /** The places of `http-request` rules of the proxy, where several actions of all rule sets want their expressions to be available. */
  get requestPlaces(): number {
    return rulePlaces('http-request', this.proxy)
  }

  /**
   * Parses a text as a log-format.
   * @param options `http`: the values become header fields or parts of URIs
   */
  logFormat(text: string, options: FormatOptions = {}): LogFormat {
    const { use = this.use, places = this.places, http = false } = options
    const parsed = parseLogFormat(text, { keywords: this.context.options.samples, places, http })
    for (const warning of parsed.warnings) this.context.warn(this.line, warning)
    if ('error' in parsed) this.fail(parsed.error)
    recordLogFormat(this.proxy, parsed, use, this.line.place)
    return parsed
  }

  /** Reads the condition with the action, for those whose messages include what is wrong with it. */
  takeCondition(title: string): void {
    const condition = this.condition()
    if (condition && 'error' in condition) this.fail(`${title}: ${condition.error}`)
    this.#condition = condition
    this.at = this.line.words.length
  }

  /** The condition that {@link takeCondition} has read. */
  get takenCondition(): Condition | undefined {
    return this.#condition
  }

  /** Reads the condition, if there is one: the rest of the line. */
  condition(): Condition | { readonly error: string } | undefined {
    if (this.#condition || this.word === '') return this.#condition
    const parsed = parseCondition(this.context, this.line, this.at, this.proxy.acls)
    return 'error' in parsed ? parsed : parsed.condition
  }

  /** Compiles a regular expression with captures. */
  regex(text: string, ignoreCase = false): Regex {
    const regex = compileRegex(toByteString(text), { ignoreCase, captures: true })
    if (isRegexError(regex)) this.fail(fromByteString(regex.error))
    this.context.addGaps(this.line.place, regex.gaps)
    return regex
  }
}
