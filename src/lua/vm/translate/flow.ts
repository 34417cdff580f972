/**
 * The control flow of a function: its jumps, and how JavaScript loops and blocks can be placed around its instructions so that every jump
 * is a `break` or `continue`. This is possible for all of Lua's statements but some uses of `goto`; such code is executed as a switch over
 * its instructions.
 */
import { Op } from '../opcodes.js'
import type { Proto } from '../proto.js'

export interface Interval {
  readonly kind: 'loop' | 'block'
  /** first instruction inside */
  start: number
  /** first instruction after it */
  end: number
}

export interface Shape {
  /** what starts before an instruction, outermost first */
  readonly opens: ReadonlyMap<number, readonly Interval[]>
  /** what ends before an instruction, innermost first */
  readonly closes: ReadonlyMap<number, readonly Interval[]>
}

/** End of the generic loop, by its first instruction, a jump. */
export type GenericLoops = ReadonlyMap<number, number>

export const genericLoops = ({ code }: Proto): GenericLoops => {
  const loops = new Map<number, number>()
  code.forEach(({ opcode }, pc) => {
    if (opcode !== Op.TFORCALL) return
    loops.set(pc + 1 + code[pc + 1]!.sBx, pc)
  })
  return loops
}

export const isTest = (op: Op): boolean => op >= Op.EQ && op <= Op.TESTSET

export const jumpTarget = (proto: Proto, pc: number): number => pc + 1 + proto.code[pc]!.sBx

/** The jumps of the structured form: without those that are part of loops. */
const edges = (
  proto: Proto,
  loops: GenericLoops,
): { forward: [number, number][]; backward: [number, number][] } | undefined => {
  const { code } = proto
  const forward: [number, number][] = []
  const backward: [number, number][] = []
  const fused = new Set<number>()
  const jump = (from: number, to: number) => (to > from ? forward : backward).push([from, to])
  for (let pc = 0; pc < code.length; pc++) {
    const { opcode, C } = code[pc]!
    if (isTest(opcode)) {
      jump(pc, jumpTarget(proto, pc + 1))
      fused.add(pc + 1)
    } else if (opcode === Op.JMP) {
      if (fused.has(pc)) continue
      const tforcall = loops.get(pc)
      if (tforcall === undefined) jump(pc, jumpTarget(proto, pc))
      else backward.push([tforcall + 1, pc])
    } else if (opcode === Op.LOADBOOL && C !== 0) jump(pc, pc + 2)
    else if (opcode === Op.FORPREP) jump(pc, jumpTarget(proto, pc) + 1)
    else if (opcode === Op.FORLOOP) jump(pc, jumpTarget(proto, pc))
  }
  // a jump to the second half of a test, or into the first part of a loop
  if ([...forward, ...backward].some(([, to]) => fused.has(to))) return undefined
  return { forward, backward }
}

/** Returns how the code nests; undefined if it cannot be structured. */
export const shapeOf = (proto: Proto): Shape | undefined => {
  const jumps = edges(proto, genericLoops(proto))
  if (!jumps) return undefined
  const loops = mergeLoops(jumps.backward)
  if (!loops) return undefined
  const blocks = new Map<number, Interval>()
  for (const [from, to] of jumps.forward) {
    const known = blocks.get(to)
    if (known) known.start = Math.min(known.start, from)
    else blocks.set(to, { kind: 'block', start: from, end: to })
  }
  return nest(loops, [...blocks.values()])
}

const mergeLoops = (backward: readonly (readonly [number, number])[]): Interval[] | undefined => {
  const byStart = new Map<number, Interval>()
  for (const [from, to] of backward) {
    const known = byStart.get(to)
    if (known) known.end = Math.max(known.end, from + 1)
    else byStart.set(to, { kind: 'loop', start: to, end: from + 1 })
  }
  const loops = [...byStart.values()]
  for (const a of loops)
    for (const b of loops) if (a.start < b.start && b.start < a.end && a.end < b.end) return undefined
  return loops
}

const nest = (loops: readonly Interval[], blocks: readonly Interval[]): Shape | undefined => {
  for (let changed = true; changed;) {
    changed = false
    for (const block of blocks) {
      for (const loop of loops) {
        if (loop.start < block.start && block.start < loop.end && block.end >= loop.end) {
          block.start = loop.start
          changed = true
        } else if (block.start < loop.start && loop.start < block.end && block.end < loop.end) return undefined
      }
      for (const other of blocks)
        if (other.start < block.start && block.start < other.end && other.end < block.end) {
          block.start = other.start
          changed = true
        }
    }
  }
  const all = [...loops, ...blocks].sort(
    (a, b) => a.start - b.start || b.end - a.end || (a.kind === b.kind ? 0 : a.kind === 'block' ? -1 : 1),
  )
  const opens = new Map<number, Interval[]>()
  const closes = new Map<number, Interval[]>()
  for (const each of all) {
    opens.set(each.start, [...(opens.get(each.start) ?? []), each])
    closes.set(each.end, [each, ...(closes.get(each.end) ?? [])])
  }
  return { opens, closes }
}
