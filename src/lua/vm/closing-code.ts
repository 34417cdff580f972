/**
 * Adjustments of the code of a function with variables to be closed, after all of it has been emitted: calls within their blocks are no
 * tail calls, and a `break` out of a loop with a fourth value closes that value.
 */
import { Op } from './opcodes.js'
import type { Instruction, LocalVariable } from './proto.js'

/** Returns the final code of a function; the same array if nothing is to be closed. */
export const closingCode = (
  code: readonly Instruction[],
  locvars: readonly LocalVariable[],
): readonly Instruction[] => {
  const scopes = locvars.filter(({ attribute }) => attribute === 'close').map(({ startpc, endpc }) => [startpc, endpc])
  const final = [...code]
  code.forEach(({ opcode }, pc) => {
    // the jump to the end of a generic loop follows its TBC
    if (opcode !== Op.TBC || code[pc + 1]?.opcode !== Op.JMP) return
    const call = target(code, pc + 1)
    const generic = code[call]?.opcode === Op.TFORCALL && target(code, call + 1) === pc + 2
    if (!generic) return
    const leaving = call + 2
    scopes.push([pc, leaving])
    for (let from = pc; from < leaving; from++)
      if (code[from]!.opcode === Op.JMP && target(code, from) === leaving + 1)
        final[from] = { ...code[from]!, A: code[leaving]!.A }
  })
  for (const [start, end] of scopes)
    for (let pc = start!; pc < end!; pc++)
      if (code[pc]!.opcode === Op.TAILCALL) final[pc] = { ...code[pc]!, opcode: Op.CALL, C: 0 }
  return scopes.length > 0 ? final : code
}

const target = (code: readonly Instruction[], pc: number): number => pc + 1 + (code[pc]?.sBx ?? 0)
