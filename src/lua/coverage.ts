/**
 * Coverage of scripts: how often each statement, function and arm of a branch ran, in the form of istanbul. A script that many states,
 * processes and simulations load is counted as one; another content under the same name is another script.
 */
import { RunningHash } from '../engine/hash.js'
import { ScriptCache } from './compile.js'
import { bytes } from './vm/bytes.js'
import type { Compiled, Instrument } from './vm/coverage/instrument.js'
import { planOf, type Counted, type Plan } from './vm/coverage/plan.js'
import { structureOf } from './vm/coverage/structure.js'
import type { Extent } from './vm/coverage/text.js'
import { Lines, tokensOf, type Position, type Token } from './vm/coverage/tokens.js'

/** From the first character on; `end` is after the last one. Lines from 1, columns from 0. */
export interface CoverageRange {
  readonly start: Position
  readonly end: Position
}

/** `FileCoverageData` of istanbul. */
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

/** A script that was loaded, and what ran of it: plain data, which can be sent elsewhere and put together. */
export interface ScriptCounts {
  /** where it is on the disk, or what it was called when it was given in memory */
  readonly path: string
  readonly source: string
  /** tells contents apart */
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

/** Give it to simulations (`new Simulation({ coverage })`); what their scripts do is counted in it. */
export class LuaCoverage {
  readonly #scripts = new Map<string, Script>()
  readonly #instruments = new Map<string, ScriptInstrument>()

  /**
   * @internal what makes the scripts of a process count
   * @param root tells the processes apart whose scripts are elsewhere though they are called the same
   * @param placeOf where a script of that name is
   */
  instrument(root: string, placeOf: (name: string) => string): ScriptInstrument {
    const known = this.#instruments.get(root)
    if (known) return known
    const made = new ScriptInstrument((name, compiled) => this.#install(placeOf(name), compiled))
    this.#instruments.set(root, made)
    return made
  }

  /** What was counted so far, by path. */
  get scripts(): ScriptCounts[] {
    return [...this.#scripts.values()]
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
      .map((script) => ({ path: script.path, source: script.source, hash: script.hash, data: istanbulData(script) }))
  }

  #install(path: string, { text, proto, spans, parsed }: Compiled): void {
    const content = bytes(text)
    const hash = new RunningHash().bytes(content).hex
    const key = `${path} ${hash}`
    const source = new TextDecoder().decode(content)
    const tokens = tokensOf(source)
    const { plan, attach } = planOf(structureOf(tokens), proto, spans, parsed)
    const known = this.#scripts.get(key)
    if (known?.plan.size === plan.size) return attach(known.counts)
    const counts = new Float64Array(plan.size)
    this.#scripts.set(key, { path, source, hash, tokens, plan, counts })
    attach(counts)
  }
}

/** Of the processes whose scripts have the same places. */
export class ScriptInstrument implements Instrument {
  /** compiled scripts that count */
  readonly cache = new ScriptCache(256, this)

  constructor(readonly add: (name: string, compiled: Compiled) => void) {}

  /** Texts that `load` gets are of no file unless they are called so. */
  wants(chunkname: string): boolean {
    return chunkname.startsWith('@')
  }

  install(compiled: Compiled): void {
    this.add(new TextDecoder().decode(bytes(compiled.chunkname.slice(1))), compiled)
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
  const byPlace = <T extends { readonly index: number }>(list: readonly T[], first: (item: T) => number): T[] =>
    [...list].sort((a, b) => first(a) - first(b))
  const statements = byPlace(plan.statements, ({ first }) => first)
  const functions = byPlace(plan.functions, ({ declaration }) => declaration.first)
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
