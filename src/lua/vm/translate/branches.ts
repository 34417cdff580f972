/** Generates the JavaScript of jumps, tests and loops. */
import { Op } from '../opcodes.js'
import { MOST_C_CALLS } from '../stack-limits.js'
import { constantAt, isConstant } from '../names.js'
import { takeResults } from './calls.js'
import { closeFrom, closes } from './closing.js'
import type { Code } from './code.js'
import { floatComparisons } from './floats.js'
import { jumpTarget } from './flow.js'
import { suspendWithin } from './operands.js'

export const branch = (e: Code, pc: number): void => {
  switch (e.proto.code[pc]!.opcode as Op) {
    case Op.JMP:
      return jump(e, pc)
    case Op.EQ:
      return equality(e, pc)
    case Op.LT:
      return comparison(e, pc, '<', 'lessThan')
    case Op.LE:
      return comparison(e, pc, '<=', 'lessEqual')
    case Op.TEST:
    case Op.TESTSET:
      return test(e, pc)
    case Op.FORPREP:
      return forPrepare(e, pc)
    case Op.FORLOOP:
      return forLoop(e, pc)
    case Op.TFORCALL:
      if (e.structured) e.line(e.tick(pc, pc + 1))
      else genericCall(e, pc)
      return
    case Op.TFORLOOP:
      if (!e.structured) genericLoop(e, pc)
      return
    default:
      throw new Error(`no such instruction: ${e.proto.code[pc]!.opcode}`)
  }
}

const jump = (e: Code, pc: number): void => {
  const { A } = e.proto.code[pc]!
  const tforcall = e.loops.get(pc)
  if (e.structured && tforcall !== undefined) return genericHead(e, pc, tforcall)
  if (A > 0 && closes(e)) closeFrom(e, pc, A - 1)
  e.line(`${A > 0 ? e.close(A - 1) : ''}${e.goto(jumpTarget(e.proto, pc), pc)};`)
}

/** Jumps if `condition` is true. */
const jumpIf = (e: Code, pc: number, condition: string, before = ''): void => {
  const { target, close } = e.testTarget(pc)
  // the jump itself closes variables
  const away =
    closes(e) && e.proto.code[pc + 1]!.A > 0
      ? `${e.counting.jump(pc, target)}pc=${pc + 1};continue main`
      : `${close}${e.goto(target, pc)}`
  e.line(`if(${condition}){${before}${away}}`)
  falls(e, pc)
  // the instruction after a test is its jump
  if (!e.structured) e.line(`pc=${pc + 2};continue main;`)
}

/** Counts, for coverage, that the instruction does not jump. */
const falls = (e: Code, pc: number): void => {
  const counts = e.counting.fall(pc)
  if (counts !== '') e.line(counts)
}

/** Converts `v` to a boolean if a metamethod may have returned it. */
const truth = (e: Code): string => (e.structured ? '' : 'v=v!==undefined&&v!==false;')

const equality = (e: Code, pc: number): void => {
  const { A, B, C } = e.proto.code[pc]!
  const plain = [B, C].some((operand) => isConstant(operand) && isPlain(constantAt(e.proto, operand)))
  const [b, c] = [e.rk(B), e.rk(C)]
  if (plain) return jumpIf(e, pc, A ? `${b}===${c}` : `${b}!==${c}`)
  const float = [b, c].map((r) => `typeof ${r}!=='object'`).join('&&')
  e.line(`if(${float})v=${b}===${c};else{ci.pc=${pc};v=equals(L,${b},${c});${suspendWithin(e, pc)}${truth(e)}`)
  jumpIf(e, pc, A ? 'v' : '!v')
}

/** Constants that are equal only to identical values. */
const isPlain = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || value === undefined

const comparison = (e: Code, pc: number, operator: string, slow: string): void => {
  const { A, B, C } = e.proto.code[pc]!
  const [b, c] = [e.rk(B), e.rk(C)]
  const numbers =
    [B, C]
      .filter((operand) => !e.isNumber(operand))
      .map((operand) => `typeof ${e.rk(operand)}==='number'`)
      .join('&&') || 'true'
  e.line(
    `if(${numbers})v=${b}${operator}${c};else ${floatComparisons(e, B, C, operator)}` +
      `{ci.pc=${pc};v=${slow}(L,${b},${c});${suspendWithin(e, pc)}${truth(e)}`,
  )
  jumpIf(e, pc, A ? 'v' : '!v')
}

const test = (e: Code, pc: number): void => {
  const { opcode, A, B, C } = e.proto.code[pc]!
  const r = e.reg(opcode === Op.TESTSET ? B : A)
  const condition = C ? `${r}!==undefined&&${r}!==false` : `${r}===undefined||${r}===false`
  jumpIf(e, pc, condition, opcode === Op.TESTSET ? `${e.reg(A)}=${r};` : '')
}

const forPrepare = (e: Code, pc: number): void => {
  const { A } = e.proto.code[pc]!
  const [i, limit, step] = [e.reg(A), e.reg(A + 1), e.reg(A + 2)]
  const exit = e.goto(jumpTarget(e.proto, pc) + 1, pc)
  const known = e.constantStep(pc)
  const beyond = known === undefined ? `${step}>0?${i}>${limit}:${i}<${limit}` : `${i}${known > 0 ? '>' : '<'}${limit}`
  const steps = known === undefined ? `&&typeof ${step}==='number'&&${step}!==0` : ''
  e.line(
    `if(typeof ${i}==='number'&&typeof ${limit}==='number'${steps}){if(${beyond}){${exit}}}else{ci.pc=${pc};` +
      `t=prepareLoop(L,${i},${limit},${step});if(t===undefined){${exit}};${i}=t.init;${limit}=t.limit;${step}=t.step}` +
      `${e.reg(A + 3)}=${i};`,
  )
  if (!e.structured) e.line(`pc=${pc + 1};continue main;`)
}

const forLoop = (e: Code, pc: number): void => {
  const { A } = e.proto.code[pc]!
  const [i, limit, step] = [e.reg(A), e.reg(A + 1), e.reg(A + 2)]
  const body = jumpTarget(e.proto, pc)
  const known = e.constantStep(body - 1)
  const again = `{${i}=t;${e.reg(A + 3)}=t;${e.goto(body, pc)}}`
  const within = known === undefined ? `(${step}>0?t<=${limit}:t>=${limit})` : `t${known > 0 ? '<=' : '>='}${limit}`
  const steps = known === undefined ? `&&typeof ${step}==='number'` : ''
  e.line(
    `if(typeof ${i}==='number'&&typeof ${limit}==='number'${steps}){t=${i}+${known === undefined ? step : `(${known})`};` +
      `if(${within})${again}}else{t=advanceLoop(${i},${limit},${step});if(t!==undefined)${again}}`,
  )
  falls(e, pc)
}

/** The start of a generic loop: its TFORCALL and TFORLOOP are emitted before the body. */
const genericHead = (e: Code, pc: number, tforcall: number): void => {
  const { A, C } = e.proto.code[tforcall]!
  e.noteLine(tforcall)
  const more = Array.from({ length: Math.max(C - 2, 0) }, (_, j) => `${e.reg(A + 5 + j)}=undefined;`).join('')
  const value = C > 1 ? `${e.reg(A + 4)}=t.valueAt(p);` : ''
  const counts = e.counting.fall(tforcall + 1)
  const leave = counts === '' ? `break L${pc}` : `{${counts}break L${pc}}`
  e.line(
    `f=${e.reg(A)};t=${e.reg(A + 1)};if(f===NEXT&&t instanceof T&&L.nCcalls<${MOST_C_CALLS - 1}&&(p=t.next(${e.reg(A + 2)}))!==-2){if(p<0)${leave};` +
      `${e.reg(A + 3)}=t.keyAt(p);${value}${more}}else{`,
  )
  genericCall(e, tforcall)
  e.line(`if(${e.reg(A + 3)}===undefined)${leave};}${e.reg(A + 2)}=${e.reg(A + 3)};`)
}

const genericCall = (e: Code, pc: number): void => {
  const { A, C } = e.proto.code[pc]!
  const args = `${e.reg(A + 1)},${e.reg(A + 2)}`
  e.line(`ci.pc=${pc};f=${e.reg(A)};v=callMeta2(L,f,${args});${e.suspend(pc)}`)
  takeResults(e, A + 3, C)
}

const genericLoop = (e: Code, pc: number): void => {
  const { A } = e.proto.code[pc]!
  const value = e.reg(A + 1)
  e.line(`if(${value}!==undefined){${e.reg(A)}=${value};${e.goto(jumpTarget(e.proto, pc), pc)}}`)
  falls(e, pc)
}
