/** Checks of `<const>` and `<close>` in the generated code, since Fengari's parser does not support attributes. */
import { chunkId } from './errors.js'
import { variableIn } from './names.js'
import { Op, setsA } from './opcodes.js'
import type { LocalVariable, Proto } from './proto.js'

/** Returns the message about the first assignment to a variable with an attribute; undefined if all are valid. */
export const checkAttributes = (
  proto: Proto,
  outer: readonly (LocalVariable | undefined)[] = [],
): string | undefined => {
  const say = (pc: number, text: string) => `${chunkId(proto.source)}:${proto.lineinfo[pc] ?? '?'}: ${text}`
  for (let pc = 0; pc < proto.code.length; pc++) {
    const { opcode, A, B } = proto.code[pc]!
    const assigned = opcode === Op.SETUPVAL ? outer[B] : assignedAt(proto, pc, A, B)
    if (assigned?.attribute) return say(pc, `attempt to assign to const variable '${assigned.name}'`)
    if (opcode !== Op.CLOSURE) continue
    const inner = proto.p[proto.code[pc]!.Bx]!
    // a local function is in scope in its own body, from the next instruction on
    const problem = checkAttributes(
      inner,
      inner.upvalues.map(({ instack, idx }) => (instack ? variableIn(proto, idx, pc) : outer[idx])),
    )
    if (problem !== undefined) return problem
  }
  return undefined
}

const assignedAt = (proto: Proto, pc: number, A: number, B: number): LocalVariable | undefined => {
  const { opcode } = proto.code[pc]!
  if (opcode === Op.LOADNIL) {
    for (let r = A; r <= A + B; r++) {
      const variable = variableIn(proto, r, pc)
      if (variable?.attribute) return variable
    }
    return undefined
  }
  return setsA(opcode) ? variableIn(proto, A, pc) : undefined
}
