/** Compiles syntax trees to programs. */
import {
  anchorOf,
  ANYTHING,
  AT_END,
  firstOf,
  prefixOf,
  requiredBytes,
  shortest,
  singleByte,
  type Follow,
} from './analysis.js'
import { isDisjoint, otherCase, POSIX_CLASSES, UNICODE_POSIX_CLASSES, union, type ByteSet } from './byte-set.js'
import { compileCondition, compileLookAround, compileSubstring } from './compile-assertions.js'
import { Emitter } from './emitter.js'
import { Op, Verb, type Program } from './program.js'
import type { Group, GroupName, Node, Repeat, SimpleAssertion, Tree, Verb as VerbNode } from './tree.js'

/** PCRE2's default (MATCH_LIMIT). */
const MATCH_LIMIT = 10_000_000

export const compileTree = (tree: Tree): Program => new Compiler(tree).compile()

/** What a call takes of the JIT compiler's stack, at least. */
const CALL_WORDS = 4

/** Where a node is. */
export interface Place {
  /** what can follow; in a group that is called, anything can */
  readonly follow: Follow
  /** whether it is within a group that is repeated, where the JIT compiler of PCRE2 keeps its data on the stack */
  readonly repeated: boolean
  /** the capturing groups it is in, from within, up to the innermost assertion */
  readonly open: readonly { readonly group: number; readonly register: number }[]
  /** the end of the innermost assertion, to be filled in by those who jump there */
  readonly assertionEnd: number[] | undefined
  /** the innermost alternation: the register of the height of the stack */
  readonly alternation: { readonly register: number; readonly last: boolean } | undefined
}

const SIMPLE: Readonly<Record<SimpleAssertion, Op>> = {
  start: Op.START,
  'match start': Op.START,
  end: Op.END,
  'last line end': Op.LAST_LINE_END,
  'line start': Op.LINE_START,
  'line end': Op.LINE_END,
  'word boundary': Op.WORD_BOUNDARY,
  'no word boundary': Op.NO_WORD_BOUNDARY,
}

export class Compiler {
  readonly out = new Emitter()
  /** groups that are called */
  readonly #called = new Set<number>()
  /** groups whose captures are looked at: PCRE2 keeps others in a cheaper way */
  readonly #referred = new Set<number>()
  readonly #starts = new Map<number, number>()
  readonly #calls: { readonly at: number; readonly group: number }[] = []
  readonly hasVerbs: boolean
  readonly #hasThen: boolean

  constructor(readonly tree: Tree) {
    this.out.registers = 2 * (tree.groups + 1)
    const verbs: string[] = []
    this.#inspect(tree.root, verbs)
    this.hasVerbs = verbs.some((verb) => verb !== 'FAIL' && verb !== 'ACCEPT')
    this.#hasThen = verbs.includes('THEN')
  }

  #inspect(node: Node, verbs: string[]): void {
    if (node.type === 'verb') verbs.push(node.verb)
    else if (node.type === 'reference') for (const group of this.numbers(node.name)) this.#referred.add(group)
    else if (node.type === 'call') {
      this.#called.add(this.numbers(node.name)[0]!)
      this.#referred.add(this.numbers(node.name)[0]!)
    } else if (node.type === 'repeat') this.#inspect(node.node, verbs)
    else if (node.type === 'group') {
      const { condition } = node
      if (condition?.type === 'group') for (const group of this.numbers(condition.name)) this.#referred.add(group)
      for (const child of node.branches.flat()) this.#inspect(child, verbs)
    }
  }

  compile(): Program {
    const { tree, out } = this
    this.#starts.set(0, 0)
    const follow = AT_END
    const place = { follow, repeated: false, open: [], assertionEnd: undefined, alternation: undefined }
    this.branches(tree.root, place)
    out.emit(Op.MATCH)
    for (const { at, group } of this.#calls) out.code[at] = this.#starts.get(group)!
    return {
      code: Int32Array.from(out.code),
      sets: out.sets,
      literals: out.literals,
      groupLists: out.groupLists,
      groups: tree.groups,
      registers: out.registers,
      newline: tree.newline,
      asciiNewlines: tree.asciiNewlines,
      matchLimit: Math.min(tree.matchLimit ?? MATCH_LIMIT, MATCH_LIMIT),
      ucp: tree.ucp,
      word: (tree.ucp ? UNICODE_POSIX_CLASSES : POSIX_CLASSES).word!,
      anchor: anchorOf(tree, !this.hasVerbs && this.#referred.size === 0),
      prefix: tree.startOptimizations ? prefixOf(tree) : [],
      required: tree.startOptimizations ? requiredBytes(tree) : [],
    }
  }

  /** The numbers of the groups that a name or number stands for. */
  numbers({ group }: GroupName): readonly number[] {
    return typeof group === 'number' ? [group] : (this.tree.names.get(group) ?? [])
  }

  /** The branches of a group, one of which must match. */
  branches(group: Group, place: Place, skipFirst = 0): void {
    const { out } = this
    const last = group.branches.length - 1
    if (last === 0) return this.sequence(group.branches[0]!, place, skipFirst)
    const register = this.#hasThen ? out.register() : -1
    if (register >= 0) out.emit(Op.ENTER, register)
    const ends: number[] = []
    group.branches.forEach((branch, index) => {
      const next = index < last ? out.emitJump(Op.SPLIT, 0) : undefined
      const alternation = register >= 0 ? { register, last: index === last } : place.alternation
      this.sequence(branch, { ...place, alternation }, index === 0 ? skipFirst : 0)
      if (index < last) ends.push(out.emitJump(Op.JUMP))
      if (next !== undefined) out.land(next)
    })
    for (const end of ends) out.land(end)
    out.emit(Op.COUNT, place.repeated ? 2 : 0)
  }

  sequence(branch: readonly Node[], place: Place, from = 0): void {
    let i = from
    while (i < branch.length) {
      const literal = this.#literal(branch, i)
      if (literal.length > 1) {
        this.out.emit(Op.LITERAL, this.out.literal(literal))
        i += literal.length
        continue
      }
      const follow = firstOf(this.tree, branch, i + 1, place.follow)
      this.node(branch[i]!, { ...place, follow }, branch[i + 1])
      i++
    }
  }

  /** The bytes from `index` on that must be themselves. */
  #literal(branch: readonly Node[], index: number): string {
    let literal = ''
    for (let i = index; i < branch.length; i++) {
      const node = branch[i]!
      if (node.type !== 'byte' || this.#isLetter(node.byte, node.ignoreCase)) break
      literal += String.fromCharCode(node.byte)
    }
    return literal
  }

  #isLetter(byte: number, ignoreCase: boolean): boolean {
    return ignoreCase && otherCase(byte, this.tree.ucp) !== byte
  }

  node(node: Node, place: Place, next: Node | undefined): void {
    const { out, tree } = this
    switch (node.type) {
      case 'byte':
        if (this.#isLetter(node.byte, node.ignoreCase)) out.emit(Op.BYTES, node.byte, otherCase(node.byte, tree.ucp))
        else out.emit(Op.BYTE, node.byte)
        return
      case 'set':
        return out.emit(Op.SET, out.set(node.set))
      case 'dot': {
        const set = singleByte(tree, node)
        if (node.all) return out.emit(Op.ANY)
        return set ? out.emit(Op.SET, out.set(set)) : out.emit(Op.DOT)
      }
      case 'newline':
        return out.emit(Op.NEWLINE)
      case 'cluster':
        return out.emit(Op.CLUSTER)
      case 'keep':
        return out.emit(Op.KEEP)
      case 'assertion':
        return out.emit(SIMPLE[node.kind])
      case 'reference':
        return out.emit(Op.REFERENCE, out.groups(this.numbers(node.name)), node.ignoreCase ? 1 : 0)
      case 'call':
        return this.#call(this.numbers(node.name)[0]!, node.keeps)
      case 'verb':
        return this.#verb(node, place)
      case 'repeat':
        return this.#repeat(node, place, next)
      case 'group':
        return this.group(node, place)
    }
  }

  #call(group: number, keeps: readonly GroupName[]): void {
    const { out } = this
    const kept = out.groups(keeps.flatMap((name) => this.numbers(name)))
    out.emit(Op.CALL, group, 0, kept, CALL_WORDS)
    this.#calls.push({ at: out.code.length - 3, group })
  }

  #verb({ verb, name }: VerbNode, place: Place): void {
    const { out } = this
    const { alternation } = place
    switch (verb) {
      case 'FAIL':
        return out.emit(Op.FAIL)
      case 'ACCEPT': {
        for (const { group, register } of place.open) out.emit(Op.CLOSE, group, register)
        const within = place.assertionEnd ? place.open.map(({ group }) => group) : [-1]
        out.emit(Op.ACCEPT, out.groups(within), -1)
        place.assertionEnd?.push(out.code.length - 1)
        return
      }
      case 'MARK':
        return out.emit(Op.VERB, Verb.MARK, out.literal(name!))
      case 'SKIP':
        return name === undefined ? out.emit(Op.VERB, Verb.SKIP, 0) : out.emit(Op.VERB, Verb.SKIP_TO, out.literal(name))
      case 'THEN':
        if (!alternation) return out.emit(Op.VERB, Verb.PRUNE, 0)
        return out.emit(Op.VERB, Verb.THEN, alternation.last ? -1 - alternation.register : alternation.register)
      default:
        return out.emit(Op.VERB, verb === 'COMMIT' ? Verb.COMMIT : Verb.PRUNE, 0)
    }
  }

  group(group: Group, place: Place): void {
    switch (group.kind) {
      case 'plain':
        return this.branches(group, place)
      case 'capture':
        return this.#capture(group, place)
      case 'atomic': {
        const { out } = this
        const register = out.register()
        out.emit(Op.ENTER, register)
        this.branches(group, place)
        return out.emit(Op.CUT, register)
      }
      case 'condition':
        return compileCondition(this, group, place)
      case 'substring':
        return compileSubstring(this, group, place)
      default:
        return compileLookAround(this, group, place)
    }
  }

  #capture(group: Group, place: Place): void {
    const { out } = this
    const { number } = group
    const called = this.#called.has(number)
    if (!this.#starts.has(number)) this.#starts.set(number, out.code.length)
    const register = out.register()
    if (place.repeated) out.emit(Op.COUNT, this.#referred.has(number) ? 3 : 2)
    out.emit(Op.OPEN, register)
    const open = [{ group: number, register }, ...place.open]
    this.branches(group, { ...place, open, follow: called ? ANYTHING : place.follow })
    if (called) out.emit(Op.RETURN, number, register)
    out.emit(Op.CLOSE, number, register)
  }

  #repeat(repeat: Repeat, place: Place, next: Node | undefined): void {
    const { out, tree } = this
    const { node } = repeat
    let { max } = repeat
    if (node.type === 'group' && /ahead|behind|substring/.test(node.kind) && max === Infinity) max = repeat.min + 1
    if (max === 0) return this.#skipped(node, place)
    const set = singleByte(tree, node)
    if (set) return this.#repeatByte(set, { ...repeat, max }, place, next)
    if (repeat.mode !== 'possessive') return this.#repeatGroup(node, { ...repeat, max }, place)
    const register = out.register()
    out.emit(Op.ENTER, register)
    this.#repeatGroup(node, { ...repeat, max, mode: 'greedy' }, place)
    out.emit(Op.CUT, register)
  }

  /** What is repeated 0 times can still be called. */
  #skipped(node: Node, place: Place): void {
    const end = this.out.emitJump(Op.JUMP)
    this.node(node, { ...place, follow: ANYTHING }, undefined)
    this.out.land(end)
  }

  #repeatByte(set: ByteSet, { min, max, mode }: Repeat, place: Place, next: Node | undefined): void {
    const { out, tree } = this
    const most = max === Infinity ? -1 : max
    const disjoint = tree.autoPossess && isDisjoint(set, place.follow.set) && (mode === 'greedy' || !place.follow.end)
    const words = place.repeated ? (mode === 'greedy' && most !== 1 ? 2 : 1) : 0
    const index = out.set(set)
    if (min === max) {
      if (min === 1) out.emit(Op.SET, index)
      else out.emit(Op.POSSESSIVE, index, min, most)
    } else if (mode === 'possessive' || disjoint) out.emit(Op.POSSESSIVE, index, min, most)
    else if (mode === 'lazy') out.emit(Op.LAZY, index, min, most, words)
    else {
      const following = next?.type === 'byte' && !this.#isLetter(next.byte, next.ignoreCase) ? next.byte : -1
      out.emit(Op.GREEDY, index, min, most, following, words)
    }
  }

  #repeatGroup(node: Node, { min, max, mode }: Repeat, place: Place): void {
    const { out, tree } = this
    const lazy = mode === 'lazy'
    const again = firstOf(tree, [node], 0, place.follow)
    const follow: Follow = {
      set: union(again.set, place.follow.set),
      end: again.end || place.follow.end,
    }
    const repeats = max > 1
    const inner = {
      ...place,
      follow: repeats ? follow : place.follow,
      repeated: place.repeated || max === Infinity || max > 2,
    }
    if (max === 1) {
      if (min === 1) return this.node(node, place, undefined)
      return this.#optional(node, lazy, inner)
    }
    const empty = shortest(node) === 0
    if (max === Infinity && min <= 1 && !empty) return this.#loop(node, min, lazy, inner)
    const register = out.register(2)
    out.emit(Op.LOOP_BEGIN, register)
    const start = out.code.length
    const unlimited = max === Infinity
    const exit = out.code.length + 4
    out.emit(Op.LOOP, register, min, unlimited ? -1 : max, 0, lazy ? 1 : 0, unlimited ? 1 : 0, empty ? 2 : 1)
    this.node(node, inner, undefined)
    out.emit(Op.JUMP, start)
    out.land(exit)
  }

  #optional(node: Node, lazy: boolean, place: Place): void {
    const { out } = this
    const words = place.repeated ? 2 : 0
    if (!lazy) {
      const end = out.emitJump(Op.SPLIT, words)
      this.node(node, place, undefined)
      return out.land(end)
    }
    const body = out.emitJump(Op.SPLIT, words)
    const end = out.emitJump(Op.JUMP)
    out.land(body)
    this.node(node, place, undefined)
    out.land(end)
  }

  /** A loop without limit over what matches at least a byte. */
  #loop(node: Node, min: number, lazy: boolean, place: Place): void {
    const { out } = this
    const skip = min === 0 && lazy ? out.emitJump(Op.JUMP) : undefined
    const start = out.code.length
    const exit = min === 0 && !lazy ? out.emitJump(Op.SPLIT, 1) : undefined
    this.node(node, place, undefined)
    if (skip !== undefined) out.land(skip)
    if (lazy) return out.emit(Op.SPLIT, start, 1)
    const end = exit ?? out.emitJump(Op.SPLIT, 1)
    out.emit(Op.JUMP, start)
    out.land(end)
  }
}
