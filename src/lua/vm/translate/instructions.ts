/** Generates the JavaScript of each instruction: a fast path for common cases, otherwise a call of the support library. */
import { constantAt, isConstant } from '../names.js'
import { FIELDS_PER_FLUSH, Op } from '../opcodes.js'
import { branch } from './branches.js'
import type { Code } from './code.js'
import { calls } from './calls.js'
import { mark } from './closing.js'
import { floatBranches } from './floats.js'
import { openList, registers, suspendWithin } from './operands.js'

const MAX = '9007199254740991'

export const instruction = (e: Code, pc: number): void => {
  const i = e.proto.code[pc]!
  const { opcode, A, B, C } = i
  const set = (value: string): void => e.line(`${e.reg(A)}=${value};`)
  switch (opcode as Op) {
    case Op.MOVE:
      return set(e.reg(B))
    case Op.LOADK:
      return set(e.constant(i.Bx))
    case Op.LOADKX:
      return set(e.constant(e.proto.code[pc + 1]!.Ax))
    case Op.LOADBOOL:
      set(String(B !== 0))
      if (C !== 0) e.line(`${e.goto(pc + 2, pc)};`)
      return
    case Op.LOADNIL:
      for (let r = A; r <= A + B; r++) e.line(`${e.reg(r)}=undefined;`)
      return
    case Op.GETUPVAL:
      return set(`u${B}.v`)
    case Op.SETUPVAL:
      return e.line(`u${B}.v=${e.reg(A)};`)
    case Op.GETTABUP:
      return get(e, pc, `u${B}.v`, C)
    case Op.GETTABLE:
      return get(e, pc, e.reg(B), C)
    case Op.SELF:
      return self(e, pc)
    case Op.SETTABUP:
      return put(e, pc, `u${A}.v`, B, C)
    case Op.SETTABLE:
      return put(e, pc, e.reg(A), B, C)
    case Op.NEWTABLE:
      return set(B + C > 0 ? `new T(${B},${C})` : 'new T()')
    case Op.SETLIST:
      return setList(e, pc)
    case Op.ADD:
      return additive(e, pc, '+', 'add')
    case Op.SUB:
      return additive(e, pc, '-', 'subtract')
    case Op.MUL:
      return additive(e, pc, '*', 'multiply')
    case Op.DIV:
      return divide(e, pc)
    case Op.MOD:
      return modular(e, pc, 'modulo', (k) => `v=t<0?t+${k}:t+0`)
    case Op.IDIV:
      return modular(e, pc, 'floorDivide', (k) => `v=(${e.rk(B)}-t)/${k}-(t<0?1:0)`)
    case Op.BAND:
      return bitwise(e, pc, '&', 'bitAnd')
    case Op.BOR:
      return bitwise(e, pc, '|', 'bitOr')
    case Op.BXOR:
      return bitwise(e, pc, '^', 'bitXor')
    case Op.SHL:
      return shift(e, pc, (k) =>
        k < 32 ? { test: (b) => `(t=${b}*${2 ** k})<=${MAX}&&t>=-${MAX}`, value: () => 't' } : undefined,
      )
    case Op.SHR:
      return shift(e, pc, (k) => (k < 32 ? { test: (b) => `${b}>>>0===${b}`, value: (b) => `${b}>>>${k}` } : undefined))
    case Op.POW:
      return operation(e, pc, `arithmetic(L,${opcode - Op.ADD},${e.rk(B)},${e.rk(C)})`)
    case Op.UNM:
      return negate(e, pc)
    case Op.BNOT:
      return unary(e, pc, `typeof t==='number'&&t!==${MAX}`, '-1-t', `arithmetic(L,${Op.BNOT - Op.ADD},t,t)`)
    case Op.NOT:
      e.line(`t=${e.reg(B)};`)
      return set('t===undefined||t===false')
    case Op.LEN:
      return unary(e, pc, `typeof t==='string'||t instanceof T&&t.metatable===null`, 't.length', 'length(L,t)')
    case Op.CONCAT:
      return concat(e, pc)
    case Op.CLOSURE:
      return closure(e, pc)
    case Op.VARARG:
      if (B === 0) e.line('m=va;')
      else for (let j = 0; j < B - 1; j++) e.line(`${e.reg(A + j)}=va[${j}];`)
      return
    case Op.CALL:
    case Op.TAILCALL:
    case Op.RETURN:
      return calls(e, pc)
    case Op.EXTRAARG:
      return
    case Op.TBC:
      return mark(e, pc)
    default:
      branch(e, pc)
  }
}

/** `v = …` with a fast path. */
const either = (e: Code, pc: number, condition: string, value: string, slow: string): void => {
  e.line(`if(${condition})v=${value};else{ci.pc=${pc};v=${slow};${suspendWithin(e, pc)}`)
}

const operation = (e: Code, pc: number, slow: string): void => {
  e.line(`ci.pc=${pc};v=${slow};${e.suspend(pc)}${e.reg(e.proto.code[pc]!.A)}=v;`)
}

const areNumbers = (e: Code, ...operands: readonly number[]): string =>
  operands
    .filter((operand) => !e.isNumber(operand))
    .map((operand) => `typeof ${e.rk(operand)}==='number'`)
    .join('&&') || 'true'

const additive = (e: Code, pc: number, operator: string, slow: string): void => {
  const { A, B, C } = e.proto.code[pc]!
  const [b, c] = [e.rk(B), e.rk(C)]
  if (operator === '-' && isZero(e, C)) return operation(e, pc, `minusZero(L,${b})`)
  const product = operator === '*'
  const shortcuts = e.rare
    ? ''
    : `if(${areNumbers(e, B, C)}&&(t=${b}${operator}${c})<=${MAX}&&t>=-${MAX})v=${product ? 't+0' : 't'};else ` +
      floatBranches(e, B, C, operator)
  e.line(`${shortcuts}{ci.pc=${pc};v=${slow}(L,${b},${c});${suspendWithin(e, pc)}${e.reg(A)}=v;`)
}

const isZero = ({ proto }: Code, operand: number): boolean => isConstant(operand) && constantAt(proto, operand) === 0

const divide = (e: Code, pc: number): void => {
  const { A, B, C } = e.proto.code[pc]!
  e.line(
    `${e.rare ? '' : floatBranches(e, B, C, '/', true)}{ci.pc=${pc};v=divide(L,${e.rk(B)},${e.rk(C)});` +
      `${suspendWithin(e, pc)}${e.reg(A)}=v;`,
  )
}

/** `%` or `//`, with a fast path for a positive constant; `t` is the remainder. */
const modular = (e: Code, pc: number, slow: string, value: (constant: number) => string): void => {
  const { A, B, C } = e.proto.code[pc]!
  const [b, c] = [e.rk(B), e.rk(C)]
  const constant = isConstant(C) ? constantAt(e.proto, C) : undefined
  if (typeof constant !== 'number' || constant <= 0 || isConstant(B)) return operation(e, pc, `${slow}(L,${b},${c})`)
  e.line(
    `if(typeof ${b}==='number'){t=${b}%${c};${value(constant)}}else{ci.pc=${pc};v=${slow}(L,${b},${c});` +
      `${suspendWithin(e, pc)}${e.reg(A)}=v;`,
  )
}

/** Negation handles NaN specially (operations.ts). */
const negate = (e: Code, pc: number): void => {
  const { A, B } = e.proto.code[pc]!
  e.line(
    `t=${e.reg(B)};if(typeof t==='number')v=0-t;else if(t instanceof F&&t.n===t.n)v=new F(-t.n);` +
      `else{ci.pc=${pc};v=arithmetic(L,${Op.UNM - Op.ADD},t,t);${suspendWithin(e, pc)}${e.reg(A)}=v;`,
  )
}

const bitwise = (e: Code, pc: number, operator: string, slow: string): void => {
  const { A, B, C } = e.proto.code[pc]!
  const [b, c] = [e.rk(B), e.rk(C)]
  const masked = operator === '&' && [B, C].some((operand) => isMask(e, operand))
  const condition = masked ? areNumbers(e, B, C) : `${areNumbers(e, B, C)}&&${b}>>>0===${b}&&${c}>>>0===${c}`
  either(e, pc, condition, `(${b}${operator}${c})>>>0`, `${slow}(L,${b},${c})`)
  e.line(`${e.reg(A)}=v;`)
}

/** A constant of at most 32 bits: the result of `&` with it is in the lower half of the other operand. */
const isMask = (e: Code, operand: number): boolean => {
  const value = isConstant(operand) ? constantAt(e.proto, operand) : undefined
  return typeof value === 'number' && value >= 0 && value <= 0xffffffff
}

/** A shift; there is a fast path for some values if the distance is constant. */
const shift = (
  e: Code,
  pc: number,
  shortcut: (by: number) => { test: (b: string) => string; value: (b: string) => string } | undefined,
): void => {
  const { opcode, A, B, C } = e.proto.code[pc]!
  const b = e.rk(B)
  const by = isConstant(C) ? constantAt(e.proto, C) : undefined
  const known = typeof by === 'number' && by >= 0 ? shortcut(by) : undefined
  const slow = `${opcode === Op.SHL ? 'shiftLeft' : 'shiftRight'}(L,${b},${e.rk(C)})`
  if (!known) return operation(e, pc, slow)
  either(e, pc, `${areNumbers(e, B)}&&${known.test(b)}`, known.value(b), slow)
  e.line(`${e.reg(A)}=v;`)
}

const unary = (e: Code, pc: number, condition: string, value: string, slow: string): void => {
  const { A, B } = e.proto.code[pc]!
  e.line(`t=${e.reg(B)};`)
  either(e, pc, condition, value, slow)
  e.line(`${e.reg(A)}=v;`)
}

/** A constant string key is first looked up at the place at which it was found the last time. */
const found = (e: Code, key: string): { readonly hint: string; readonly test: string } => {
  const hint = e.hint()
  const text = JSON.stringify(key)
  return { hint, test: `t instanceof T&&(t.keys[${hint}]===${text}||(p=t.find(${text}))>=0&&((${hint}=p),true))` }
}

const get = (e: Code, pc: number, table: string, C: number): void => {
  const { A } = e.proto.code[pc]!
  const key = e.stringConstant(C)
  e.line(`t=${table};`)
  if (key !== undefined) {
    const { hint, test } = found(e, key)
    e.line(
      `if(!(${test}&&(v=t.vals[${hint}])!==undefined)){ci.pc=${pc};v=getMissing(L,t,${JSON.stringify(key)});${suspendWithin(e, pc)}`,
    )
  } else {
    const k = e.rk(C)
    const number = e.isNumber(C) ? '' : `typeof ${k}==='number'&&`
    e.line(
      `if(!(t instanceof T&&${number}${k}>0&&${k}<=t.arr.length&&(v=t.arr[${k}-1])!==undefined)){ci.pc=${pc};` +
        `v=getItem(L,t,${k});${suspendWithin(e, pc)}`,
    )
  }
  e.line(`${e.reg(A)}=v;`)
}

const self = (e: Code, pc: number): void => {
  const { A, B, C } = e.proto.code[pc]!
  e.line(`t=${e.reg(B)};${e.reg(A + 1)}=t;ci.pc=${pc};v=getMethod(L,t,${e.rk(C)});${e.suspend(pc)}${e.reg(A)}=v;`)
}

const put = (e: Code, pc: number, table: string, B: number, C: number): void => {
  const key = e.stringConstant(B)
  const value = e.rk(C)
  e.line(`t=${table};`)
  if (key !== undefined) {
    const { hint, test } = found(e, key)
    e.line(
      `if(${value}!==undefined&&${test}&&t.vals[${hint}]!==undefined)t.vals[${hint}]=${value};` +
        `else{ci.pc=${pc};v=setField(L,t,${JSON.stringify(key)},${value});${suspendWithin(e, pc)}`,
    )
    return
  }
  const k = e.rk(B)
  const number = e.isNumber(B) ? '' : `typeof ${k}==='number'&&`
  e.line(
    `if(t instanceof T&&${number}${k}>0&&${k}<=t.arr.length&&${value}!==undefined&&t.arr[${k}-1]!==undefined)t.arr[${k}-1]=${value};` +
      `else{ci.pc=${pc};v=setItem(L,t,${k},${value});${suspendWithin(e, pc)}`,
  )
}

const setList = (e: Code, pc: number): void => {
  const { A, B, C } = e.proto.code[pc]!
  const batch = C === 0 ? e.proto.code[pc + 1]!.Ax : C
  const values = B === 0 ? openList(e, A + 1, pc) : `[${registers(e, A + 1, A + B + 1)}]`
  e.line(`${e.reg(A)}.setList(${(batch - 1) * FIELDS_PER_FLUSH + 1},${values});`)
}

const concat = (e: Code, pc: number): void => {
  const { A, B, C } = e.proto.code[pc]!
  const operands = Array.from({ length: C - B + 1 }, (_, j) => e.reg(B + j))
  if (e.structured) {
    const texts = operands.map((r) => `(typeof ${r}==='string'||typeof ${r}==='number')`).join('&&')
    e.line(`if(${texts})v=''+${operands.join('+')};else{`)
  }
  e.line(`v=${operands.at(-1)!};`)
  for (let r = C - 1; r >= B; r--) e.line(`ci.pc=${pc};v=concat(L,${e.reg(r)},v,${r + 1});${e.suspend(pc, C - r - 1)}`)
  e.line(`${e.structured ? '}' : ''}${e.reg(A)}=v;`)
}

const closure = (e: Code, pc: number): void => {
  const { A, Bx } = e.proto.code[pc]!
  const upvalues = e.proto.p[Bx]!.upvalues.map(({ instack, idx }) => (instack ? e.slot(idx) : `u${idx}`))
  const made = `new C(P[${Bx}],[${upvalues.join(',')}])`
  e.line(`${e.reg(A)}=${made};`)
}
