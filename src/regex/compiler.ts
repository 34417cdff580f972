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
import { otherCase, POSIX_CLASSES, UNICODE_POSIX_CLASSES } from './byte-set.js'
import { compileCondition, compileLookAround, compileSubstring } from './compile-assertions.js'
import { compileRepeat } from './compile-repeats.js'
import { Emitter } from './emitter.js'
import { Op, Verb, type Program } from './program.js'
import type { Group, GroupName, Node, SimpleAssertion, Tree, Verb as VerbNode } from './tree.js'

/** PCRE2's default (MATCH_LIMIT). */
const MATCH_LIMIT = 10_000_000

export const compileTree = (tree: Tree): Program => new Compiler(tree).compile()

/** Where a node is. */
export interface Place {
  /** what can follow; after a group that is called, anything can */
  readonly follow: Follow
  /** whether it is within a group that is repeated, where the JIT compiler of PCRE2 keeps its data on the stack */
  readonly repeated: boolean
  /** its beginning is on that stack anyway */
  readonly saved: boolean
  /** the capturing groups it is in, from within, up to the innermost assertion */
  readonly open: readonly { readonly group: number; readonly register: number }[]
  /** the end of the innermost assertion, to be filled in by those who jump there */
  readonly assertionEnd: number[] | undefined
  /** the innermost alternation: the register of the height of the stack */
  readonly alternation: { readonly register: number; readonly last: boolean } | undefined
}

/** What a call saves on the JIT compiler's stack, as machine words: the captures within the group, and the positions of groups that can be empty. */
const savedWords = (node: Node): number => {
  if (node.type === 'repeat')
    return (node.max === Infinity && shortest(node.node) === 0 ? 1 : 0) + savedWords(node.node)
  if (node.type !== 'group') return 0
  const own = node.kind === 'capture' ? 3 : node.kind === 'plain' ? 0 : 1
  return node.branches.flat().reduce((sum, child) => sum + savedWords(child), own)
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
  /** groups whose captures are referenced: PCRE2 stores others more cheaply */
  readonly #referred = new Set<number>()
  readonly #groups = new Map<number, Group>()
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
      if (node.kind === 'capture' && !this.#groups.has(node.number)) this.#groups.set(node.number, node)
      const { condition } = node
      if (condition?.type === 'group') for (const group of this.numbers(condition.name)) this.#referred.add(group)
      for (const child of node.branches.flat()) this.#inspect(child, verbs)
    }
  }

  compile(): Program {
    const { tree, out } = this
    this.#starts.set(0, 0)
    const follow = AT_END
    const repeated = this.#called.has(0)
    const place = { follow, repeated, saved: false, open: [], assertionEnd: undefined, alternation: undefined }
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
    const { saved } = place
    place = { ...place, saved: false }
    if (last === 0) return this.sequence(group.branches[0]!, place, skipFirst)
    const register = this.#hasThen ? out.register(2) : -1
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
    out.emit(Op.COUNT, place.repeated ? (saved ? 1 : 2) : 0)
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
      const node = branch[i]!
      const matters = node.type === 'repeat' || node.type === 'group'
      const follow = matters ? firstOf(this.tree, branch, i + 1, place.follow) : place.follow
      this.node(node, { ...place, follow }, branch[i + 1])
      i++
    }
  }

  /** The bytes from `index` on that must be themselves. */
  #literal(branch: readonly Node[], index: number): string {
    let literal = ''
    for (let i = index; i < branch.length; i++) {
      const node = branch[i]!
      if (node.type !== 'byte' || this.isLetter(node.byte, node.ignoreCase)) break
      literal += String.fromCharCode(node.byte)
    }
    return literal
  }

  /** Whether a byte is also matched in the other case. */
  isLetter(byte: number, ignoreCase: boolean): boolean {
    return ignoreCase && otherCase(byte, this.tree.ucp) !== byte
  }

  node(node: Node, place: Place, next: Node | undefined): void {
    const { out, tree } = this
    switch (node.type) {
      case 'byte':
        if (this.isLetter(node.byte, node.ignoreCase)) out.emit(Op.BYTES, node.byte, otherCase(node.byte, tree.ucp))
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
        return compileRepeat(this, node, place, next)
      case 'group':
        return this.group(node, place)
    }
  }

  #call(group: number, keeps: readonly GroupName[]): void {
    const { out } = this
    const kept = out.groups(keeps.flatMap((name) => this.numbers(name)))
    out.emit(Op.CALL, group, 0, kept, Math.max(3, savedWords(this.#groups.get(group) ?? this.tree.root)))
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
        const register = out.register(2)
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
    const follow = called ? ANYTHING : place.follow
    this.branches(group, { ...place, open, saved: true, repeated: place.repeated || called, follow })
    if (called) out.emit(Op.RETURN, number, register)
    out.emit(Op.CLOSE, number, register)
  }
}
