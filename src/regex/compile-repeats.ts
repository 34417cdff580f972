/**
 * Compiles quantifiers. `W` of the instructions is the number of words that PCRE2's JIT compiler allocates
 * (`compile_bracket_matchingpath`).
 */
import { ANYTHING, firstOf, shortest, singleByte, type FollowSet } from './analysis.js'
import { isDisjoint, union, type ByteSet } from './byte-set.js'
import type { Compiler, NodePlace } from './compiler.js'
import { RegexOp } from './program.js'
import type { Node, Repeat } from './tree.js'

/** @param next the node that follows in the branch */
export const compileRepeat = (compiler: Compiler, repeat: Repeat, place: NodePlace, next: Node | undefined): void => {
  const { out, tree } = compiler
  const { node, min, mode } = repeat
  let { max } = repeat
  if (node.type === 'group' && /ahead|behind|substring/.test(node.kind) && max === Infinity) max = min + 1
  if (max === 0) return compileSkipped(compiler, node, place)
  const set = singleByte(tree, node)
  if (set) return compileByte(compiler, set, { ...repeat, max }, place, next)
  if (mode !== 'possessive') return compileGroup(compiler, node, { ...repeat, max }, place)
  if (min <= 1 && max === Infinity && shortest(node) > 0) return compilePossessive(compiler, node, min, place)
  const register = out.register(2)
  out.emit(RegexOp.ENTER, register)
  compileGroup(compiler, node, { ...repeat, max, mode: 'greedy' }, place)
  out.emit(RegexOp.CUT, register)
}

/** A group that is repeated 0 times can still be called. */
const compileSkipped = (compiler: Compiler, node: Node, place: NodePlace): void => {
  const end = compiler.out.emitJump(RegexOp.JUMP)
  compiler.node(node, { ...place, follow: ANYTHING }, undefined)
  compiler.out.land(end)
}

const compileByte = (
  compiler: Compiler,
  set: ByteSet,
  { min, max, mode }: Repeat,
  place: NodePlace,
  next: Node | undefined,
): void => {
  const { out, tree } = compiler
  const most = max === Infinity ? -1 : max
  // bytes that cannot follow need not be given back
  const disjoint = tree.autoPossess && isDisjoint(set, place.follow.set) && (mode === 'greedy' || !place.follow.end)
  const words = place.repeated ? (mode === 'greedy' && most !== 1 ? 2 : 1) : 0
  const index = out.set(set)
  if (min === max) {
    if (min === 1) out.emit(RegexOp.SET, index)
    else out.emit(RegexOp.POSSESSIVE, index, min, most)
  } else if (mode === 'possessive' || disjoint) out.emit(RegexOp.POSSESSIVE, index, min, most)
  else if (mode === 'lazy') out.emit(RegexOp.LAZY, index, min, most, words)
  else {
    const following = next?.type === 'byte' && !compiler.isLetter(next.byte, next.ignoreCase) ? next.byte : -1
    out.emit(RegexOp.GREEDY, index, min, most, following, words)
  }
}

const compileGroup = (compiler: Compiler, node: Node, { min, max, mode }: Repeat, place: NodePlace): void => {
  const { out, tree } = compiler
  const lazy = mode === 'lazy'
  const empty = shortest(node) === 0
  const unlimited = max === Infinity
  const again = firstOf(tree, [node], 0, place.follow)
  const repeated: FollowSet = { set: union(again.set, place.follow.set), end: again.end || place.follow.end }
  const inner = {
    ...place,
    // PCRE2 does not look beyond the end of a group that is repeated without a limit
    follow: unlimited ? ANYTHING : max > 1 ? repeated : place.follow,
    repeated: place.repeated || max > 2,
    saved: unlimited && empty,
  }
  if (max === 1) {
    if (min === 1) return compiler.node(node, place, undefined)
    return compileOptional(compiler, node, lazy, inner)
  }
  if (place.repeated) out.emit(RegexOp.COUNT, 1)
  if (unlimited && min <= 1 && !empty) return compileLoop(compiler, node, min, lazy, inner)
  const isCapture = node.type === 'group' && node.kind === 'capture'
  const register = out.register(2)
  out.emit(RegexOp.LOOP_BEGIN, register)
  const start = out.code.length
  const exit = start + 4
  const words = empty && !isCapture ? 2 : 1
  out.emit(RegexOp.LOOP, register, min, unlimited ? -1 : max, 0, lazy ? 1 : 0, unlimited ? 1 : 0, words)
  compiler.node(node, inner, undefined)
  out.emit(RegexOp.JUMP, start)
  out.land(exit)
}

const compileOptional = (compiler: Compiler, node: Node, lazy: boolean, place: NodePlace): void => {
  const { out } = compiler
  const words = place.repeated ? 2 : 0
  const other = out.emitJump(RegexOp.SPLIT, words)
  if (!lazy) {
    compiler.node(node, place, undefined)
    return out.land(other)
  }
  const end = out.emitJump(RegexOp.JUMP)
  out.land(other)
  compiler.node(node, place, undefined)
  out.land(end)
}

/** Compiles an unlimited loop over a pattern that matches at least one byte. */
const compileLoop = (compiler: Compiler, node: Node, min: number, lazy: boolean, place: NodePlace): void => {
  const { out } = compiler
  const skip = min === 0 && lazy ? out.emitJump(RegexOp.JUMP) : undefined
  const start = out.code.length
  const exit = min === 0 && !lazy ? out.emitJump(RegexOp.SPLIT, 1) : undefined
  if (lazy) out.emit(RegexOp.COUNT, 1)
  compiler.node(node, place, undefined)
  if (skip !== undefined) out.land(skip)
  if (lazy) return out.emit(RegexOp.SPLIT, start, 0)
  const end = exit ?? out.emitJump(RegexOp.SPLIT, 1)
  out.emit(RegexOp.JUMP, start)
  out.land(end)
}

/** Compiles the possessive form: iterations are not backtracked into, because each may be the last. */
const compilePossessive = (compiler: Compiler, node: Node, min: number, place: NodePlace): void => {
  const { out } = compiler
  const register = out.register(2)
  const inner = { ...place, follow: ANYTHING, repeated: true, saved: false }
  let first: number | undefined
  if (min === 1) {
    out.emit(RegexOp.ENTER, register)
    first = out.emitJump(RegexOp.JUMP)
  }
  const start = out.code.length
  out.emit(RegexOp.ENTER, register)
  const exit = out.emitJump(RegexOp.SPLIT, 0)
  if (first !== undefined) out.land(first)
  compiler.node(node, inner, undefined)
  out.emit(RegexOp.CUT, register)
  out.emit(RegexOp.JUMP, start)
  out.land(exit)
}
