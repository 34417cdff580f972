/**
 * The inspected form of a function: registers are elements of an array, which the call record holds while the function runs, and lines,
 * calls and returns are reported to the observer. Everything else is as in the default form, including the counting of instructions, so
 * that the form does not affect a run.
 */
import { Op } from '../opcodes.js'
import type { Proto } from '../proto.js'
import type { Inspection } from './code.js'
import { genericLoops, isTest, jumpTarget } from './flow.js'

/** Lines may start where the line number changes and at targets of jumps; the decision is made at run time (`luaG_traceexec`). */
export const inspectionOf = (proto: Proto): Inspection => {
  const { code, lineinfo } = proto
  const candidates = new Set<number>([0, ...genericLoops(proto).values()])
  code.forEach(({ opcode, C }, pc) => {
    if (lineinfo[pc] !== lineinfo[pc - 1]) candidates.add(pc)
    if (opcode === Op.JMP || opcode === Op.FORLOOP || opcode === Op.TFORLOOP) candidates.add(jumpTarget(proto, pc))
    else if (opcode === Op.FORPREP) candidates.add(pc + 1).add(jumpTarget(proto, pc) + 1)
    else if (isTest(opcode) || (opcode === Op.LOADBOOL && C !== 0)) candidates.add(pc + 2)
  })
  return { beginsLine: (pc) => candidates.has(pc) }
}
