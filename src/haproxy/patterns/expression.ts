/**
 * A pattern expression: the entries of a reference as one way of matching needs them, indexed where that way allows it
 * (`struct pattern_expr`, `pat_idx_…` and `pat_match_…` in src/pattern.c). Strings and prefixes are found by their text,
 * networks by their length, the longest first; everything else is tried in the order in which it was added. Bytes are
 * compared, as HAProxy compares them: texts are byte strings here.
 */
import { lowerCase } from '../../http/characters.js'
import { readInt64 } from '../../bytes/integers.js'
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { Regex } from '../../regex/index.js'
import type { Element } from './element.js'
import {
  parsePattern,
  type IntegerRange,
  type MatchMethod,
  type PatternKind,
  type PatternOptions,
  type PatternValue,
} from './method.js'
import { numericAddress, toIpv4, toIpv6, type Subnet, type NumericAddress } from './network.js'

/** A pattern found, and whether the index or the list had it. */
export interface Match {
  readonly element: Element
  readonly index: 'tree' | 'list'
}

/** What is matched: a text; what an integer or an address is needed for is made of it. */
export type PatternSample = string | bigint

interface Entry {
  readonly element: Element
  readonly value: PatternValue
}

/** What values of a map are turned into. */
export type OutputType = 'str' | 'sint' | 'ipv4'

/** Which samples count: those of the generation that is in force. */
export type InForce = (element: Element) => boolean

export class PatternExpression {
  /** by the text, or by family, length and network */
  readonly #tree = new Map<string, Entry[]>()
  /** lengths of prefixes that occur, with how many there are of each */
  readonly #lengths = {
    ipv4: new Map<number, number>(),
    ipv6: new Map<number, number>(),
    text: new Map<number, number>(),
  }
  readonly #list = new Set<Entry>()
  readonly #entries = new Map<Element, Entry[]>()

  constructor(
    readonly kind: PatternKind,
    /** the default match method: that of the first user */
    readonly method: MatchMethod,
    readonly output: OutputType | undefined,
    readonly options: PatternOptions,
  ) {}

  /** Adds an element. Returns what is wrong with its text or its value, and adds nothing then. */
  add(element: Element, resolve?: PatternOptions['resolve']): string | undefined {
    const problem = this.#valueProblem(element.value)
    if (problem !== undefined) return problem
    const parsed = parsePattern(this.kind, toByteString(element.key), { ...this.options, resolve })
    if ('error' in parsed) return fromByteString(parsed.error)
    const entry: Entry = { element, value: parsed.value }
    const entries = this.#entries.get(element)
    if (entries) entries.push(entry)
    else this.#entries.set(element, [entry])
    const place = this.#place(entry.value)
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

  /** Whether a value can be what values of this map are. Returns what is wrong with it. */
  #valueProblem(value: string | undefined): string | undefined {
    if (value === undefined || this.output === undefined || this.output === 'str') return undefined
    return convertValue(this.output, value) === undefined ? `unable to parse '${value}'` : undefined
  }

  /** Whether `value` may replace that of an element. */
  accepts(value: string): boolean {
    return this.#valueProblem(value) === undefined
  }

  remove(element: Element): void {
    for (const entry of this.#entries.get(element) ?? []) {
      this.#list.delete(entry)
      const place = this.#place(entry.value)
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

  /** The pattern that matches, or undefined. @param method the caller's match method */
  match(sample: PatternSample, inForce: InForce, method: MatchMethod = this.method): Match | undefined {
    switch (method) {
      case 'int':
        return this.#matchInteger(integerOf(sample), inForce)
      case 'ip':
        return typeof sample === 'string' ? this.#matchAddress(numericAddress(sample), inForce) : undefined
      case 'len':
        return this.#matchInteger(BigInt(toByteString(String(sample)).length), inForce)
      case 'str':
        return this.#matchString(toByteString(String(sample)), inForce)
      case 'beg':
        return this.#matchPrefix(toByteString(String(sample)), inForce)
      case 'found':
      case 'bool':
        return undefined
      default:
        return this.#matchText(toByteString(String(sample)), inForce, method)
    }
  }

  #first(entries: readonly Entry[] | undefined, inForce: InForce): Match | undefined {
    const entry = entries?.find(({ element }) => inForce(element))
    return entry && { element: entry.element, index: 'tree' }
  }

  #inList(inForce: InForce, matches: (value: PatternValue) => boolean): Match | undefined {
    for (const { element, value } of this.#list)
      if (inForce(element) && matches(value)) return { element, index: 'list' }
    return undefined
  }

  #matchInteger(number: bigint, inForce: InForce): Match | undefined {
    return this.#inList(inForce, (value) => {
      const { min, max } = value as IntegerRange
      return (min === undefined || min <= number) && (max === undefined || number <= max)
    })
  }

  #matchString(text: string, inForce: InForce): Match | undefined {
    const wanted = this.options.ignoreCase ? lowerCase(text) : text
    return this.#first(this.#tree.get(wanted), inForce) ?? this.#inList(inForce, (value) => value === wanted)
  }

  #matchPrefix(text: string, inForce: InForce): Match | undefined {
    const wanted = this.options.ignoreCase ? lowerCase(text) : text
    for (const length of longestFirst(this.#lengths.text)) {
      if (length > wanted.length) continue
      const found = this.#first(this.#tree.get(wanted.slice(0, length)), inForce)
      if (found) return found
    }
    return this.#inList(inForce, (value) => wanted.startsWith(value as string))
  }

  #matchText(text: string, inForce: InForce, method: MatchMethod): Match | undefined {
    const test = TEXT_TESTS[method]
    if (test === undefined) return undefined
    const wanted = this.options.ignoreCase && !isRegex(this.kind) ? lowerCase(text) : text
    return this.#inList(inForce, (value) => test(wanted, value))
  }

  #matchAddress(address: NumericAddress | undefined, inForce: InForce): Match | undefined {
    if (address === undefined) return undefined
    const { family, value } = address
    if (family === 'ipv6') {
      const ipv4 = toIpv4(value)
      return (
        this.#matchNetwork('ipv6', value, inForce) ?? (ipv4 === undefined ? undefined : this.#matchIpv4(ipv4, inForce))
      )
    }
    return (
      this.#matchNetwork('ipv4', value, inForce) ??
      this.#matchNetwork('ipv6', toIpv6(value), inForce) ??
      this.#matchMask(value, inForce)
    )
  }

  #matchIpv4(value: bigint, inForce: InForce): Match | undefined {
    return this.#matchNetwork('ipv4', value, inForce) ?? this.#matchMask(value, inForce)
  }

  #matchNetwork(family: 'ipv4' | 'ipv6', value: bigint, inForce: InForce): Match | undefined {
    for (const length of longestFirst(this.#lengths[family])) {
      const found = this.#first(this.#tree.get(networkKey(family, value, length)), inForce)
      if (found) return found
    }
    return undefined
  }

  /** Masks with holes are no prefixes. */
  #matchMask(ipv4: bigint, inForce: InForce): Match | undefined {
    return this.#inList(inForce, (value) => {
      const { address, mask } = value as Subnet
      return ((address ^ ipv4) & mask) === 0n
    })
  }

  /** Where the index keeps a pattern; undefined: in the list. */
  #place(value: PatternValue): { key: string; lengths?: Map<number, number>; length: number } | undefined {
    if (this.kind === 'network') {
      const { family, address, prefix } = value as Subnet
      if (prefix === undefined) return undefined
      return { key: networkKey(family, address, prefix), lengths: this.#lengths[family], length: prefix }
    }
    if (this.options.ignoreCase) return undefined
    const text = value as string
    if (this.kind === 'string tree') return { key: text, length: 0 }
    return this.kind === 'prefix tree' ? { key: text, lengths: this.#lengths.text, length: text.length } : undefined
  }
}

const longestFirst = (lengths: ReadonlyMap<number, number>): readonly number[] =>
  [...lengths.keys()].sort((a, b) => b - a)

const networkKey = (family: 'ipv4' | 'ipv6', address: bigint, prefix: number): string =>
  `${family}/${prefix}/${address >> BigInt((family === 'ipv4' ? 32 : 128) - prefix)}`

/** Converts a sample to an integer (`c_str2int`). */
const integerOf = (sample: PatternSample): bigint => (typeof sample === 'bigint' ? sample : readInt64(sample))

const DIRECTORIES = '/?'
const DOMAINS = '/?.:'

/** Whether `pattern` occurs in `text` between delimiters or the ends; delimiters around the pattern do not count. */
const hasWord = (text: string, pattern: string, delimiters: string): boolean => {
  let [from, to] = [0, pattern.length]
  while (from < to && delimiters.includes(pattern[from]!)) from++
  while (to > from && delimiters.includes(pattern[to - 1]!)) to--
  const word = pattern.slice(from, to)
  if (word.length > text.length) return false
  const last = text.length - word.length
  let mayBegin = true
  for (let at = 0; at <= last; at++) {
    if (delimiters.includes(text[at] ?? '\0')) {
      mayBegin = true
      continue
    }
    if (
      mayBegin &&
      word !== '' &&
      text.startsWith(word, at) &&
      (at === last || delimiters.includes(text[at + word.length]!))
    )
      return true
    mayBegin = false
  }
  return false
}

const isRegex = (kind: PatternKind): boolean => kind === 'regex' || kind === 'capturing regex'

const TEXT_TESTS: Readonly<Partial<Record<MatchMethod, (text: string, value: PatternValue) => boolean>>> = {
  sub: (text, value) => text.includes(value as string) && (value as string) !== '',
  dir: (text, value) => hasWord(text, value as string, DIRECTORIES),
  dom: (text, value) => hasWord(text, value as string, DOMAINS),
  end: (text, value) => text.endsWith(value as string),
  bin: (text, value) => text === value,
  reg: (text, value) => (value as Regex).test(text),
  regm: (text, value) => (value as Regex).test(text),
}

/** A map's value converted to its type; undefined when it is invalid. */
export const convertValue = (type: OutputType, value: string): string | undefined => {
  if (type === 'str') return value
  if (type === 'sint') return /^[+-]?\d+$/.test(value) ? value : undefined
  return numericAddress(value) ? value : undefined
}
