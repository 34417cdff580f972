/**
 * Generates the JavaScript of variables to be closed. A function with `<close>` is executed as a switch from its start. A function that
 * only has loops with a fourth value, which is mostly nil, changes to the switch when a value is to be closed. Therefore only the switch
 * closes variables.
 */
import { Op } from '../opcodes.js'
import type { Proto } from '../proto.js'
import type { Closing, Code } from './code.js'

export const closingOf = ({ code, locvars }: Proto): Closing => {
  if (locvars.some(({ attribute }) => attribute === 'close')) return 'block'
  return code.some(({ opcode }) => opcode === Op.TBC) ? 'loop' : undefined
}

/** Whether variables in and above a register are closed at this point. */
export const closes = (e: Code): boolean => e.closing !== undefined && !e.structured

export const mark = (e: Code, pc: number): void => {
  const { A, B } = e.proto.code[pc]!
  const r = e.reg(A)
  if (e.structured) e.line(`if(${r}!==undefined&&${r}!==false){at=${pc};break main}`)
  else e.line(`ci.pc=${pc};markToClose(L,ci,${A - B},${r});`)
}

/** Closes variables; if a `__close` is suspended, the code continues here. */
export const closeFrom = (e: Code, pc: number, level: number): void => {
  const label = e.proto.code.length + pc
  e.line(`}case ${label}:{ci.pc=${pc};if(closeVariables(L,ci,${level})===U){at=${label};break main}`)
}
