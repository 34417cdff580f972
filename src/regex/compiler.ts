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
  type FollowSet,
} from './analysis.js'
import { otherCase, POSIX_CLASSES, UNICODE_POSIX_CLASSES } from './byte-set.js'
import { compileCondition, compileLookAround, compileSubstring } from './compile-assertions.js'
import { compileRepeat } from './compile-repeats.js'
import { ProgramBuilder } from './emitter.js'
import { RegexOp, Verb, type RegexProgram } from './program.js'
import type { Group, GroupName, Node, SimpleAssertion, Tree, VerbNode } from './tree.js'

/** PCRE2's default (MATCH_LIMIT). */
const MATCH_LIMIT = 10_000_000

export const compileTree = (tree: Tree): RegexProgram => new Compiler(tree).compile()

/** The context of a node. */
export interface NodePlace {
  /** bytes that can follow; after a called group, any byte can */
  readonly follow: FollowSet
  /** whether it is within a repeated group, for which PCRE2's JIT compiler keeps data on its stack */
  readonly repeated: boolean
  /** its start is on that stack anyway */
  readonly saved: boolean
  /** the capturing groups that contain it, innermost first, up to the innermost assertion */
  readonly open: readonly { readonly group: number; readonly register: number }[]
  /** jumps to the end of the innermost assertion, to be resolved later */
  readonly assertionEnd: number[] | undefined
  /** the register of the stack height of the innermost alternation */
  readonly alternation: { readonly register: number; readonly last: boolean } | undefined
}

/**
 * The number of machine words that a call saves on the JIT compiler's stack: captures within the group, and positions of groups that can be
 * empty.
 */
const savedWords = (node: Node): number => {
  if (node.type === 'repeat')
    return (node.max === Infinity && shortest(node.node) === 0 ? 1 : 0) + savedWords(node.node)
  if (node.type !== 'group') return 0
  const own = node.kind === 'capture' ? 3 : node.kind === 'plain' ? 0 : 1
  return node.branches.flat().reduce((sum, child) => sum + savedWords(child), own)
}

const SIMPLE: Readonly<Record<SimpleAssertion, RegexOp>> = {
  start: RegexOp.START,
  circumflex: RegexOp.CIRCUMFLEX,
  'match start': RegexOp.START,
  end: RegexOp.END,
  'last line end': RegexOp.LAST_LINE_END,
  'line start': RegexOp.LINE_START,
  'line end': RegexOp.LINE_END,
  'word boundary': RegexOp.WORD_BOUNDARY,
  'no word boundary': RegexOp.NO_WORD_BOUNDARY,
}

export class Compiler {
  readonly out = new ProgramBuilder()
  /** called groups */
  readonly #called = new Set<number>()
  /** groups with references to their captures: PCRE2 needs less stack for others */
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

  compile(): RegexProgram {
    const { tree, out } = this
    this.#starts.set(0, 0)
    const follow = AT_END
    const repeated = this.#called.has(0)
    const place = { follow, repeated, saved: false, open: [], assertionEnd: undefined, alternation: undefined }
    this.branches(tree.root, place)
    out.emit(RegexOp.MATCH)
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

  /** The numbers of the groups with a name or number. */
  numbers({ group }: GroupName): readonly number[] {
    return typeof group === 'number' ? [group] : (this.tree.names.get(group) ?? [])
  }

  /** Compiles the branches of a group, one of which must match. */
  branches(group: Group, place: NodePlace, skipFirst = 0): void {
    const { out } = this
    const last = group.branches.length - 1
    const { saved } = place
    place = { ...place, saved: false }
    if (last === 0) return this.sequence(group.branches[0]!, place, skipFirst)
    const register = this.#hasThen ? out.register(2) : -1
    if (register >= 0) out.emit(RegexOp.ENTER, register)
    const ends: number[] = []
    group.branches.forEach((branch, index) => {
      const next = index < last ? out.emitJump(RegexOp.SPLIT, 0) : undefined
      const alternation = register >= 0 ? { register, last: index === last } : place.alternation
      this.sequence(branch, { ...place, alternation }, index === 0 ? skipFirst : 0)
      if (index < last) ends.push(out.emitJump(RegexOp.JUMP))
      if (next !== undefined) out.land(next)
    })
    for (const end of ends) out.land(end)
    out.emit(RegexOp.COUNT, place.repeated ? (saved ? 1 : 2) : 0)
  }

  sequence(branch: readonly Node[], place: NodePlace, from = 0): void {
    let i = from
    while (i < branch.length) {
      const literal = this.#literal(branch, i)
      if (literal.length > 1) {
        this.out.emit(RegexOp.LITERAL, this.out.literal(literal))
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

  /** The literal bytes from `index` on. */
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

  node(node: Node, place: NodePlace, next: Node | undefined): void {
    const { out, tree } = this
    switch (node.type) {
      case 'byte':
        if (this.isLetter(node.byte, node.ignoreCase))
          out.emit(RegexOp.BYTES, node.byte, otherCase(node.byte, tree.ucp))
        else out.emit(RegexOp.BYTE, node.byte)
        return
      case 'set':
        return out.emit(RegexOp.SET, out.set(node.set))
      case 'dot': {
        const set = singleByte(tree, node)
        if (node.all) return out.emit(RegexOp.ANY)
        return set ? out.emit(RegexOp.SET, out.set(set)) : out.emit(RegexOp.DOT)
      }
      case 'newline':
        return out.emit(RegexOp.NEWLINE)
      case 'cluster':
        return out.emit(RegexOp.CLUSTER)
      case 'keep':
        return out.emit(RegexOp.KEEP)
      case 'assertion':
        return out.emit(SIMPLE[node.kind])
      case 'reference':
        return out.emit(RegexOp.REFERENCE, out.groups(this.numbers(node.name)), node.ignoreCase ? 1 : 0)
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
    out.emit(RegexOp.CALL, group, 0, kept, Math.max(3, savedWords(this.#groups.get(group) ?? this.tree.root)))
    this.#calls.push({ at: out.code.length - 3, group })
  }

  #verb({ verb, name }: VerbNode, place: NodePlace): void {
    const { out } = this
    const { alternation } = place
    switch (verb) {
      case 'FAIL':
        return out.emit(RegexOp.FAIL)
      case 'ACCEPT': {
        for (const { group, register } of place.open) out.emit(RegexOp.CLOSE, group, register)
        const within = place.assertionEnd ? place.open.map(({ group }) => group) : [-1]
        out.emit(RegexOp.ACCEPT, out.groups(within), -1)
        place.assertionEnd?.push(out.code.length - 1)
        return
      }
      case 'MARK':
        return out.emit(RegexOp.VERB, Verb.MARK, out.literal(name!))
      case 'SKIP':
        return name === undefined
          ? out.emit(RegexOp.VERB, Verb.SKIP, 0)
          : out.emit(RegexOp.VERB, Verb.SKIP_TO, out.literal(name))
      case 'THEN':
        if (!alternation) return out.emit(RegexOp.VERB, Verb.PRUNE, 0)
        return out.emit(RegexOp.VERB, Verb.THEN, alternation.last ? -1 - alternation.register : alternation.register)
      default:
        return out.emit(RegexOp.VERB, verb === 'COMMIT' ? Verb.COMMIT : Verb.PRUNE, 0)
    }
  }

  group(group: Group, place: NodePlace): void {
    switch (group.kind) {
      case 'plain':
        return this.branches(group, place)
      case 'capture':
        return this.#capture(group, place)
      case 'atomic': {
        const { out } = this
        const register = out.register(2)
        out.emit(RegexOp.ENTER, register)
        this.branches(group, place)
        return out.emit(RegexOp.CUT, register)
      }
      case 'condition':
        return compileCondition(this, group, place)
      case 'substring':
        return compileSubstring(this, group, place)
      default:
        return compileLookAround(this, group, place)
    }
  }

  #capture(group: Group, place: NodePlace): void {
    const { out } = this
    const { number } = group
    const called = this.#called.has(number)
    if (!this.#starts.has(number)) this.#starts.set(number, out.code.length)
    const register = out.register()
    if (place.repeated) out.emit(RegexOp.COUNT, this.#referred.has(number) ? 3 : 2)
    out.emit(RegexOp.OPEN, register)
    const open = [{ group: number, register }, ...place.open]
    const follow = called ? ANYTHING : place.follow
    this.branches(group, { ...place, open, saved: true, repeated: place.repeated || called, follow })
    if (called) out.emit(RegexOp.RETURN, number, register)
    out.emit(RegexOp.CLOSE, number, register)
  }
}
