/**
 * Interprets functions without loops the first few times that they are called. Translating the main function of a data file, or of a text
 * that is loaded to be run once, would take longer than running it. Instructions are counted as in translated code, and registers are saved
 * in the same way, so that a call that began here continues there.
 */
import { call0, call1, call2, call3, callMany, enter, settle, tailCallThrough } from '../call.js'
import { tick } from '../hook.js'
import { isConstant } from '../names.js'
import { FIELDS_PER_FLUSH, Op } from '../opcodes.js'
import { Arithmetic, arithmetic, concat, equals, length, lessEqual, lessThan } from '../operations.js'
import type { Proto } from '../proto.js'
import { results } from '../results.js'
import type { Call, LuaThread } from '../state.js'
import { LuaTable } from '../table.js'
import { LuaClosure, SUSPENDED, UpValue, type LuaValue, type Result } from '../value.js'
import { firstRegisters, setAside, tailCall } from '../set-aside.js'
import { closingOf } from './closing.js'
import * as support from './support.js'

/** Whether all jumps of a function lead forward, and there is nothing to close or to count for coverage. */
export const isStraight = (proto: Proto): boolean =>
  proto.counters === undefined &&
  closingOf(proto) === undefined &&
  proto.code.every(
    ({ opcode, sBx }) => !(opcode >= Op.FORLOOP && opcode <= Op.TFORLOOP) && !(opcode === Op.JMP && sBx < 0),
  )

export const interpret = (
  L: LuaThread,
  closure: LuaClosure,
  args: readonly LuaValue[],
  shared: readonly boolean[] | null,
): Result => {
  const ci = enter(L, closure)
  const { numparams, is_vararg, code } = closure.p
  const va = is_vararg ? args.slice(numparams) : null
  const registers = firstRegisters(closure.p, args, shared)
  try {
    if (ci.level > L.limit || ((L.fuel -= Math.min(code.length, 30)) < 0 && tick(L, ci, 0, registers)))
      return setAside(L, ci, registers, va, 0)
    return new Interpreter(L, ci, closure, registers, va, shared).run()
  } catch (error) {
    setAside(L, ci, registers, va, ci.at)
    throw error
  }
}

class Interpreter {
  /** open results, of `...` or a last call */
  #open: LuaValue[] = []

  constructor(
    readonly L: LuaThread,
    readonly ci: Call,
    readonly closure: LuaClosure,
    readonly registers: unknown[],
    readonly va: LuaValue[] | null,
    readonly shared: readonly boolean[] | null,
  ) {}

  get(i: number): LuaValue {
    return this.shared?.[i] === true ? (this.registers[i] as UpValue).v : (this.registers[i] as LuaValue)
  }

  set(i: number, value: LuaValue): void {
    if (this.shared?.[i] === true) (this.registers[i] as UpValue).v = value
    else this.registers[i] = value
  }

  /** A register or constant. */
  rk(operand: number): LuaValue {
    return operand >= 256 ? this.closure.p.k[operand - 256] : this.get(operand)
  }

  range(from: number, to: number): LuaValue[] {
    const values: LuaValue[] = []
    for (let i = from; i < to; i++) values.push(this.get(i))
    return values
  }

  /** The values from a register on, up to the last open result. */
  upToOpen(from: number, pc: number): LuaValue[] {
    return [...this.range(from, this.closure.p.code[pc - 1]!.A), ...this.#open]
  }

  run(): Result {
    const { L, ci, closure } = this
    const { code, k, p } = closure.p
    for (let pc = 0; ; pc++) {
      const { opcode, A, B, C, Bx } = code[pc]!
      let value: Result
      switch (opcode as Op) {
        case Op.MOVE:
          this.set(A, this.get(B))
          continue
        case Op.LOADK:
          this.set(A, k[Bx])
          continue
        case Op.LOADKX:
          this.set(A, k[code[pc + 1]!.Ax])
          continue
        case Op.LOADBOOL:
          this.set(A, B !== 0)
          if (C !== 0) pc++
          continue
        case Op.LOADNIL:
          for (let r = A; r <= A + B; r++) this.set(r, undefined)
          continue
        case Op.GETUPVAL:
          this.set(A, closure.upvalues[B]!.v)
          continue
        case Op.SETUPVAL:
          closure.upvalues[B]!.v = this.get(A)
          continue
        case Op.NEWTABLE:
          this.set(A, new LuaTable(B, C))
          continue
        case Op.SETLIST: {
          const batch = C === 0 ? code[pc + 1]!.Ax : C
          const values = B === 0 ? this.upToOpen(A + 1, pc) : this.range(A + 1, A + B + 1)
          ;(this.get(A) as LuaTable).setList((batch - 1) * FIELDS_PER_FLUSH + 1, values)
          continue
        }
        case Op.NOT: {
          const operand = this.get(B)
          this.set(A, operand === undefined || operand === false)
          continue
        }
        case Op.JMP:
          this.#close(A)
          pc += code[pc]!.sBx
          continue
        case Op.TEST:
        case Op.TESTSET: {
          const operand = this.get(opcode === Op.TESTSET ? B : A)
          const truth = operand !== undefined && operand !== false
          if (truth !== (C !== 0)) {
            pc++
            continue
          }
          if (opcode === Op.TESTSET) this.set(A, operand)
          pc = this.#jump(pc + 1)
          continue
        }
        case Op.CLOSURE: {
          const proto = p[Bx]!
          const upvalues = proto.upvalues.map(({ instack, idx }) =>
            instack ? (this.registers[idx] as UpValue) : closure.upvalues[idx]!,
          )
          this.set(A, new LuaClosure(proto, upvalues))
          continue
        }
        case Op.VARARG:
          if (B === 0) this.#open = this.va!
          else for (let j = 0; j < B - 1; j++) this.set(A + j, this.va![j])
          continue
        case Op.EXTRAARG:
          continue
        case Op.RETURN:
          return this.#leave(pc)
        case Op.TAILCALL: {
          const f = this.get(A)
          const args = B === 0 ? this.upToOpen(A + 1, pc) : this.range(A + 1, A + B)
          ci.pc = pc
          if (f instanceof LuaClosure) return tailCall(L, f, args)
          if (tailCallThrough(L, f, args)) return SUSPENDED
          value = callMany(L, f, args)
          if (value === SUSPENDED && (value = settle(L)) === SUSPENDED) break
          L.ci = ci.previous!
          return value
        }
        case Op.CALL:
          value = this.#call(pc)
          if (value === SUSPENDED && (value = settle(L)) === SUSPENDED) break
          this.#take(A, C - 1, value)
          continue
        case Op.CONCAT:
          value = this.#concat(pc)
          if (value === SUSPENDED) return SUSPENDED
          this.set(A, value)
          continue
        case Op.EQ:
        case Op.LT:
        case Op.LE: {
          const [b, c] = [this.rk(B), this.rk(C)]
          ci.pc = pc
          value = opcode === Op.EQ ? equals(L, b, c) : opcode === Op.LT ? lessThan(L, b, c) : lessEqual(L, b, c)
          if (value === SUSPENDED && (value = settle(L)) === SUSPENDED) break
          const truth = value !== undefined && value !== false
          if (truth === (A !== 0)) pc = this.#jump(pc + 1)
          else pc++
          continue
        }
        case Op.SETTABUP:
        case Op.SETTABLE: {
          const table = opcode === Op.SETTABUP ? closure.upvalues[A]!.v : this.get(A)
          ci.pc = pc
          value = support.setItem(L, table, this.rk(B), this.rk(C))
          if (value === SUSPENDED && settle(L) === SUSPENDED) break
          continue
        }
        default:
          ci.pc = pc
          value = this.#value(pc)
          if (value === SUSPENDED && (value = settle(L)) === SUSPENDED) break
          this.set(A, value)
          continue
      }
      return setAside(L, ci, this.registers, this.va, code.length + pc)
    }
  }

  /** Returns the result of an instruction that may call a metamethod. */
  #value(pc: number): Result {
    const { L } = this
    const { opcode, A, B, C } = this.closure.p.code[pc]!
    switch (opcode as Op) {
      case Op.GETTABUP:
        return support.getItem(L, this.closure.upvalues[B]!.v, this.rk(C))
      case Op.GETTABLE:
        return support.getItem(L, this.get(B), this.rk(C))
      case Op.SELF: {
        const object = this.get(B)
        this.set(A + 1, object)
        return support.getMethod(L, object, this.rk(C))
      }
      case Op.UNM: {
        const operand = this.get(B)
        return typeof operand === 'number' ? 0 - operand : arithmetic(L, Arithmetic.UNM, operand, operand)
      }
      case Op.BNOT: {
        const operand = this.get(B)
        return arithmetic(L, Arithmetic.BNOT, operand, operand)
      }
      case Op.LEN:
        return length(L, this.get(B))
      case Op.ADD:
        return support.add(L, this.rk(B), this.rk(C))
      case Op.SUB:
        return isConstant(C) && this.rk(C) === 0
          ? support.minusZero(L, this.rk(B))
          : support.subtract(L, this.rk(B), this.rk(C))
      case Op.MUL:
        return support.multiply(L, this.rk(B), this.rk(C))
      default:
        return arithmetic(L, opcode - Op.ADD, this.rk(B), this.rk(C))
    }
  }

  #call(pc: number): Result {
    const { L, ci } = this
    const { A, B } = this.closure.p.code[pc]!
    const f = this.get(A)
    ci.pc = pc
    switch (B) {
      case 0:
        return callMany(L, f, this.upToOpen(A + 1, pc))
      case 1:
        return f instanceof LuaClosure ? f.run(L, f) : call0(L, f)
      case 2: {
        const a = this.get(A + 1)
        return f instanceof LuaClosure ? f.run(L, f, a) : call1(L, f, a)
      }
      case 3: {
        const [a, b] = [this.get(A + 1), this.get(A + 2)]
        return f instanceof LuaClosure ? f.run(L, f, a, b) : call2(L, f, a, b)
      }
      case 4: {
        const [a, b, c] = [this.get(A + 1), this.get(A + 2), this.get(A + 3)]
        return f instanceof LuaClosure ? f.run(L, f, a, b, c) : call3(L, f, a, b, c)
      }
    }
    return callMany(L, f, this.range(A + 1, A + B))
  }

  /** Stores the results of a call, of which `value` is the first, in registers. */
  #take(A: number, wanted: number, value: LuaValue): void {
    const { L } = this
    if (wanted < 0) this.#open = results(L, value)
    else if (wanted === 1) this.set(A, value)
    else if (wanted > 1) {
      const all = L.nret > 1 ? L.ret : [value]
      for (let j = 0; j < wanted; j++) this.set(A + j, all[j])
    }
  }

  #concat(pc: number): Result {
    const { L, ci } = this
    const { code } = this.closure.p
    const { B, C } = code[pc]!
    const texts = this.range(B, C + 1)
    if (texts.every((each) => typeof each === 'string' || typeof each === 'number')) return texts.join('')
    let value: Result = texts[texts.length - 1]
    for (let r = C - 1; r >= B; r--) {
      ci.pc = pc
      value = concat(L, this.get(r), value, r + 1)
      if (value === SUSPENDED && (value = settle(L)) === SUSPENDED)
        return setAside(L, ci, this.registers, this.va, code.length * (C - r) + pc)
    }
    return value
  }

  #leave(pc: number): Result {
    const { L, ci } = this
    const { A, B } = this.closure.p.code[pc]!
    const values = B === 0 ? this.upToOpen(A, pc) : B > 2 ? this.range(A, A + B - 1) : undefined
    L.ci = ci.previous!
    if (values === undefined) {
      L.nret = B - 1
      return B === 2 ? this.get(A) : undefined
    }
    L.nret = values.length
    L.ret = values
    return values[0]
  }

  /** Performs the jump at `pc`. Returns the instruction before the target. */
  #jump(pc: number): number {
    const { A, sBx } = this.closure.p.code[pc]!
    this.#close(A)
    return pc + sBx
  }

  /** Gives the closures made in a block separate variables. */
  #close(A: number): void {
    if (A === 0) return
    this.shared?.forEach((_, i) => {
      if (i >= A - 1) this.registers[i] = new UpValue(this.get(i))
    })
  }
}
