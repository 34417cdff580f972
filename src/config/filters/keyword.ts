/** What a kind of filter consists of as far as reading a configuration needs it. */
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { FilterConfig } from '../model/filters.js'
import type { ParseContext } from '../parse-context.js'
import type { ProxyDraft } from '../proxy/draft.js'
import { recordExpression } from '../rules/pending-arguments.js'
import { parseExpression, type SampleExpression } from '../samples/expression.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Line } from '../syntax/line.js'

/** What is wrong with a line of `filter`, in HAProxy's words. */
export class FilterProblem extends Error {}

export interface FilterKeyword {
  readonly names: readonly string[]
  /**
   * Reads the words after the name.
   * @throws FilterProblem if they are wrong
   */
  readonly read: (reader: FilterReader) => FilterConfig
  /** Validates a filter when the whole configuration is parsed; returns an error: a complete message. */
  readonly check?: (
    filter: FilterConfig,
    context: ParseContext,
    proxy: ProxyDraft,
    diagnostics: Diagnostics,
  ) => string | undefined
}

/** Reads a line of `filter` word by word. */
export class FilterReader {
  /** the next word: first the one after the name */
  at = 2

  constructor(
    readonly context: ParseContext,
    readonly line: Line,
    readonly proxy: ProxyDraft,
  ) {}

  get name(): string {
    return this.line.at(1)
  }

  /** The next word; '' at the end. */
  get word(): string {
    return this.line.at(this.at)
  }

  /** Takes the next word; '' at the end. */
  next(): string {
    const { word } = this
    if (word !== '') this.at++
    return word
  }

  fail(problem: string): never {
    throw new FilterProblem(problem)
  }

  /** Reads a sample expression. */
  expression(): SampleExpression {
    const words = this.line.words.map(toByteString)
    const parsed = parseExpression(words, this.at, 0, false, this.context.options.samples)
    if ('error' in parsed) return this.fail(fromByteString(parsed.error))
    this.at = parsed.word
    recordExpression(this.proxy, parsed.expression, 'acl', this.line.place)
    return parsed.expression
  }
}
