/** Generates lists of registers, and the end of instructions. */
import type { Code } from './code.js'

/** The end of an `else`: in the switch, the case label to continue at must be outside of it. */
export const suspendWithin = (e: Code, pc: number, step = 0): string => {
  const text = e.suspend(pc, step)
  const cut = text.indexOf('}case')
  return cut < 0 ? `${text}}` : `${text.slice(0, cut)}}${text.slice(cut)}`
}

/** The registers from one up to, but not including, another. */
export const registers = (e: Code, from: number, to: number): string =>
  Array.from({ length: Math.max(to - from, 0) }, (_, j) => e.reg(from + j)).join(',')

/** The values from a register on, up to the last open result. */
export const openList = (e: Code, from: number, pc: number): string => {
  const open = e.openResultsAt(pc)
  return open === from ? 'm' : `[${registers(e, from, open)},...m]`
}
