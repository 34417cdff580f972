/**
 * A pattern expression: the entries of a reference as one way of matching needs them, indexed where it allows that (`struct pattern_expr`,
 * `pat_idx_…` and `pat_match_…` in src/pattern.c). Strings and prefixes are found by their text, networks by their length, the longest
 * first; everything else is tried in the order in which it was added.
 */
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { PatternMatching } from '../../config/model/patterns.js'
import { MATCHED_TYPE, type Matching } from '../../config/patterns/match-method.js'
import { mapValue, type MapValue } from '../../config/patterns/map-value.js'
import { toIpv6, type Subnet } from '../../config/patterns/network.js'
import {
  isKnownMethod,
  parsePattern,
  type IntegerRange,
  type PatternOptions,
  type PatternValue,
} from '../../config/patterns/pattern.js'
import { lowerCase } from '../../http/characters.js'
import type { Regex } from '../../regex/index.js'
import { cast, embeddedIpv4, fromBigEndian } from '../samples/casts.js'
import { bytesOf, type IntegerSample, type Sample } from '../samples/sample.js'
import type { Element } from './element.js'
import { TEXT_TESTS } from './text-match.js'

/** What matched. */
export interface Match {
  /** undefined: the sample itself was true, patterns do not matter */
  readonly element: Element | undefined
  readonly index: 'tree' | 'list'
  /** the value of a map, of the map's type */
  readonly value?: MapValue | undefined
  /** where a regular expression with captures matched ({@link Regex.exec}) */
  readonly captures?: readonly number[] | undefined
}

interface Entry {
  readonly element: Element
  readonly pattern: PatternValue
  value: MapValue | undefined
}

/** Whether an entry belongs to the current generation. */
export type IsCurrent = (element: Element) => boolean

type Test = (pattern: PatternValue) => boolean

export class PatternExpression {
  /** by the text, or by family, length and network */
  readonly #tree = new Map<string, Entry[]>()
  /** how many prefixes there are of each length */
  readonly #lengths = {
    ipv4: new Map<number, number>(),
    ipv6: new Map<number, number>(),
    text: new Map<number, number>(),
  }
  readonly #list = new Set<Entry>()
  readonly #entries = new Map<Element, Entry[]>()

  constructor(
    /** its matching method is that of the first user, which others override */
    readonly how: PatternMatching,
  ) {}

  /** Adds an element. If its text or its value is invalid, nothing is added and HAProxy's message is returned. */
  add(element: Element, resolve?: PatternOptions['resolve']): string | undefined {
    const value = this.#value(element.value)
    if (value === 'invalid') return `unable to parse '${element.value}'`
    const { kind, ignoreCase, noNames } = this.how
    const parsed = parsePattern(kind, toByteString(element.key), {
      ignoreCase,
      resolve: noNames ? undefined : resolve,
    })
    if ('error' in parsed) return fromByteString(parsed.error)
    const entry: Entry = { element, pattern: parsed.value, value }
    const entries = this.#entries.get(element)
    if (entries) entries.push(entry)
    else this.#entries.set(element, [entry])
    const place = this.#place(entry.pattern)
    if (place === undefined) {
      this.#list.add(entry)
      return undefined
    }
    const same = this.#tree.get(place.key)
    if (same) same.push(entry)
    else this.#tree.set(place.key, [entry])
    if (place.lengths) place.lengths.set(place.length, (place.lengths.get(place.length) ?? 0) + 1)
    return undefined
  }

  #value(text: string | undefined): MapValue | 'invalid' | undefined {
    const { output } = this.how
    if (text === undefined || output === undefined) return undefined
    return mapValue(output, toByteString(text)) ?? 'invalid'
  }

  /** Whether `value` may replace that of an element. */
  accepts(value: string): boolean {
    return this.#value(value) !== 'invalid'
  }

  /** The value of an element has changed, to one that was accepted. */
  updateValue(element: Element): void {
    const value = this.#value(element.value)
    for (const entry of this.#entries.get(element) ?? []) entry.value = value === 'invalid' ? undefined : value
  }

  remove(element: Element): void {
    for (const entry of this.#entries.get(element) ?? []) {
      this.#list.delete(entry)
      const place = this.#place(entry.pattern)
      if (place === undefined) continue
      const left = this.#tree.get(place.key)?.filter((each) => each !== entry) ?? []
      if (left.length > 0) this.#tree.set(place.key, left)
      else this.#tree.delete(place.key)
      if (!place.lengths) continue
      const count = place.lengths.get(place.length)! - 1
      if (count > 0) place.lengths.set(place.length, count)
      else place.lengths.delete(place.length)
    }
    this.#entries.delete(element)
  }

  /** The first match, or undefined. @param matching the caller's matching method */
  match(sample: Sample, isCurrent: IsCurrent, matching: Matching = this.how.matching): Match | undefined {
    if (matching === 'found') return ANY_MATCH
    const converted = cast(sample, MATCHED_TYPE[matching])
    return converted && this.matchConverted(converted, isCurrent, matching)
  }

  /** The same for a sample that has been cast to the type that the method needs. */
  matchConverted(sample: Sample, isCurrent: IsCurrent, matching: Matching): Match | undefined {
    switch (matching) {
      case 'found':
        return ANY_MATCH
      case 'bool':
        return (sample as IntegerSample).value === 0n ? undefined : ANY_MATCH
      case 'int':
        return this.#matchInteger((sample as IntegerSample).value, isCurrent)
      case 'len':
        return this.#matchLength(BigInt(bytesOf(sample).length), isCurrent)
      case 'ip':
        return this.#matchAddress(sample, isCurrent)
      case 'method':
        return this.#matchMethod(bytesOf(sample), isCurrent)
      case 'reg':
        return this.#inList(isCurrent, (pattern) => (pattern as Regex).test(bytesOf(sample)))
      case 'regm':
        return this.#matchCaptures(bytesOf(sample), isCurrent)
      default:
        return this.#matchText(bytesOf(sample), isCurrent, matching)
    }
  }

  #firstOf(entries: readonly Entry[] | undefined, isCurrent: IsCurrent): Match | undefined {
    const entry = entries?.find(({ element }) => isCurrent(element))
    return entry && { element: entry.element, index: 'tree', value: entry.value }
  }

  #inList(isCurrent: IsCurrent, test: Test): Match | undefined {
    for (const { element, pattern, value } of this.#list)
      if (isCurrent(element) && test(pattern)) return { element, index: 'list', value }
    return undefined
  }

  #matchInteger(number: bigint, isCurrent: IsCurrent): Match | undefined {
    return this.#inList(isCurrent, (pattern) => {
      const { min, max } = pattern as IntegerRange
      return (min === undefined || min <= number) && (max === undefined || number <= max)
    })
  }

  /** Limits are compared as unsigned integers, so that negative ones are larger than all lengths. */
  #matchLength(length: bigint, isCurrent: IsCurrent): Match | undefined {
    return this.#inList(isCurrent, (pattern) => {
      const { min, max } = pattern as IntegerRange
      return (min === undefined || unsigned(min) <= length) && (max === undefined || length <= unsigned(max))
    })
  }

  #matchMethod(method: string, isCurrent: IsCurrent): Match | undefined {
    const wanted = this.how.ignoreCase && !isKnownMethod(method) ? lowerCase(method) : method
    return this.#inList(isCurrent, (pattern) => pattern === wanted)
  }

  #matchCaptures(text: string, isCurrent: IsCurrent): Match | undefined {
    let captures: readonly number[] | undefined
    const match = this.#inList(isCurrent, (pattern) => {
      captures = (pattern as Regex).exec(text)
      return captures !== undefined
    })
    return match && { ...match, captures }
  }

  #matchText(text: string, isCurrent: IsCurrent, matching: Matching): Match | undefined {
    const { kind, ignoreCase } = this.how
    const wanted = ignoreCase && kind !== 'binary' ? lowerCase(text) : text
    const test = TEXT_TESTS[matching]
    const indexed =
      kind === 'string tree'
        ? this.#firstOf(this.#tree.get(untilNul(wanted)), isCurrent)
        : kind === 'prefix tree'
          ? this.#longestPrefix(wanted, isCurrent)
          : undefined
    return indexed ?? (test && this.#inList(isCurrent, (pattern) => test(wanted, pattern as string)))
  }

  #longestPrefix(text: string, isCurrent: IsCurrent): Match | undefined {
    for (const length of longestFirst(this.#lengths.text)) {
      if (length > text.length) continue
      const found = this.#firstOf(this.#tree.get(text.slice(0, length)), isCurrent)
      if (found) return found
    }
    return undefined
  }

  #matchAddress(sample: Sample, isCurrent: IsCurrent): Match | undefined {
    const bytes = bytesOf(sample)
    const value = fromBigEndian(bytes)
    if (sample.type === 'ipv4')
      return (
        this.#matchNetwork('ipv4', value, isCurrent) ??
        this.#matchNetwork('ipv6', toIpv6(value), isCurrent) ??
        this.#matchMask(value, isCurrent)
      )
    const embedded = embeddedIpv4(bytes)
    const ipv4 = embedded === undefined ? undefined : fromBigEndian(embedded)
    return (
      this.#matchNetwork('ipv6', value, isCurrent) ??
      (ipv4 === undefined
        ? undefined
        : (this.#matchNetwork('ipv4', ipv4, isCurrent) ?? this.#matchMask(ipv4, isCurrent)))
    )
  }

  #matchNetwork(family: 'ipv4' | 'ipv6', value: bigint, isCurrent: IsCurrent): Match | undefined {
    for (const length of longestFirst(this.#lengths[family])) {
      const found = this.#firstOf(this.#tree.get(networkKey(family, value, length)), isCurrent)
      if (found) return found
    }
    return undefined
  }

  /** Masks with holes are not prefixes. */
  #matchMask(ipv4: bigint, isCurrent: IsCurrent): Match | undefined {
    return this.#inList(isCurrent, (pattern) => {
      const { address, mask } = pattern as Subnet
      return ((address ^ ipv4) & mask) === 0n
    })
  }

  /** Where the index keeps a pattern; undefined: in the list. */
  #place(pattern: PatternValue): { key: string; lengths?: Map<number, number>; length: number } | undefined {
    const { kind, ignoreCase } = this.how
    if (kind === 'network') {
      const { family, address, prefix } = pattern as Subnet
      if (prefix === undefined) return undefined
      return { key: networkKey(family, address, prefix), lengths: this.#lengths[family], length: prefix }
    }
    if (ignoreCase) return undefined
    const text = pattern as string
    if (kind === 'string tree') return { key: text, length: 0 }
    return kind === 'prefix tree' ? { key: text, lengths: this.#lengths.text, length: text.length } : undefined
  }
}

const ANY_MATCH: Match = { element: undefined, index: 'list' }

const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value)

const longestFirst = (lengths: ReadonlyMap<number, number>): readonly number[] =>
  [...lengths.keys()].sort((a, b) => b - a)

const networkKey = (family: 'ipv4' | 'ipv6', address: bigint, prefix: number): string =>
  `${family}/${prefix}/${address >> BigInt((family === 'ipv4' ? 32 : 128) - prefix)}`

const untilNul = (text: string): string => {
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}
