/** Names of values, derived from the code that computes them, for error messages (`getobjname` and `funcnamefromcode` in ldebug.c). */
import { cString } from './bytes.js'
import { FIRST_CONSTANT, Op, setsA } from './opcodes.js'
import type { Constant, LocalVariable, Proto } from './proto.js'
import { HOOKED, type Call } from './state.js'
import type { LuaClosure, LuaValue } from './value.js'

export interface Name {
  readonly kind: string
  readonly name: string
}

export const isConstant = (operand: number): boolean => operand >= FIRST_CONSTANT
export const constantAt = (p: Proto, operand: number): LuaValue => p.k[operand - FIRST_CONSTANT]
export const upvalueName = (p: Proto, index: number): string => p.upvalues[index]?.name ?? '?'

/** Returns the name of the local variable with a number, from 1, that is active at an instruction. */
export const localName = (p: Proto, number: number, pc: number): string | undefined =>
  variableIn(p, number - 1, pc)?.name

/** Returns the local variable in a register at an instruction. */
export const variableIn = (p: Proto, register: number, pc: number): LocalVariable | undefined => {
  let left = register
  for (const variable of p.locvars) {
    if (variable.startpc > pc) break
    if (pc < variable.endpc && left-- === 0) return variable
  }
  return undefined
}

/** Only strings have a name. */
const constantName = ({ value }: Constant): Name | undefined =>
  typeof value === 'string' ? { kind: 'constant', name: cString(value) } : undefined

/** Returns the name of an upvalue. */
export const nameOfUpvalue = (p: Proto, index: number): Name | undefined => {
  const constant = p.upvalues[index]?.constant
  return constant ? constantName(constant) : { kind: 'upvalue', name: upvalueName(p, index) }
}

/** Returns the name of the value in a register before an instruction. */
export const registerName = (p: Proto, pc: number, register: number, lua54: boolean): Name | undefined => {
  const local = variableIn(p, register, pc)
  if (local) return local.constant ? constantName(local.constant) : { kind: 'local', name: local.name }
  const setter = settingInstruction(p, pc, register)
  if (setter < 0) return undefined
  const { opcode, A, B, C, Bx } = p.code[setter]!
  switch (opcode) {
    case Op.MOVE:
      return B < A ? registerName(p, setter, B, lua54) : undefined
    case Op.GETTABUP:
      return { kind: upvalueName(p, B) === '_ENV' ? 'global' : 'field', name: keyName(p, setter, C, lua54) }
    case Op.GETTABLE:
      return { kind: localName(p, B + 1, setter) === '_ENV' ? 'global' : 'field', name: keyName(p, setter, C, lua54) }
    case Op.GETUPVAL:
      return nameOfUpvalue(p, B)
    case Op.LOADK:
    case Op.LOADKX: {
      const value = p.k[opcode === Op.LOADK ? Bx : p.code[setter + 1]!.Ax]
      return typeof value === 'string' ? { kind: 'constant', name: cString(value) } : undefined
    }
    case Op.SELF:
      return { kind: 'method', name: keyName(p, setter, C, lua54) }
  }
  return undefined
}

/** The largest integer key that 5.4 encodes in an instruction; messages call these `integer index`. */
const LARGEST_KEY_WITHIN = 255

const keyName = (p: Proto, pc: number, operand: number, lua54: boolean): string => {
  const constant = keyConstant(p, pc, operand)
  if (constant) {
    const { value } = constant
    if (typeof value === 'string') return cString(value)
    const within = lua54 && typeof value === 'number' && value >= 0 && value <= LARGEST_KEY_WITHIN
    return within ? 'integer index' : '?'
  }
  const name = registerName(p, pc, operand, lua54)
  return name?.kind === 'constant' ? name.name : '?'
}

/** Returns the value of a key that is a constant. */
const keyConstant = (p: Proto, pc: number, operand: number): Constant | undefined => {
  if (isConstant(operand)) return { value: constantAt(p, operand) }
  const local = variableIn(p, operand, pc)
  if (local) return local.constant
  const setter = p.code[settingInstruction(p, pc, operand)]
  return setter?.opcode === Op.GETUPVAL ? p.upvalues[setter.B]?.constant : undefined
}

/** Returns the last instruction before `pc` that certainly sets a register; -1 if no instruction does. */
const settingInstruction = (p: Proto, pc: number, register: number): number => {
  let setter = -1
  let conditionalUntil = 0
  for (let i = 0; i < pc; i++) {
    const { opcode, A, B, sBx } = p.code[i]!
    let sets: boolean
    switch (opcode) {
      case Op.LOADNIL:
        sets = A <= register && register <= A + B
        break
      case Op.TFORCALL:
        sets = register >= A + 2
        break
      case Op.CALL:
      case Op.TAILCALL:
        sets = register >= A
        break
      case Op.JMP: {
        const target = i + 1 + sBx
        if (i < target && target <= pc && target > conditionalUntil) conditionalUntil = target
        sets = false
        break
      }
      default:
        sets = setsA(opcode) && register === A
    }
    if (sets) setter = i < conditionalUntil ? -1 : i
  }
  return setter
}

/** Returns the metamethod that an instruction other than a call may call. */
export const METAMETHODS: Partial<Record<Op, string>> = {
  [Op.SELF]: 'index',
  [Op.GETTABUP]: 'index',
  [Op.GETTABLE]: 'index',
  [Op.SETTABUP]: 'newindex',
  [Op.SETTABLE]: 'newindex',
  [Op.ADD]: 'add',
  [Op.SUB]: 'sub',
  [Op.MUL]: 'mul',
  [Op.MOD]: 'mod',
  [Op.POW]: 'pow',
  [Op.DIV]: 'div',
  [Op.IDIV]: 'idiv',
  [Op.BAND]: 'band',
  [Op.BOR]: 'bor',
  [Op.BXOR]: 'bxor',
  [Op.SHL]: 'shl',
  [Op.SHR]: 'shr',
  [Op.UNM]: 'unm',
  [Op.BNOT]: 'bnot',
  [Op.LEN]: 'len',
  [Op.CONCAT]: 'concat',
  [Op.EQ]: 'eq',
  [Op.LT]: 'lt',
  [Op.LE]: 'le',
  [Op.JMP]: 'close',
  [Op.RETURN]: 'close',
}

/** Whether a Lua function replaced its caller by a tail call (`CIST_TAIL`). Marks of former calls at that level are ignored. */
export const isTailCall = (ci: Call): boolean => ci.tailOf !== undefined && ci.tailOf === ci.func

/** Returns the name of the function that the running instruction of `ci` calls. */
export const calledName = (ci: Call, lua54: boolean): Name | undefined => {
  if (ci.callstatus & HOOKED) return { kind: 'hook', name: '?' }
  const { p } = ci.func as LuaClosure
  const { opcode, A } = p.code[ci.pc]!
  switch (opcode) {
    case Op.CALL:
    case Op.TAILCALL:
      return registerName(p, ci.pc, A, lua54)
    case Op.TFORCALL:
      return { kind: 'for iterator', name: 'for iterator' }
  }
  const name = METAMETHODS[opcode as Op]
  if (name === undefined) return undefined
  return { kind: 'metamethod', name: lua54 ? name : `__${name}` }
}
