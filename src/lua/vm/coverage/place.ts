/**
 * Maps the structure of a source text to the code compiled from it: the instructions that belong to a statement, an arm of a branch, an
 * operand. An item is counted when control reaches its first instruction. Items without code (a missing `else`, a `break` that became the
 * jump of the condition) are counted when the condition jumps.
 */
import { Op } from '../opcodes.js'
import type { Proto } from '../proto.js'
import type { FengariProto } from '../fengari-proto.js'
import { isTest, jumpTarget } from '../translate/flow.js'
import type { Counted, Plan } from './counted.js'
import type { Counters } from './counters.js'
import type { Span } from './record.js'
import type {
  Branch,
  Condition,
  Extent,
  ForBranch,
  FunctionText,
  IfBranch,
  RepeatBranch,
  Statement,
  WhileBranch,
} from './text.js'

/** Places the counters of one function: counter numbers are added to the plan, their instructions to the counters. */
export class Placing {
  /** for tests between operands: whether they jump if the whole expression is true */
  readonly #holds = new Map<number, boolean>()

  constructor(
    readonly text: FunctionText,
    readonly proto: Proto,
    readonly parsed: FengariProto,
    readonly spans: ReadonlyMap<number, Span>,
    readonly plan: Plan,
    readonly counters: Counters,
  ) {}

  place(): void {
    for (const branch of this.text.branches)
      if (branch.kind === 'binary-expr')
        branch.alternatives.forEach((or, i) => this.#holds.set(this.#start(branch.operands[i + 1]!.first) - 2, or))
    const statements = this.text.statements.sort((a, b) => a.first - b.first)
    const known: { readonly span: Span; readonly index: number }[] = []
    for (const each of statements) {
      const span = this.spans.get(each.first)
      // two `local` statements without values may be one instruction
      const merged =
        span && each.kind === 'local' && span.start === span.end
          ? known.findLast((other) => other.span.end === span.start && other.span.start < other.span.end)
          : undefined
      const index = merged?.index ?? this.plan.size++
      if (!merged) this.#statement(each, index)
      if (span) known.push({ span, index })
      this.plan.statements.push({ first: each.first, last: each.last, index })
    }
    for (const branch of this.text.branches) this.#branch(branch)
    this.#goBack()
  }

  #statement(statement: Statement, index: number): void {
    const { first, kind, condition } = statement
    if (condition) for (const pc of this.#jumpsInside(condition, this.#endOfIf(condition), true)) this.#jump(pc, index)
    else if (kind === 'elseif') this.#arrive(this.#start(first + 1), first, index)
    else this.#arrive(this.#start(first), first, index)
  }

  #branch(branch: Branch): void {
    const arms = this.#arms(branch)
    if (arms) this.plan.branches.push({ type: branch.kind, extent: branch.extent, arms })
  }

  /** Returns the arms of a branch; undefined if the condition is constant. */
  #arms(branch: Branch): Counted[] | undefined {
    switch (branch.kind) {
      case 'if':
        return this.#if(branch)
      case 'while':
        return this.#while(branch)
      case 'repeat':
        return this.#repeat(branch)
      case 'for':
        return this.#for(branch)
      case 'binary-expr':
        return this.#operands(branch.operands)
    }
  }

  #if(branch: IfBranch): Counted[] | undefined {
    const { condition, then, otherwise } = branch
    const nothing = { first: branch.extent.first, last: branch.extent.first }
    const taken = this.#arm(then.last < then.first ? nothing : then)
    const not = this.#arm(otherwise && otherwise.last >= otherwise.first ? otherwise : nothing)
    if (branch.jumps) {
      const after = this.#endOfIf(condition)
      for (const pc of this.#jumpsInside(condition, after, true)) this.#jump(pc, taken.index)
      for (const pc of this.#jumpsInside(condition, after, false)) this.#jump(pc, not.index)
      if (this.#isTest(after - 2, condition)) this.#fall(after - 2, not.index)
      return [taken, not]
    }
    // without code, the arms cannot be distinguished
    const rest = this.#elseStart(branch)
    if (condition.empty && branch.next === branch.extent.last) return undefined
    const block = condition.empty ? rest - 1 : this.#start(condition.block)
    if (block === rest) return undefined
    this.#follow(condition, block, taken.index, not.index)
    return [taken, not]
  }

  #while({ condition, body, extent }: WhileBranch): Counted[] | undefined {
    const { end } = this.#span(extent.first)
    const block = condition.empty ? end - 1 : this.#start(condition.block)
    const [runs, ends] = [this.#arm(condition.empty ? extent : body), this.#arm(headOf(extent, condition))]
    return this.#follow(condition, block, runs.index, ends.index) ? [runs, ends] : undefined
  }

  #repeat({ condition, body, extent }: RepeatBranch): Counted[] | undefined {
    const { start, end } = this.#span(extent.first)
    if (!this.#isTest(end - 2, condition)) return undefined
    const [again, ends] = [this.#arm(body.last < body.first ? extent : body), this.#arm(condition)]
    this.#fall(end - 2, ends.index)
    for (const [pc, target] of this.#tests(condition, end)) {
      if (this.#isWithin(target, condition, end)) continue
      const holds = pc !== end - 2 && (this.#holds.get(pc) ?? target !== start)
      this.#jump(pc, holds ? ends.index : again.index)
    }
    return [again, ends]
  }

  #for({ body, header, extent }: ForBranch): Counted[] {
    // a loop that closes variables is followed by a jump that closes them
    const { end } = this.#span(extent.first)
    const last = this.#op(end - 1) === Op.JMP ? end - 2 : end - 1
    const first = jumpTarget(this.proto, last)
    const [runs, ends] = [this.#arm(body.last < body.first ? header : body), this.#arm(header)]
    this.#arrive(first, header.last + 1, runs.index)
    this.counters.backs.set(last, extent.first)
    this.#fall(last, ends.index)
    // a numeric loop may end before its first iteration
    if (this.#op(last) === Op.FORLOOP) this.#jump(first - 1, ends.index)
    return [runs, ends]
  }

  #operands(operands: readonly Extent[]): Counted[] {
    return operands.map((operand, i) => {
      const arm = this.#arm(operand)
      const start = this.#start(operand.first)
      const test = start - 2
      const whole = this.#start(operands[0]!.first)
      // a variable that is already in the right register, or a constant, has no code
      if (i > 0 && operand.first === operand.last && test >= whole && isTest(this.#op(test))) {
        this.#fall(test, arm.index)
        for (const pc of this.#span(operand.first).pending) this.#jump(pc, arm.index)
      } else this.#arrive(start, operand.first, arm.index)
      return arm
    })
  }

  /** Counts where a condition leads: to `block`, or beyond it. Returns false if it always leads to the block. */
  #follow(condition: Condition, block: number, taken: number, not: number): boolean {
    this.#arrive(block, condition.block, taken)
    let leaves = false
    for (const [pc, target] of this.#tests(condition, block)) {
      if (this.#isWithin(target, condition, block) || target === block) continue
      const holds = pc !== block - 2 && (this.#holds.get(pc) ?? this.#leads(target, block))
      this.#jump(pc, holds ? taken : not)
      leaves ||= !holds
    }
    return leaves
  }

  /**
   * For an `if` that consists of a jump, returns the tests that jump, or those that do not.
   *
   * @param after where execution continues otherwise
   */
  #jumpsInside(condition: Condition, after: number, doing: boolean): number[] {
    return this.#tests(condition, after)
      .filter(([pc, target]) => {
        if (this.#isWithin(target, condition, after)) return false
        return (pc === after - 2 || (this.#holds.get(pc) ?? !this.#leads(target, after))) === doing
      })
      .map(([pc]) => pc)
  }

  /** Returns where execution continues after an `if` that consists of a jump, if the condition is false. */
  #endOfIf(condition: Condition): number {
    const branch = this.text.branches.find(
      (each): each is IfBranch => each.kind === 'if' && each.condition.first === condition.first,
    )!
    for (let token = condition.block + 1; token <= branch.then.last; token++) {
      const span = this.spans.get(token)
      // a statement after the jump is never reached
      if (span?.proto === this.parsed) return span.start - 1
    }
    return this.#elseStart(branch)
  }

  #elseStart({ otherwise, next, whole }: IfBranch): number {
    const first = otherwise && otherwise.last >= otherwise.first ? otherwise.first : undefined
    // the code of `elseif` starts with that of its condition
    const span = first === undefined ? undefined : this.spans.get(first === next ? next + 1 : first)
    return span ? span.start : this.#span(whole).end
  }

  /** Whether an instruction belongs to a condition, apart from its first instruction. */
  #isWithin(pc: number, condition: Condition, end: number): boolean {
    return pc > this.#start(condition.first) && pc < end
  }

  /** Returns the tests of a condition and their targets. */
  #tests(condition: Condition, end: number): [number, number][] {
    const tests: [number, number][] = []
    for (let pc = this.#start(condition.first); pc < end; pc++)
      if (isTest(this.#op(pc))) tests.push([pc, jumpTarget(this.proto, pc + 1)])
    return tests
  }

  #isTest(pc: number, condition: Condition): boolean {
    return pc >= this.#start(condition.first) && isTest(this.#op(pc))
  }

  /** Whether a jump to `target` ends at `pc`: jumps to a jump are redirected to its target. */
  #leads(target: number, pc: number): boolean {
    return target === pc || (this.#op(pc) === Op.JMP && jumpTarget(this.proto, pc) === target)
  }

  /** Records what each backward jump repeats. */
  #goBack(): void {
    const loops = this.text.branches.flatMap((branch) => {
      if (branch.kind !== 'while' && branch.kind !== 'repeat') return []
      const { start, end } = this.#span(branch.extent.first)
      return { start, end, token: branch.extent.first, branch }
    })
    for (let pc = 0; pc < this.proto.code.length; pc++) {
      const op = this.#op(pc)
      if ((op !== Op.JMP || isTest(this.#op(pc - 1))) && !isTest(op)) continue
      const target = jumpTarget(this.proto, isTest(op) ? pc + 1 : pc)
      if (target > pc) continue
      const around = loops.filter(({ start, end, branch }) => {
        if (start !== target || pc < start || pc >= end) return false
        if (this.#breaksOut(pc, branch.extent)) return false
        return branch.kind !== 'while' || !this.#ends(pc, branch)
      })
      const label = this.text.labels.findLast(({ token }) => this.#jumpsToLabel(pc, target, token))
      const token = label?.token ?? Math.max(-1, ...around.map((each) => each.token))
      if (token >= 0) this.counters.backs.set(pc, token)
    }
  }

  /** Whether the jump at `pc` is a `break` out of a loop; one that leads to a backward jump jumps back itself. */
  #breaksOut(pc: number, loop: Extent): boolean {
    return this.text.statements.some(
      (each) => each.kind === 'break' && this.#loopOf(each)?.extent.first === loop.first && this.#jumpsFor(each, pc),
    )
  }

  /** Returns the innermost loop around a statement. */
  #loopOf({ first }: Statement): Branch | undefined {
    return this.text.branches
      .filter(({ kind, extent }) => LOOPS.has(kind) && extent.first < first && first <= extent.last)
      .sort((a, b) => b.extent.first - a.extent.first)[0]
  }

  /** Whether the jump at `pc` was compiled from a `break` or `goto`. */
  #jumpsFor({ first, condition }: Statement, pc: number): boolean {
    if (condition) return this.#jumpsInside(condition, this.#endOfIf(condition), true).includes(pc)
    const { start, pending } = this.#span(first)
    return start === pc || pending.includes(pc)
  }

  /** Whether a test ends a loop; in an empty loop, a test whose condition is true may jump back directly. */
  #ends(pc: number, { condition, extent }: WhileBranch): boolean {
    const block = condition.empty ? this.#span(extent.first).end - 1 : this.#start(condition.block)
    if (pc < this.#start(condition.first) || pc >= block) return false
    return pc === block - 2 || this.#holds.get(pc) !== true
  }

  /** Whether the jump at `pc` is a `goto` to the label at that token. */
  #jumpsToLabel(pc: number, target: number, token: number): boolean {
    if (this.spans.get(token)?.start !== target) return false
    const { name } = this.text.labels.find((each) => each.token === token)!
    return this.text.statements.some(
      (each) => each.kind === 'goto' && each.label === name && each.first > token && this.#jumpsFor(each, pc),
    )
  }

  #arm(extent: Extent): Counted {
    return { first: extent.first, last: extent.last, index: this.plan.size++ }
  }

  #op(pc: number): Op {
    return this.proto.code[pc]?.opcode as Op
  }

  #span(token: number): Span {
    const span = this.spans.get(token)
    if (!span) throw new Error(`nothing begins at token ${token}`)
    return span
  }

  #start(token: number): number {
    return this.#span(token).start
  }

  #arrive(pc: number, token: number, index: number): void {
    const { arrivals } = this.counters
    arrivals.set(pc, [...(arrivals.get(pc) ?? []), { index, token }])
    if (this.#op(pc) === Op.JMP)
      for (const from of this.spans.get(token)?.pending ?? []) if (from < pc) this.#jump(from, index)
  }

  #jump(pc: number, index: number): void {
    const { jumps } = this.counters
    jumps.set(pc, [...(jumps.get(pc) ?? []), index])
  }

  #fall(pc: number, index: number): void {
    const { falls } = this.counters
    falls.set(pc, [...(falls.get(pc) ?? []), index])
  }
}

const LOOPS: ReadonlySet<string> = new Set(['while', 'repeat', 'for'])

/** Returns the tokens from the keyword of a loop to the end of its condition. */
const headOf = (extent: Extent, condition: Extent): Extent => ({ first: extent.first, last: condition.last })
