/**
 * The length of the code to which PCRE2 would compile a pattern: it accepts at most 64 kB, and fixed repetitions are expanded (the lengths
 * are those of `compile_branch` in pcre2_compile.c).
 */
import { members, type ByteSet } from './byte-set.js'
import type { Group, Node, Repeat } from './tree.js'

/** MAX_PATTERN_SIZE, for links of two bytes */
export const LARGEST = 1 << 16

const LINK = 2
const NUMBER = 2
const BRACKETS = 2 * (1 + LINK)

/** The length of the code of a pattern in bytes, exact up to the maximum. */
export const codeSize = (root: Group): number => sizeOfGroup(root) + 1

/** The size of a class in bytes: PCRE2 does not compile a single character, or all characters but one, as a class. */
export const classSize = (set: ByteSet): number => {
  const count = members(set).length
  return count === 1 || count === 255 ? 2 : 33
}

const sizeOf = (node: Node): number => {
  switch (node.type) {
    case 'byte':
      return 2
    case 'set':
      return node.size
    case 'reference':
      return 1 + NUMBER
    case 'call':
      return 1 + LINK
    case 'verb':
      return 1 + (node.name === undefined ? 0 : node.name.length + 2)
    case 'group':
      return sizeOfGroup(node)
    case 'repeat':
      return sizeOfRepeat(node)
    default:
      return 1
  }
}

const sizeOfGroup = (group: Group): number => {
  let size = BRACKETS + (group.kind === 'capture' ? NUMBER : 0) + (group.condition ? 1 + NUMBER : 0)
  const reverse = group.kind === 'behind' || group.kind === 'not behind' ? 1 + NUMBER : 0
  group.branches.forEach((branch, index) => {
    size += reverse + (index > 0 ? 1 + LINK : 0)
    for (const node of branch) size += sizeOf(node)
  })
  return size
}

const sizeOfRepeat = ({ node, min, max }: Repeat): number => {
  const size = sizeOf(node)
  if (node.type === 'repeat' || node.type === 'group' || node.type === 'call') return sizeOfCopies(size, min, max)
  const isSimple = (min === 0 && max === 1) || (min <= 1 && max === Infinity)
  // a class or a reference is followed by its count
  if (node.type === 'reference' || size > 32) return size + (isSimple ? 1 : 1 + 2 * NUMBER)
  if (max === 0) return 0
  const single = Math.max(size, 2)
  if (isSimple) return single
  const exact = min > 1 ? single + NUMBER : min === 1 ? size : 0
  if (max === min) return exact
  return exact + (max === Infinity ? single : single + NUMBER)
}

/** A group is copied for each repetition; optional copies are each wrapped in an additional group. */
const sizeOfCopies = (size: number, min: number, max: number): number => {
  const optional = size + 1 + BRACKETS
  if (min === 0) {
    if (max <= 1 || max === Infinity) return size + 1
    return (max - 1) * optional + size + 1
  }
  if (max === Infinity || max === min) return min * size
  return min * size + (max - min) * optional - BRACKETS
}
