/**
 * Coverage of scripts: how often each statement, function and arm of a branch has run, in istanbul's format. A script that several states,
 * processes and simulations load is counted as one; a different content under the same name is a different script.
 */
import { decodeText, fromByteString } from '../../bytes/text.js'
import { RunningHash } from '../../engine/hash.js'
import { ScriptCache } from './compile.js'
import { bytes } from '../vm/bytes.js'
import type { Compiled, Instrument } from '../vm/coverage/instrument.js'
import type { Counted, Plan } from '../vm/coverage/counted.js'
import { planOf } from '../vm/coverage/plan.js'
import { structureOf } from '../vm/coverage/structure.js'
import type { Extent } from '../vm/coverage/text.js'
import { Lines, tokensOf, type Position, type Token } from '../vm/coverage/tokens.js'

/** A range of the source; `end` is exclusive. Lines are counted from 1, columns from 0. */
export interface CoverageRange {
  readonly start: Position
  readonly end: Position
}

/** istanbul's `FileCoverageData`. */
export interface IstanbulData {
  readonly path: string
  readonly statementMap: Record<string, CoverageRange>
  readonly s: Record<string, number>
  readonly fnMap: Record<
    string,
    { readonly name: string; readonly decl: CoverageRange; readonly loc: CoverageRange; readonly line: number }
  >
  readonly f: Record<string, number>
  readonly branchMap: Record<
    string,
    {
      readonly type: string
      readonly loc: CoverageRange
      readonly locations: readonly CoverageRange[]
      readonly line: number
    }
  >
  readonly b: Record<string, number[]>
}

/** The coverage of a script as plain data, which can be sent to other processes and merged. */
export interface ScriptCounts {
  /** its path on the disk, or its name if it was passed as text */
  readonly path: string
  readonly source: string
  /** of the content */
  readonly hash: string
  readonly data: IstanbulData
}

interface Script {
  readonly path: string
  readonly source: string
  readonly hash: string
  readonly tokens: readonly Token[]
  readonly plan: Plan
  readonly counts: Float64Array
}

/** Collects coverage. Pass it to simulations: `new Simulation({ coverage })`. */
export class LuaCoverage {
  readonly #scripts = new Map<string, Script>()
  readonly #instruments = new Map<string, ScriptInstrument>()
  readonly #added: ScriptCounts[] = []

  /** Adds coverage that was collected elsewhere, such as in another process. */
  add(scripts: readonly ScriptCounts[]): void {
    this.#added.push(...scripts)
  }

  /**
   * @internal instruments the scripts of a process
   * @param root distinguishes processes whose scripts have the same names and different paths
   * @param pathOf returns the path of a script by its name; undefined: it is not covered
   */
  instrument(root: string, pathOf: (name: string) => string | undefined): ScriptInstrument {
    const known = this.#instruments.get(root)
    if (known) return known
    const made = new ScriptInstrument((name, compiled) => {
      const path = pathOf(name)
      if (path !== undefined) this.#install(path, compiled)
    })
    this.#instruments.set(root, made)
    return made
  }

  /**
   * Includes a script of which nothing has run, unless it has been loaded. Returns an error message if it cannot be compiled.
   *
   * @param path its absolute path
   */
  include(path: string, source: Uint8Array): string | undefined {
    if (this.scripts.some((script) => script.path === path)) return undefined
    const result = this.instrument('', (name) => name).cache.compile(source, `@${path}`, '5.4')
    return 'error' in result ? result.error : undefined
  }

  /** The coverage so far, sorted by path. */
  get scripts(): ScriptCounts[] {
    const own = [...this.#scripts.values()].map((script) => ({
      path: script.path,
      source: script.source,
      hash: script.hash,
      data: istanbulData(script),
    }))
    return merged([...own, ...this.#added]).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  }

  #install(path: string, { text, proto, spans, parsed }: Compiled): void {
    const content = bytes(text)
    const hash = new RunningHash().bytes(content).hex
    const key = `${path} ${hash}`
    const source = decodeText(content)
    const tokens = tokensOf(source)
    const { plan, attach } = planOf(structureOf(tokens), proto, spans, parsed)
    const known = this.#scripts.get(key)
    if (known?.plan.size === plan.size) return attach(known.counts)
    const counts = new Float64Array(plan.size)
    this.#scripts.set(key, { path, source, hash, tokens, plan, counts })
    attach(counts)
  }
}

/** Merges the entries of each script: as the contents are equal, so are the positions, and the counts are added. */
const merged = (all: readonly ScriptCounts[]): ScriptCounts[] => {
  const scripts = new Map<string, ScriptCounts>()
  for (const each of all) {
    const key = `${each.path} ${each.hash}`
    const known = scripts.get(key)
    scripts.set(key, known ? { ...known, data: sum(known.data, each.data) } : each)
  }
  return [...scripts.values()]
}

const sum = (one: IstanbulData, other: IstanbulData): IstanbulData => {
  const add = <T>(to: Record<string, T>, from: Record<string, T>, plus: (a: T, b: T) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(to).map(([key, value]) => [key, plus(value, from[key]!)]))
  const counts = (a: number, b: number): number => a + b
  return {
    ...one,
    s: add(one.s, other.s, counts),
    f: add(one.f, other.f, counts),
    b: add(one.b, other.b, (a, b) => a.map((count, arm) => count + b[arm]!)),
  }
}

/** Instruments the scripts of processes that have the same root. */
export class ScriptInstrument implements Instrument {
  /** scripts compiled with counters */
  readonly cache = new ScriptCache(256, this)

  constructor(readonly add: (name: string, compiled: Compiled) => void) {}

  /** Chunks that `load` compiles are not of a file, unless they are named like one. */
  wants(chunkname: string): boolean {
    return chunkname.startsWith('@')
  }

  install(compiled: Compiled): void {
    this.add(fromByteString(compiled.chunkname.slice(1)), compiled)
  }
}

const istanbulData = ({ path, source, tokens, plan, counts }: Script): IstanbulData => {
  const lines = new Lines(source)
  const range = ({ first, last }: Extent): CoverageRange => ({
    start: lines.position(tokens[first]!.start),
    end: lines.position(tokens[last]!.end),
  })
  const numbered = <T, R>(list: readonly T[], value: (item: T, i: number) => R): Record<string, R> =>
    Object.fromEntries(list.map((item, i) => [i, value(item, i)]))
  const count = ({ index }: Pick<Counted, 'index'>): number => counts[index]!
  const sortedBy = <T extends { readonly index: number }>(list: readonly T[], first: (item: T) => number): T[] =>
    [...list].sort((a, b) => first(a) - first(b))
  const statements = sortedBy(plan.statements, ({ first }) => first)
  const functions = sortedBy(plan.functions, ({ declaration }) => declaration.first)
  const branches = [...plan.branches].sort((a, b) => a.extent.first - b.extent.first)
  return {
    path,
    statementMap: numbered(statements, range),
    s: numbered(statements, count),
    fnMap: numbered(functions, ({ name, declaration, body }, i) => {
      const decl = range(declaration)
      return { name: name ?? `(anonymous_${i})`, decl, loc: range(body), line: decl.start.line }
    }),
    f: numbered(functions, count),
    branchMap: numbered(branches, ({ type, extent, arms }) => {
      const loc = range(extent)
      return { type, loc, locations: arms.map(range), line: loc.start.line }
    }),
    b: numbered(branches, ({ arms }) => arms.map(count)),
  }
}
