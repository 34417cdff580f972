/** The state of the parser: options, open groups, and the tree so far. */
import { PatternError } from './errors.js'
import type { StartOptions } from './start-options.js'
import type { Group, Node, Repeat } from './tree.js'

/** Options of `(?imnsxU)` and similar, until the end of the group. */
export interface Options {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly extended: boolean
  readonly extendedMore: boolean
  readonly noAutoCapture: boolean
  readonly ungreedy: boolean
  readonly duplicateNames: boolean
}

/** Options that are restored at the end of a group, and the group numbers of `(?|…)` (`nest_save`). */
export interface Saved {
  depth: number
  readonly options: Options
  /** of `(?|…)`: the number of groups before each branch, and the maximum */
  readonly reset: { readonly before: number; highest: number } | undefined
  /** of an assertion used as a condition, which cannot be repeated */
  readonly conditionAssertion: boolean
}

const DEEPEST = 250
const MAX_NAMES = 10000

export class ParserState {
  at: number
  /** number of capturing groups so far; with `(?|…)`, the number of the latest one */
  groups = 0
  /** whether a quantifier may follow */
  repeatable = false
  /** the last quantifier, which `?` or `+` may follow */
  quantified: { repeat: Repeat; replace: (mode: Repeat['mode']) => void } | undefined
  /** 2: after `(?(`, where an assertion must follow; 1: after a callout there */
  expectsAssertion = 0
  lookBehind = false
  /** whether several groups have the same number */
  duplicateNumbers = false
  /** the first position of each back reference by a single digit */
  readonly #references = new Map<number, number>()
  readonly names: { readonly name: string; readonly group: number }[] = []
  readonly saved: Saved[] = []
  readonly #open: { readonly group: Group; branch: Node[] }[] = []

  constructor(
    readonly text: string,
    public options: Options,
    readonly start: StartOptions,
  ) {
    this.at = start.at
    this.begin(newGroup('plain'))
  }

  get end(): boolean {
    return this.at >= this.text.length
  }

  /** The number of open groups. */
  get depth(): number {
    return this.#open.length - 1
  }

  fail(code: number, at = this.at): never {
    throw new PatternError(code, at)
  }

  checkDepth(): void {
    if (this.depth > DEEPEST) this.fail(19)
  }

  add(...nodes: Node[]): void {
    this.#open[this.#open.length - 1]!.branch.push(...nodes)
  }

  /** A literal byte. In UTF mode, code points from 0x80 on are several bytes. */
  addByte(code: number, isCodePoint: boolean): void {
    const { ignoreCase } = this.options
    if (isCodePoint && this.start.utf && code > 0x7f) {
      const bytes = [...Buffer.from(String.fromCodePoint(code))]
      const group = newGroup('plain')
      group.branches[0]!.push(...bytes.map((byte): Node => ({ type: 'byte', byte, ignoreCase: false })))
      this.add(group)
    } else this.add({ type: 'byte', byte: code, ignoreCase })
    this.repeatable = true
  }

  /** Opens a group; what follows becomes part of it. */
  begin(group: Group): void {
    this.#open.push({ group, branch: group.branches[0]! })
  }

  nextBranch(): void {
    const top = this.#open[this.#open.length - 1]!
    top.branch = []
    top.group.branches.push(top.branch)
  }

  /** Closes a group and adds it to its parent. */
  close(): Group {
    const { group } = this.#open.pop()!
    if (this.#open.length > 0) this.add(group)
    return group
  }

  /** Saves the options, which are restored at the end of the current group. */
  save(reset: Saved['reset'] = undefined, conditionAssertion = false): Saved {
    const saved: Saved = { depth: this.depth, options: this.options, reset, conditionAssertion }
    this.saved.push(saved)
    return saved
  }

  /** Repeats the latest node. */
  repeat(min: number, max: number): void {
    const { branch } = this.#open[this.#open.length - 1]!
    const node = branch.pop()!
    const place = branch.length
    const repeat: Repeat = { type: 'repeat', node, min, max, mode: this.options.ungreedy ? 'lazy' : 'greedy' }
    branch.push(repeat)
    this.quantified = {
      repeat,
      replace: (mode) => {
        branch[place] = { ...repeat, mode }
      },
    }
  }

  /** The position that PCRE2 reports for the back reference that ends here. */
  referenceOffset(group: number): number {
    if (group >= 10) return this.at
    const first = this.#references.get(group) ?? this.at
    this.#references.set(group, first)
    return first
  }

  /** Assigns a name to the group that starts here. */
  addName(name: string): void {
    if (this.names.length >= MAX_NAMES) this.fail(49)
    let duplicate = false
    for (const each of this.names) {
      if (each.name === name) {
        if (each.group === this.groups) return
        if (!duplicate && !this.options.duplicateNames) this.fail(43)
        duplicate = true
      } else if (each.group === this.groups && !duplicate) this.fail(65)
    }
    this.names.push({ name, group: this.groups })
  }
}

/** A group with one empty branch. */
export const newGroup = (kind: Group['kind'], rest: Partial<Group> = {}): Group => ({
  type: 'group',
  kind,
  number: 0,
  branches: [[]],
  condition: undefined,
  nonAtomic: false,
  offset: 0,
  substrings: [],
  ...rest,
})
