/**
 * The lengths of look-behinds (`get_branchlength`, `get_grouplength`, `set_lookbehind_lengths` in pcre2_compile.c). PCRE2 requires a limit
 * for each branch; that of a branch of variable length is small.
 */
import { PatternError } from './errors.js'
import type { Group, GroupName, Node, Tree } from './tree.js'

export interface Length {
  readonly min: number
  readonly max: number
}

const LONGEST = 65535
const LONGEST_VARIABLE = 255
const MOST_BRANCHES = 2000
/** An error that is reported at the position of the look-behind. */
const AT_LOOK_BEHIND = -1

/**
 * The lengths of the branches of each look-behind.
 *
 * @throws PatternError if one has no limit
 */
export const lookBehindLengths = (tree: Tree, duplicateNumbers: boolean): ReadonlyMap<Group, readonly Length[]> => {
  const lengths = new Lengths(tree, duplicateNumbers)
  lengths.visit(tree.root)
  return lengths.found
}

export const childrenOf = (node: Node): readonly Node[] => {
  if (node.type === 'repeat') return [node.node]
  return node.type === 'group' ? node.branches.flat() : []
}

const isLookAround = (node: Node): node is Group =>
  node.type === 'group' && (/ahead|behind/.test(node.kind) || node.kind === 'substring')
const isLookBehind = (node: Node): node is Group =>
  node.type === 'group' && (node.kind === 'behind' || node.kind === 'not behind')

class Lengths {
  readonly found = new Map<Group, readonly Length[]>()
  readonly #known = new Map<Group, Length>()
  readonly #parents = new Map<Node, Node>()
  readonly #numbered = new Map<number, Group>()
  #branches = 0

  constructor(
    readonly tree: Tree,
    readonly duplicateNumbers: boolean,
  ) {
    this.#index(tree.root)
  }

  #index(node: Node): void {
    if (node.type === 'group' && node.kind === 'capture' && !this.#numbered.has(node.number))
      this.#numbered.set(node.number, node)
    for (const child of childrenOf(node)) {
      this.#parents.set(child, node)
      this.#index(child)
    }
  }

  /** Finds the look-behinds within a node. @param calls the groups whose length is being determined */
  visit(node: Node, calls: readonly Group[] = []): void {
    if (isLookBehind(node)) this.#setLengths(node, calls)
    else for (const child of childrenOf(node)) this.visit(child, calls)
  }

  #setLengths(group: Group, calls: readonly Group[]): void {
    try {
      const lengths = group.branches.map((branch) => this.#branch(branch, calls))
      const variable = lengths.some(({ min, max }) => min !== max)
      if (variable && lengths.some(({ max }) => max > LONGEST_VARIABLE)) throw new PatternError(100, AT_LOOK_BEHIND)
      this.found.set(group, lengths)
    } catch (error) {
      if (error instanceof PatternError && error.offset === AT_LOOK_BEHIND) throw error.at(group.offset)
      throw error
    }
  }

  #branch(branch: readonly Node[], calls: readonly Group[]): Length {
    if (++this.#branches > MOST_BRANCHES + 1) throw new PatternError(35, AT_LOOK_BEHIND)
    let [min, max] = [0, 0]
    for (const node of branch) {
      if (node.type === 'verb' && (node.verb === 'ACCEPT' || node.verb === 'FAIL')) break
      const length = this.#node(node, calls)
      min += length.min
      max += length.max
      if (max > LONGEST) throw new PatternError(87, AT_LOOK_BEHIND)
    }
    return { min, max }
  }

  #node(node: Node, calls: readonly Group[]): Length {
    switch (node.type) {
      case 'byte':
      case 'set':
      case 'dot':
        return { min: 1, max: 1 }
      case 'newline':
        return { min: 1, max: 2 }
      case 'cluster':
        throw new PatternError(25, AT_LOOK_BEHIND)
      case 'reference':
        if (this.duplicateNumbers && typeof node.name.group === 'number') throw new PatternError(25, AT_LOOK_BEHIND)
        return this.#target(node, node.name, calls, true)
      case 'call':
        return this.#target(node, node.name, calls, false)
      case 'repeat': {
        if (isLookAround(node.node) && !isLookBehind(node.node)) return this.#node(node.node, calls)
        const length = this.#node(node.node, calls)
        if (node.max === Infinity) throw new PatternError(25, AT_LOOK_BEHIND)
        return { min: length.min * node.min, max: length.max * node.max }
      }
      case 'group':
        return this.#group(node, calls)
      default:
        return { min: 0, max: 0 }
    }
  }

  #group(group: Group, calls: readonly Group[]): Length {
    if (group.kind === 'behind' || group.kind === 'not behind') {
      this.#setLengths(group, calls)
      return { min: 0, max: 0 }
    }
    if (group.kind === 'ahead' || group.kind === 'not ahead' || group.kind === 'substring') {
      for (const child of childrenOf(group)) this.visit(child, calls)
      return { min: 0, max: 0 }
    }
    if (group.condition?.type === 'constant' && group.condition.define) return { min: 0, max: 0 }
    const known = this.#known.get(group)
    if (known) return known
    const lengths = group.branches.map((branch) => this.#branch(branch, calls))
    const length = {
      min: Math.min(...lengths.map(({ min }) => min)),
      max: Math.max(...lengths.map(({ max }) => max)),
    }
    if (group.number > 0 && !this.duplicateNumbers) this.#known.set(group, length)
    return length
  }

  /** The length of the group that a back reference or a call refers to. */
  #target(node: Node, { group, offset }: GroupName, calls: readonly Group[], isReference: boolean): Length {
    const notLimited = new PatternError(25, AT_LOOK_BEHIND)
    const numbers = typeof group === 'number' ? [group] : this.tree.names.get(group)
    if (!numbers) throw new PatternError(15, offset)
    if (isReference && typeof group === 'string' && (numbers.length > 1 || this.duplicateNumbers)) throw notLimited
    const number = numbers[0]!
    if (number > this.tree.groups) throw new PatternError(15, offset)
    const target = number === 0 ? undefined : this.#numbered.get(number)
    if (!target || calls.includes(target)) throw notLimited
    for (let parent = this.#parents.get(node); parent; parent = this.#parents.get(parent))
      if (parent === target) throw notLimited
    return this.#group(target, [...calls, target])
  }
}
