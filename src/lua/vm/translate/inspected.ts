/**
 * The inspected form of a function: registers are elements of an array, which the call record holds while the function runs, and
 * the observer is notified of lines, as of calls and returns. Everything else is as in the default form, the counting of instructions
 * included, so that a run is the same whichever form its functions have.
 */
import { Op } from '../opcodes.js'
import type { Proto } from '../proto.js'
import type { Inspection } from './code.js'
import { genericLoops, isTest, jumpTarget } from './flow.js'

/** Lines may begin where the line of the code changes and where jumps lead to; what is seen at run time decides (`luaG_traceexec`). */
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
