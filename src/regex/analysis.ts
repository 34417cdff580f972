/** Static analysis of patterns: the bytes that a match can start with, its minimum length, and bytes that it must contain. */
import { complement, EVERY_BYTE, isSubset, members, otherCase, setOf, union, type ByteSet } from './byte-set.js'
import type { Group, Node, Tree } from './tree.js'

const NOTHING: ByteSet = setOf(() => false)

/** What can follow at a position. */
export interface FollowSet {
  /** bytes that can come next; a superset */
  readonly set: ByteSet
  /** the match, or an assertion, may end without another byte */
  readonly end: boolean
}

export const AT_END: FollowSet = { set: NOTHING, end: true }
export const ANYTHING: FollowSet = { set: EVERY_BYTE, end: true }

/** The bytes of line ends. */
export const newlineSet = (tree: Tree): ByteSet => {
  switch (tree.newline) {
    case 'LF':
      return setOf((byte) => byte === 0x0a)
    case 'CR':
      return setOf((byte) => byte === 0x0d)
    case 'NUL':
      return setOf((byte) => byte === 0)
    case 'CRLF':
    case 'ANYCRLF':
      return setOf((byte) => byte === 0x0a || byte === 0x0d)
    case 'ANY':
      return setOf((byte) => (byte >= 0x0a && byte <= 0x0d) || byte === 0x85)
  }
}

/** The set of bytes of a node that always matches exactly one byte; undefined for other nodes. */
export const singleByte = (tree: Tree, node: Node): ByteSet | undefined => {
  switch (node.type) {
    case 'set':
      return node.set
    case 'byte':
      return byteSet(node.byte, node.ignoreCase, tree.ucp)
    case 'dot':
      if (node.all) return EVERY_BYTE
      return tree.newline === 'CRLF' ? undefined : complement(newlineSet(tree))
  }
  return undefined
}

const byteSet = (byte: number, ignoreCase: boolean, ucp: boolean): ByteSet => {
  const other = ignoreCase ? otherCase(byte, ucp) : byte
  return setOf((each) => each === byte || each === other)
}

/** The minimum length of a node in bytes; PCRE2's own minimum is at most this. */
export const shortest = (node: Node): number => {
  switch (node.type) {
    case 'set':
    case 'byte':
    case 'dot':
    case 'newline':
    case 'cluster':
      return 1
    case 'repeat':
      return node.min * shortest(node.node)
    case 'group':
      return shortestOfGroup(node)
    default:
      return 0
  }
}

const shortestOfGroup = (group: Group): number => {
  if (group.kind !== 'capture' && group.kind !== 'plain' && group.kind !== 'atomic') return 0
  return Math.min(...group.branches.map(shortestOfBranch))
}

const shortestOfBranch = (branch: readonly Node[]): number => {
  // what follows (*ACCEPT) need not match
  if (branch.some(accepts)) return 0
  return branch.reduce((sum, node) => sum + shortest(node), 0)
}

/** Whether a node contains `(*ACCEPT)`. */
export const accepts = (node: Node): boolean => {
  if (node.type === 'verb') return node.verb === 'ACCEPT'
  if (node.type === 'repeat') return accepts(node.node)
  return node.type === 'group' && node.branches.some((branch) => branch.some(accepts))
}

/**
 * The bytes with which the nodes from `index` on can start, if `follow` can come after them.
 *
 * @param passVerbs whether verbs are skipped; otherwise nothing is known about what follows one
 */
export const firstOf = (
  tree: Tree,
  branch: readonly Node[],
  index: number,
  follow: FollowSet,
  passVerbs = false,
): FollowSet => {
  let end = index
  while (end < branch.length && shortest(branch[end]!) === 0) end++
  for (let i = Math.min(end, branch.length - 1); i >= index; i--)
    follow = firstOfNode(tree, branch[i]!, i < end ? follow : ANYTHING, passVerbs)
  return follow
}

const firstOfNode = (tree: Tree, node: Node, follow: FollowSet, passVerbs: boolean): FollowSet => {
  const single = singleByte(tree, node)
  if (single) return { set: single, end: false }
  switch (node.type) {
    case 'newline':
    case 'cluster':
    case 'dot':
      return { set: EVERY_BYTE, end: false }
    case 'repeat': {
      if (node.max === 0) return follow
      const first = firstOfNode(tree, node.node, follow, passVerbs)
      return node.min > 0 ? first : either(first, follow)
    }
    case 'keep':
      return follow
    case 'assertion':
      return follow.end ? { set: union(follow.set, trueBefore(tree, node.kind)), end: true } : follow
    case 'group':
      return firstOfGroup(tree, node, follow, passVerbs)
    case 'verb':
      if (node.verb === 'FAIL') return { set: NOTHING, end: false }
      return node.verb === 'ACCEPT' || !passVerbs ? ANYTHING : follow
    default:
      return ANYTHING
  }
}

/** The bytes before which an assertion at the end of a pattern can be true. */
const trueBefore = (tree: Tree, kind: string): ByteSet => {
  if (kind === 'end') return NOTHING
  return kind === 'last line end' || kind === 'line end' ? newlineSet(tree) : EVERY_BYTE
}

const either = (a: FollowSet, b: FollowSet): FollowSet => ({ set: union(a.set, b.set), end: a.end || b.end })

const firstOfGroup = (tree: Tree, group: Group, follow: FollowSet, passVerbs: boolean): FollowSet => {
  switch (group.kind) {
    case 'capture':
    case 'plain':
    case 'atomic':
      return group.branches.map((branch) => firstOf(tree, branch, 0, follow, passVerbs)).reduce(either)
    case 'condition': {
      if (group.branches.some((branch) => branch.some(accepts))) return ANYTHING
      const { condition } = group
      if (condition?.type === 'constant' && condition.define) return follow
      const branches = group.branches.map((branch, index) =>
        firstOf(tree, branch, index === 0 && condition?.type === 'assertion' ? 1 : 0, follow, passVerbs),
      )
      return branches.reduce(either, group.branches.length === 1 ? follow : { set: NOTHING, end: false })
    }
    default:
      // look-around is empty: what follows must still match here
      if (group.branches.some((branch) => branch.some(accepts))) return ANYTHING
      return follow.end ? ANYTHING : follow
  }
}

/** The sets of bytes at the first positions of a pattern, as far as every match has them. */
export const prefixOf = (tree: Tree): ByteSet[] => {
  const { branches } = tree.root
  const first = branches.map((branch) => firstOf(tree, branch, 0, AT_END, true)).reduce(either)
  if (first.end || isSubset(EVERY_BYTE, first.set)) return []
  // if a verb is passed first, PCRE2 searches only for a single letter
  if (branches.some(beginsWithVerb) && !isLetter(tree, first.set)) return []
  return branches.length === 1 ? fixedPrefix(tree, branches[0]!, first.set) : [first.set]
}

const isLetter = (tree: Tree, set: ByteSet): boolean => {
  const [byte, other, ...more] = members(set)
  return more.length === 0 && (other === undefined || otherCase(byte!, tree.ucp) === other)
}

/** Whether a verb can be passed before the first byte. */
const beginsWithVerb = (branch: readonly Node[]): boolean => {
  for (const node of branch) {
    if (containsVerb(node)) return true
    if (shortest(node) > 0) return false
  }
  return false
}

const containsVerb = (node: Node): boolean => {
  if (node.type === 'verb') return node.verb !== 'FAIL'
  if (node.type === 'repeat') return containsVerb(node.node)
  return node.type === 'group' && node.branches.some((branch) => branch.some(containsVerb))
}

const LONGEST_PREFIX = 12

const fixedPrefix = (tree: Tree, branch: readonly Node[], first: ByteSet): ByteSet[] => {
  const prefix: ByteSet[] = []
  for (const node of branch) {
    if (node.type === 'assertion' || (node.type === 'verb' && node.verb !== 'ACCEPT' && node.verb !== 'FAIL')) continue
    const set = singleByte(tree, node)
    if (!set || prefix.length >= LONGEST_PREFIX) break
    prefix.push(set)
  }
  return prefix.length > 0 ? prefix : [first]
}

/**
 * Where matches can start.
 *
 * @param plain there are no verbs, calls or back references: a pattern starting with `.*` has been tried at every position at which it
 * could match
 */
export const anchorOf = (tree: Tree, plain: boolean): 'text' | 'line' | undefined => anchorOfGroup(tree.root, plain)

const anchorOfGroup = (group: Group, plain: boolean): 'text' | 'line' | undefined => {
  const kinds = group.branches.map((branch) => anchorOfBranch(branch, plain))
  if (kinds.every((kind) => kind === 'text')) return 'text'
  return kinds.every((kind) => kind !== undefined) ? 'line' : undefined
}

const anchorOfBranch = (branch: readonly Node[], plain: boolean): 'text' | 'line' | undefined => {
  const node = branch.find((each) => each.type !== 'verb' || each.verb === 'ACCEPT')
  if (node?.type === 'assertion') {
    if (/^(start|circumflex|match start)$/.test(node.kind)) return 'text'
    return node.kind === 'line start' ? 'line' : undefined
  }
  if (node?.type === 'repeat' && node.node.type === 'dot' && node.min === 0 && node.max === Infinity && plain)
    return node.node.all ? 'text' : 'line'
  if (node?.type !== 'group' || !/^(plain|capture|atomic)$/.test(node.kind)) return undefined
  return anchorOfGroup(node, plain && node.kind !== 'atomic')
}

/** Bytes each of which must occur in every match. */
export const requiredBytes = (tree: Tree): number[] => {
  const found = new Set<number>()
  if (tree.root.branches.length === 1) collectRequired(tree.root.branches[0]!, found)
  return [...found]
}

const collectRequired = (branch: readonly Node[], found: Set<number>): void => {
  if (branch.some(accepts)) return
  for (const node of branch) {
    const item = node.type === 'repeat' && node.min > 0 ? node.node : node
    if (item.type === 'byte' && !item.ignoreCase) found.add(item.byte)
    else if (item.type === 'group' && item.branches.length === 1 && /capture|plain|atomic/.test(item.kind))
      collectRequired(item.branches[0]!, found)
  }
}
