/**
 * A pattern reference: the entries of a file or list, shared by all its users (`struct pat_ref` in
 * include/haproxy/pattern-t.h). Entries belong to a generation ("version"): lookups use the current one, `prepare` creates
 * a new one, which `commit` makes current.
 */
import type { Micros } from '../../engine/clock.js'
import { SubscriptionList } from '../events/events.js'
import type { Element } from './element.js'
import type { PatternMatching } from '../../config/model/patterns.js'
import type { Matching } from '../../config/patterns/match-method.js'
import type { PatternOptions } from '../../config/patterns/pattern.js'
import type { Sample } from '../samples/sample.js'
import { PatternExpression, type Match } from './expression.js'

/** The events of the PAT_REF family (`EVENT_HDL_SUB_PAT_REF_…`). */
export const PATTERN_EVENTS = ['PAT_REF_ADD', 'PAT_REF_DEL', 'PAT_REF_SET', 'PAT_REF_COMMIT', 'PAT_REF_CLEAR'] as const
export type PatternEventName = (typeof PATTERN_EVENTS)[number]

/** An event of the PAT_REF family; it carries its name and time only. */
export interface PatternEvent {
  readonly name: PatternEventName
  /** calendar time, microseconds since 1970 */
  readonly when: Micros
}

/** Generations are counted in 32 bits and wrap. */
const ahead = (generation: number, other: number): number => (generation - other) | 0

/** An entry that some way of matching cannot parse. */
export interface InvalidEntry {
  readonly error: string
  readonly line: number | undefined
}

export class PatternReference {
  /** its number in `#N` and `show map`; -1: assigned when the configuration is complete */
  uniqueId = -1
  /** used as a map, as an ACL, or as both */
  isMap = false
  isAcl = false
  /** entries have values */
  hasValues = false
  current = 0
  next = 0
  /** as HAProxy counts: plus one for each expression to which an entry is added, minus one for each entry that is deleted */
  entryCount = 0
  readonly events = new SubscriptionList<PatternEvent>()
  readonly expressions: PatternExpression[] = []
  readonly #elements = new Set<Element>()
  readonly #byKey = new Map<string, Element[]>()
  #nextElement = 0

  constructor(
    /** the name of the file, or `virt@…`; undefined for the patterns on the line of an ACL */
    readonly name: string | undefined,
    /** which keywords use it, for `show acl` and `show map` */
    public description: string,
    readonly wallTime: () => Micros,
    /** resolves host names while the process starts */
    readonly resolve: PatternOptions['resolve'],
  ) {}

  /** The entries of all generations, in the order in which they were added, including changes during the iteration. */
  all(): Iterable<Element> {
    return this.#elements
  }

  /** The entries of a generation, in the order in which they were added. */
  *elements(generation: number = this.current): Iterable<Element> {
    for (const element of this.#elements) if (element.generation === generation) yield element
  }

  /** The first entry with that key. */
  find(key: string, generation: number = this.current): Element | undefined {
    return this.#byKey.get(key)?.find((element) => element.generation === generation)
  }

  /** The entry with that number, in any generation. */
  withId(id: number): Element | undefined {
    for (const element of this.#elements) if (element.id === id) return element
    return undefined
  }

  /**
   * Returns an expression with all present entries. Users that parse and index patterns in the same way share an expression.
   * Returns what is wrong with the first entry that is invalid.
   */
  expression(how: PatternMatching): PatternExpression | InvalidEntry {
    const same = this.existing(how)
    if (same) return same
    const expression = new PatternExpression(how)
    const invalid = this.addAll(expression)
    if (invalid) return invalid
    this.expressions.push(expression)
    return expression
  }

  /** The expression that parses and indexes patterns in this way, if any. */
  existing(how: PatternMatching): PatternExpression | undefined {
    return this.expressions.find(
      ({ how: { kind, output, ignoreCase, noNames } }) =>
        kind === how.kind && output === how.output && ignoreCase === how.ignoreCase && noNames === how.noNames,
    )
  }

  /** Adds all present entries to an expression. */
  addAll(expression: PatternExpression): InvalidEntry | undefined {
    for (const element of this.#elements) {
      const error = expression.add(element, this.resolve)
      if (error !== undefined) return { error, line: element.line }
      this.entryCount++
    }
    return undefined
  }

  /** Matches a sample against an expression of this reference. */
  match(expression: PatternExpression, sample: Sample, matching?: Matching): Match | undefined {
    return expression.match(sample, (element) => element.generation === this.current, matching)
  }

  /** Adds an entry of a file, before there are expressions. */
  append(key: string, value: string | undefined, line: number | undefined, generation = this.current): Element {
    const element: Element = { id: this.#nextElement++, key, value, generation, line }
    this.#elements.add(element)
    const same = this.#byKey.get(key)
    if (same) same.push(element)
    else this.#byKey.set(key, [element])
    return element
  }

  /** Adds an entry. If it is invalid, nothing is added and HAProxy's message is returned. */
  add(key: string, value: string | undefined, generation: number = this.current): string | undefined {
    const element = this.append(key, value, undefined, generation)
    for (const expression of this.expressions) {
      const error = expression.add(element, this.resolve)
      if (error !== undefined) {
        this.#remove(element)
        return error
      }
      this.entryCount++
    }
    if (generation === this.current) this.#publish('PAT_REF_ADD')
    return undefined
  }

  /** Sets the value of all entries with that key. Returns what is wrong with it. */
  set(key: string, value: string, generation: number = this.current): string | undefined {
    const found = (this.#byKey.get(key) ?? []).filter((element) => element.generation === generation)
    for (const element of found) {
      const error = this.#setValue(element, value)
      if (error !== undefined) return error
    }
    if (found.length === 0) return 'entry not found'
    if (generation === this.current) this.#publish('PAT_REF_SET')
    return undefined
  }

  setById(id: number, value: string): string | undefined {
    const element = this.withId(id)
    if (element === undefined) return 'key or pattern not found'
    const error = this.#setValue(element, value)
    if (error === undefined && element.generation === this.current) this.#publish('PAT_REF_SET')
    return error
  }

  /** Deletes all entries with that key; returns whether there were any. */
  delete(key: string, generation: number = this.current): boolean {
    const found = (this.#byKey.get(key) ?? []).filter((element) => element.generation === generation)
    for (const element of found) this.#remove(element)
    if (found.length > 0 && generation === this.current) this.#publish('PAT_REF_DEL')
    return found.length > 0
  }

  deleteById(id: number): boolean {
    const element = this.withId(id)
    if (element === undefined) return false
    this.#remove(element)
    if (element.generation === this.current) this.#publish('PAT_REF_DEL')
    return true
  }

  /**
   * Deletes the entries of a generation, of all of them, or of those that are older than the current one, in their order.
   * @param limit how many are deleted at most
   * @returns whether all have been deleted (`pat_ref_purge_range`)
   */
  purge(which: number | 'all' | 'older', limit = Infinity): boolean {
    let left = limit
    for (const element of this.#elements) {
      if (!this.#isOf(which, element.generation)) continue
      if (left-- === 0) return false
      this.#remove(element)
    }
    if (this.#isOf(which, this.current)) this.#publish('PAT_REF_CLEAR')
    return true
  }

  /** Creates an empty generation and returns its number. */
  prepare(): number {
    this.next = (this.next + 1) >>> 0
    // 0 is the generation of the files
    if (this.next === 0) this.next = 1
    return this.next
  }

  /** Abandons a generation; the number is reused if it was the latest one. */
  giveBack(generation: number): void {
    if (this.next === generation) this.next = (generation - 1) >>> 0
  }

  /** Whether `generation` has not been created yet. */
  isFuture(generation: number): boolean {
    return ahead(generation, this.next) > 0
  }

  /** Whether `generation` can be committed: it is newer than the current one. */
  mayCommit(generation: number): boolean {
    return ahead(generation, this.current) > 0
  }

  /** Makes a generation current; entries of older ones remain until they are purged. Returns false if it is older than the current one. */
  commit(generation: number): boolean {
    if (this.mayCommit(generation)) {
      this.current = generation
      this.#publish('PAT_REF_COMMIT')
    }
    return generation === this.current
  }

  #setValue(element: Element, value: string): string | undefined {
    if (!this.expressions.every((expression) => expression.accepts(value))) return `unable to parse '${value}'`
    element.value = value
    for (const expression of this.expressions) expression.updateValue(element)
    return undefined
  }

  #isOf(which: number | 'all' | 'older', generation: number): boolean {
    if (which === 'all') return true
    return which === 'older' ? ahead(generation, this.current) < 0 : generation === which
  }

  #remove(element: Element): void {
    this.#elements.delete(element)
    const left = this.#byKey.get(element.key)!.filter((each) => each !== element)
    if (left.length > 0) this.#byKey.set(element.key, left)
    else this.#byKey.delete(element.key)
    for (const expression of this.expressions) expression.remove(element)
    this.entryCount--
  }

  #publish(name: PatternEventName): void {
    if (this.events.size > 0) this.events.publish({ name, when: this.wallTime() })
  }
}
