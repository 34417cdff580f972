/**
 * The JavaScript of variables to be closed. A function with `<close>` is a switch from its start on; one that only has loops with a
 * fourth value, as most of those are nil, becomes one when it comes to a value that is to be closed. So only in the switch are
 * variables closed.
 */
import { Op } from '../opcodes.js'
import type { Proto } from '../proto.js'
import type { Closing, Code } from './code.js'

export const closingOf = ({ code, locvars }: Proto): Closing => {
  if (locvars.some(({ attribute }) => attribute === 'close')) return 'block'
  return code.some(({ opcode }) => opcode === Op.TBC) ? 'loop' : undefined
}

/** Whether variables in and above a register are closed where the code comes by. */
export const closes = (e: Code): boolean => e.closing !== undefined && !e.structured

export const mark = (e: Code, pc: number): void => {
  const { A, B } = e.proto.code[pc]!
  const r = e.reg(A)
  if (e.structured) e.line(`if(${r}!==undefined&&${r}!==false){at=${pc};break main}`)
  else e.line(`ci.pc=${pc};markToClose(L,ci,${A - B},${r});`)
}

/** Closes variables; where a `__close` is suspended, the code continues from here. */
export const closeFrom = (e: Code, pc: number, level: number): void => {
  const label = e.proto.code.length + pc
  e.line(`}case ${label}:{ci.pc=${pc};if(closeVariables(L,ci,${level})===U){at=${label};break main}`)
}
