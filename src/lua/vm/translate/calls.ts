/** Generates the JavaScript of calls and returns. */
import { Op } from '../opcodes.js'
import { closeFrom, closes } from './closing.js'
import type { Code } from './code.js'
import { openList, registers } from './operands.js'

export const calls = (e: Code, pc: number): void => {
  switch (e.proto.code[pc]!.opcode as Op) {
    case Op.CALL:
      return call(e, pc)
    case Op.TAILCALL:
      return tailCall(e, pc)
    default:
      return leave(e, pc)
  }
}

const call = (e: Code, pc: number): void => {
  const { A, B, C } = e.proto.code[pc]!
  const count = B - 1
  e.line(`ci.pc=${pc};f=${e.reg(A)};`)
  if (count < 0) e.line(`v=callMany(L,f,${openList(e, A + 1, pc)});`)
  else if (count > 3)
    e.line(`v=f instanceof C?f.run(L,f,${registers(e, A + 1, A + B)}):callMany(L,f,[${registers(e, A + 1, A + B)}]);`)
  else {
    const args = count > 0 ? `,${registers(e, A + 1, A + B)}` : ''
    e.line(`v=f instanceof C?f.run(L,f${args}):call${count}(L,f${args});`)
  }
  e.line(e.settle(pc))
  takeResults(e, A, C - 1)
}

/** Stores the results of a call, of which `v` is the first, in registers. */
export const takeResults = (e: Code, A: number, wanted: number): void => {
  if (wanted < 0) e.line('m=L.nret===1?[v]:results(L,v);')
  else if (wanted === 1) e.line(`${e.reg(A)}=v;`)
  else if (wanted > 1) {
    const several = Array.from({ length: wanted }, (_, j) => `${e.reg(A + j)}=p[${j}];`).join('')
    const one = Array.from({ length: wanted }, (_, j) => `${e.reg(A + j)}=${j === 0 ? 'v' : 'undefined'};`).join('')
    e.line(`if(L.nret>1){p=L.ret;${several}}else{${one}}`)
  }
}

const tailCall = (e: Code, pc: number): void => {
  const { A, B } = e.proto.code[pc]!
  const args = B === 0 ? openList(e, A + 1, pc) : `[${registers(e, A + 1, A + B)}]`
  e.line(
    `ci.pc=${pc};f=${e.reg(A)};m=${args};if(f instanceof C)return tailCall(L,f,m);if(typeof f!=='function'&&tailCallThrough(L,f,m))return U;v=callMany(L,f,m);${e.settle(pc)}`,
  )
  const hooked = e.inspection ? `p=L.ret;m=L.nret;returns(L,${A},m);L.ret=p;L.nret=m;` : ''
  e.line(`${hooked}L.ci=ci.previous;return v;`)
}

const leave = (e: Code, pc: number): void => {
  const { A, B } = e.proto.code[pc]!
  const back = (count: string): string =>
    `${e.inspection ? `ci.pc=${pc};returns(L,${A},${count});` : ''}L.ci=ci.previous;`
  const closing = closes(e)
  if (B === 1 && !closing) e.line(`${back('0')}L.nret=0;return undefined;`)
  else if (B === 2 && !closing) e.line(`${back('1')}L.nret=1;return ${e.reg(A)};`)
  else {
    const values = B === 0 ? openList(e, A, pc) : `[${registers(e, A, A + B - 1)}]`
    e.line(`m=${values};`)
    if (closing) {
      e.line('ci.kept=m;')
      closeFrom(e, pc, 0)
      e.line('m=ci.kept;')
    }
    e.line(`${back('m.length')}L.nret=m.length;L.ret=m;return m[0];`)
  }
}
