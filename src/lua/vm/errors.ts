/** Lua errors and their messages (ldebug.c), with positions and names of variables. */
import { callFromNative } from './call.js'
import { cString } from './bytes.js'
import { constantAt, isConstant, METAMETHODS, nameOfUpvalue, registerName } from './names.js'
import { numberText, toFloat, toInteger } from './number-text.js'
import { ERRRUN, LuaError, NATIVE_SUSPENDED, type LuaThread } from './state.js'
import { typeName } from './type-of.js'
import type { LuaClosure } from './value.js'
import { LuaFloat, type LuaValue } from './value.js'
import { Op } from './opcodes.js'

/** Thrown to stop everything that runs in a state: protected calls and coroutines do not catch it, and variables are not closed. */
export class Halt {
  constructor(
    /** message for the host */
    readonly reason: string,
  ) {}
}

/** Calls the message handler where the error occurred. Errors of the handler are passed to it as well. */
const handled = (L: LuaThread, value: LuaValue, status: number): LuaError => {
  L.l_G.inspector?.thrown(L, value)
  const handler = L.errorHandler
  return new LuaError(handler === undefined ? value : (callFromNative(L, handler, [value], true) as LuaValue), status)
}

/** Throws `value` as a Lua error. */
export const throwValue = (L: LuaThread, value: LuaValue, status = ERRRUN): never => {
  throw handled(L, value, status)
}

/**
 * Raises an error as the last action of a native function, which returns the result. The Lua functions below return as if they were
 * suspended, down to the native function that called the first of them; an exception takes V8 longer for each function that it passes.
 */
export const raise = (L: LuaThread, value: LuaValue): number => {
  L.raised = handled(L, value, ERRRUN)
  return NATIVE_SUSPENDED
}

const ID_SIZE = 60

/** `luaO_chunkid`. */
export const chunkId = (source: string): string => {
  if (source[0] === '=') return source.slice(1, ID_SIZE)
  if (source[0] === '@')
    return source.length <= ID_SIZE ? source.slice(1) : `...${source.slice(source.length - (ID_SIZE - 4))}`
  const room = ID_SIZE - 15
  const end = source.indexOf('\n')
  if (end < 0 && source.length < room) return `[string "${source}"]`
  const line = end < 0 ? source : source.slice(0, end)
  return `[string "${line.slice(0, room)}..."]`
}

/** Returns `file:line: ` of the running Lua function; empty in a native function. */
const whereNow = (L: LuaThread): string => {
  const { ci } = L
  if (!ci.isLua) return ''
  const { p } = ci.func as LuaClosure
  return `${chunkId(p.source)}:${p.lineinfo[ci.pc] ?? '?'}: `
}

export const runtimeError = (L: LuaThread, message: string): never => throwValue(L, whereNow(L) + message)

/** Returns the name of an operand of the running instruction, such as ` (local 'x')`. */
const variableInfo = (L: LuaThread, which: Operand): string => {
  const { ci } = L
  if (!ci.isLua || which === Operand.UNKNOWN) return ''
  const { p } = ci.func as LuaClosure
  const { opcode, A, B, C } = p.code[ci.pc]!
  const named = (kind: string, name: string) => ` (${kind} '${name}')`
  if (which >= Operand.REGISTER) return describe(L, which - Operand.REGISTER, named)
  if (which === Operand.INDEXED) {
    if (opcode === Op.GETTABUP || opcode === Op.SETTABUP) {
      const found = nameOfUpvalue(p, opcode === Op.GETTABUP ? B : A)
      return found ? named(found.kind, found.name) : ''
    }
    return describe(L, opcode === Op.SETTABLE ? A : B, named)
  }
  if (which === Operand.CALLED) {
    if (opcode === Op.TFORCALL) return L.l_G.lua54 ? named('for iterator', 'for iterator') : ''
    if (opcode === Op.CALL || opcode === Op.TAILCALL) return describe(L, A, named)
    const metamethod = METAMETHODS[opcode as Op]
    return L.l_G.lua54 && metamethod !== undefined ? named('metamethod', metamethod) : ''
  }
  const operand = which === Operand.FIRST ? B : C
  if (isConstant(operand)) {
    const value = constantAt(p, operand)
    return L.l_G.lua54 && typeof value === 'string' ? named('constant', cString(value)) : ''
  }
  return describe(L, operand, named)
}

type Named = (kind: string, name: string) => string
const describe = (L: LuaThread, register: number, named: Named): string => {
  const { p } = L.ci.func as LuaClosure
  const found = registerName(p, L.ci.pc, register, L.l_G.lua54)
  return found ? named(found.kind, found.name) : ''
}

/** The operand of the running instruction that causes an error. */
export enum Operand {
  UNKNOWN,
  FIRST,
  SECOND,
  INDEXED,
  CALLED,
  /** from this value on: a register number plus this value */
  REGISTER,
}

export const typeError = (L: LuaThread, value: LuaValue, action: string, which: Operand): never =>
  runtimeError(L, `attempt to ${action} a ${typeName(value)} value${variableInfo(L, which)}`)

export const arithmeticError = (L: LuaThread, a: LuaValue, b: LuaValue, bitwise: boolean): never => {
  const strings = typeof a === 'string' || typeof b === 'string'
  if (bitwise && !(strings && L.l_G.lua54) && toFloat(a) !== undefined && toFloat(b) !== undefined) {
    const which = toInteger(a) === undefined ? Operand.FIRST : Operand.SECOND
    return runtimeError(L, `number${variableInfo(L, which)} has no integer representation`)
  }
  // a string is reported only if it is not a numeral, or, for bitwise operators in 5.4, not at all
  const fine =
    bitwise && L.l_G.lua54
      ? typeof a === 'number' || typeof a === 'bigint' || a instanceof LuaFloat
      : toFloat(a) !== undefined
  const action = bitwise ? 'perform bitwise operation on' : 'perform arithmetic on'
  return fine ? typeError(L, b, action, Operand.SECOND) : typeError(L, a, action, Operand.FIRST)
}

/** @param second register of `b` in the running instruction; `a` is in the register before it */
export const concatError = (L: LuaThread, a: LuaValue, b: LuaValue, second: number): never => {
  const fine = typeof a === 'string' || numberText(a) !== undefined
  const at = (register: number): Operand => (second < 0 ? Operand.UNKNOWN : Operand.REGISTER + register)
  return fine ? typeError(L, b, 'concatenate', at(second)) : typeError(L, a, 'concatenate', at(second - 1))
}

export const orderError = (L: LuaThread, a: LuaValue, b: LuaValue): never => {
  const [first, second] = [typeName(a), typeName(b)]
  return runtimeError(
    L,
    first === second ? `attempt to compare two ${first} values` : `attempt to compare ${first} with ${second}`,
  )
}
