/** Compiles look-around and conditional groups. */
import { ANYTHING, AT_END } from './analysis.js'
import type { Compiler, NodePlace } from './compiler.js'
import { RegexOp } from './program.js'
import type { Group } from './tree.js'

/**
 * Compiles the contents of an assertion. It is not backtracked into, so its end is like that of a pattern.
 *
 * @param otherwise there is an alternative for its failure, below the height in the register
 */
const inside = (group: Group, place: NodePlace, register: number, ends: number[], otherwise: boolean): NodePlace => ({
  ...place,
  follow: isBehind(group) || group.nonAtomic || group.kind === 'substring' ? ANYTHING : AT_END,
  open: [],
  assertionEnd: ends,
  // where (*THEN) backtracks to: the end of the assertion
  alternation: { register, last: !otherwise },
})

const isBehind = ({ kind }: Group): boolean => kind === 'behind' || kind === 'not behind'

export const compileLookAround = (compiler: Compiler, group: Group, place: NodePlace): void => {
  const { out } = compiler
  const register = out.register(2)
  out.emit(RegexOp.ENTER, register)
  if (group.kind === 'not ahead' || group.kind === 'not behind') {
    const end = out.emitJump(RegexOp.SPLIT, 0)
    body(compiler, group, place, register, true)
    out.emit(RegexOp.REJECT, register)
    return out.land(end)
  }
  const accepted = body(compiler, group, place, register, false)
  if (!group.nonAtomic) out.emit(RegexOp.CUT, register)
  else if (accepted.length > 0) {
    const end = out.emitJump(RegexOp.JUMP)
    for (const jump of accepted) out.land(jump)
    out.emit(RegexOp.CUT, register)
    out.land(end)
  }
  out.emit(RegexOp.RESTORE, register)
}

/** Compiles the branches of an assertion, each after its step back if it is a look-behind. Returns the jumps to the end for `(*ACCEPT)`. */
const body = (compiler: Compiler, group: Group, place: NodePlace, register: number, otherwise: boolean): number[] => {
  const { out, tree } = compiler
  const ends: number[] = []
  const within = inside(group, place, register, ends, otherwise)
  if (compiler.hasVerbs && otherwise) out.emit(RegexOp.BARRIER)
  if (isBehind(group)) {
    const lengths = tree.lookBehinds.get(group) ?? group.branches.map(() => ({ min: 1, max: 1 }))
    const variable = lengths.some(({ min, max }) => min !== max)
    const last = group.branches.length - 1
    const jumps: number[] = []
    group.branches.forEach((branch, index) => {
      const { min, max } = lengths[index]!
      const next = index < last ? out.emitJump(RegexOp.SPLIT, 0) : undefined
      if (max > 0) out.emit(RegexOp.BACK, min, max, 0)
      compiler.sequence(branch, within)
      if (variable) out.emit(RegexOp.SAME_POSITION, register)
      if (next !== undefined) {
        jumps.push(out.emitJump(RegexOp.JUMP))
        out.land(next)
      }
    })
    for (const jump of jumps) out.land(jump)
  } else compiler.branches(group, within)
  for (const end of ends) out.land(end)
  return ends
}

export const compileCondition = (compiler: Compiler, group: Group, place: NodePlace): void => {
  const { out } = compiler
  const no = condition(compiler, group, place)
  const [yes, otherwise] = group.branches
  compiler.sequence(yes!, place, group.condition!.type === 'assertion' ? 1 : 0)
  if (no.length === 0) return
  const end = out.emitJump(RegexOp.JUMP)
  for (const jump of no) out.land(jump)
  if (otherwise) compiler.sequence(otherwise, place)
  out.land(end)
}

/** Compiles the choice between the branches; returns the jumps to the second one. */
const condition = (compiler: Compiler, group: Group, place: NodePlace): number[] => {
  const { out } = compiler
  const test = group.condition!
  switch (test.type) {
    case 'constant':
      return test.value ? [] : [out.emitJump(RegexOp.JUMP)]
    case 'group':
      return ifSet(compiler, compiler.numbers(test.name))
    case 'recursion':
      return ifRecursion(compiler, test.name ? compiler.numbers(test.name) : [])
    case 'recursion or group': {
      const named = compiler.numbers(test.name)
      if (named.length > 0) return ifSet(compiler, named)
      const digits = String(test.name.group).slice(1)
      return ifRecursion(compiler, digits === '' ? [] : [Number(digits)])
    }
    case 'assertion':
      return ifAssertion(compiler, group.branches[0]![0] as Group, place)
  }
}

const ifSet = ({ out }: Compiler, groups: readonly number[]): number[] => {
  out.emit(RegexOp.IF_SET, out.groups(groups), 0)
  return [out.code.length - 1]
}

const ifRecursion = ({ out }: Compiler, groups: readonly number[]): number[] => {
  out.emit(RegexOp.IF_RECURSION, out.groups(groups), 0)
  return [out.code.length - 1]
}

const ifAssertion = (compiler: Compiler, assertion: Group, place: NodePlace): number[] => {
  const { out } = compiler
  const register = out.register(2)
  out.emit(RegexOp.ENTER, register)
  const failed = out.emitJump(RegexOp.SPLIT, 0)
  body(compiler, assertion, place, register, true)
  out.emit(RegexOp.CUT, register)
  out.emit(RegexOp.RESTORE, register)
  if (assertion.kind === 'ahead' || assertion.kind === 'behind') return [failed]
  const no = out.emitJump(RegexOp.JUMP)
  out.land(failed)
  return [no]
}

/** `(*scan_substring:(1)…)`: matches within the text of a captured group. */
export const compileSubstring = (compiler: Compiler, group: Group, place: NodePlace): void => {
  const { out } = compiler
  const height = out.register(2)
  const register = out.register(2)
  const ends: number[] = []
  out.emit(RegexOp.ENTER, height)
  out.emit(RegexOp.SUBSTRING, out.groups(group.substrings.flatMap((name) => compiler.numbers(name))), register)
  compiler.branches(group, inside(group, place, height, ends, false))
  for (const end of ends) out.land(end)
  out.emit(RegexOp.END_SUBSTRING, register)
}
