/**
 * Compile-time constants of 5.4: local variables with `<const>` that are initialized by a constant (`luaK_exp2const`). PUC Lua's code has the
 * values instead of the variables, so that error messages do not name these variables. Here the variables remain, and are marked.
 */
import { variableIn } from './names.js'
import { Op } from './opcodes.js'
import type { Constant, LocalVariable, Proto } from './proto.js'

/** The attribute of a variable that is initialized by `nil`; the code of a variable without a value is the same. */
export const NIL_CONSTANT = 'const nil'

/** Marks the constants of a function and of those in it. */
export const markConstants = (proto: Proto, outer: readonly (Constant | undefined)[] = []): void => {
  const constants = proto.locvars.filter(({ attribute }) => attribute !== undefined && attribute !== 'close')
  const targets = constants.length > 0 ? jumpTargets(proto) : undefined
  for (const variable of constants)
    if (variable.startpc < variable.endpc && !targets!.has(variable.startpc))
      variable.constant = initialConstant(proto, variable, outer)
  proto.code.forEach(({ opcode, Bx }, pc) => {
    if (opcode !== Op.CLOSURE) return
    const inner = proto.p[Bx]!
    for (const upvalue of inner.upvalues)
      upvalue.constant = upvalue.instack ? variableIn(proto, upvalue.idx, pc)?.constant : outer[upvalue.idx]
    markConstants(
      inner,
      inner.upvalues.map(({ constant }) => constant),
    )
  })
}

/** Returns the local variable with a number, from 1, that is active at an instruction, and its register. Constants are not counted. */
export const variableNumber = (
  proto: Proto,
  number: number,
  pc: number,
): { readonly name: string; readonly register: number } | undefined => {
  let register = 0
  let left = number
  for (const { name, startpc, endpc, constant } of proto.locvars) {
    if (startpc > pc) break
    if (pc >= endpc) continue
    if (!constant && --left === 0) return { name, register }
    register++
  }
  return undefined
}

/** Returns the number of upvalues that are not constants. */
export const countUpvalues = ({ upvalues }: Proto): number => upvalues.filter(({ constant }) => !constant).length

/** Returns the index of the upvalue with a number, from 1; -1 if the function has fewer. Constants are not counted. */
export const upvalueNumber = ({ upvalues }: Proto, number: number): number => {
  let left = number
  return upvalues.findIndex(({ constant }) => !constant && --left === 0)
}

const initialConstant = (
  proto: Proto,
  variable: LocalVariable,
  outer: readonly (Constant | undefined)[],
): Constant | undefined => {
  const { startpc, attribute } = variable
  const set = proto.code[startpc - 1]
  if (!set) return undefined
  const { opcode, A, B, C, Bx } = set
  const isSet = variableIn(proto, A, startpc) === variable
  switch (opcode) {
    case Op.LOADK:
      return isSet ? { value: proto.k[Bx] } : undefined
    case Op.LOADBOOL:
      return isSet && C === 0 ? { value: B !== 0 } : undefined
    case Op.LOADNIL:
      return attribute === NIL_CONSTANT ? { value: undefined } : undefined
    case Op.MOVE:
      return isSet ? variableIn(proto, B, startpc - 1)?.constant : undefined
    case Op.GETUPVAL:
      return isSet ? outer[B] : undefined
  }
  return undefined
}

/** The instructions that are reached by jumps. */
const jumpTargets = ({ code }: Proto): ReadonlySet<number> => {
  const targets = new Set<number>()
  code.forEach(({ opcode, C, sBx }, pc) => {
    if (opcode === Op.JMP) targets.add(pc + 1 + sBx)
    if (opcode === Op.LOADBOOL && C !== 0) targets.add(pc + 2)
  })
  return targets
}
