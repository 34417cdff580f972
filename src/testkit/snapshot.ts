/**
 * The snapshots of one test file, in `__snapshots__/<file>.snap` beside it: read when a test first asks, written when the file is
 * through. A snapshot is known by the name of its test and, where that has several, by its own name or its number.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { structuredPatch } from 'diff'
import { makeFolder } from '../disk/folder.js'
import {
  DamagedSnapshots,
  nameInFile,
  parseSnapshots,
  visible,
  writeSnapshots,
  type Snapshot,
} from './snapshot-file.js'

/** `new`: those that are not there are written; `all`: those that differ, too; `none`: one that is not there is a failure. */
export type SnapshotMode = 'new' | 'all' | 'none'

export interface Comparison {
  readonly kind: 'same' | 'different' | 'error'
  readonly message: string
}

export const SNAPSHOT_FOLDER = '__snapshots__'
/** what the name of a test file is followed by */
export const SNAPSHOT_SUFFIX = '.snap'

/** How many snapshots that nobody asks for are named. */
const LISTED = 5

const SAME: Comparison = { kind: 'same', message: '' }

export interface SnapshotOptions {
  readonly mode: SnapshotMode
  /** from which the file's name starts */
  readonly directory: string
}

export class Snapshots {
  /** the file's name for people */
  readonly #name: string
  readonly #path: string
  /** undefined: not read yet */
  #known: Map<string, Snapshot> | undefined
  #damage: string | undefined
  readonly #seen = new Set<string>()
  readonly #counts = { written: 0, updated: 0 }
  #test = ''
  readonly #ofTest = new Map<string, number>()

  constructor(
    readonly file: string,
    readonly options: SnapshotOptions,
  ) {
    this.#name = join(dirname(file), SNAPSHOT_FOLDER, `${basename(file)}${SNAPSHOT_SUFFIX}`)
    this.#path = resolve(options.directory, this.#name)
  }

  /** The test of that name begins, maybe once more. */
  begin(test: string): void {
    this.#test = test
    this.#ofTest.clear()
  }

  compare(value: string, hint: string | undefined): Comparison {
    const known = this.#read()
    if (this.#damage !== undefined) return { kind: 'error', message: this.#damage }
    const name = this.#nameOf(hint)
    const text = visible(value)
    const before = known.get(name)
    const again = this.#seen.has(name)
    this.#seen.add(name)
    if (before?.text === text) return SAME
    if (before === undefined) {
      if (this.options.mode === 'none') return { kind: 'different', message: this.#missing(name, text) }
      this.#counts.written++
    } else {
      // what was written in this run is not written over: schedules of one test must agree
      if (this.options.mode !== 'all' || again)
        return { kind: 'different', message: this.#difference(name, before, text) }
      this.#counts.updated++
    }
    known.set(name, { text, line: before?.line ?? 0 })
    return SAME
  }

  /**
   * Writes what is new; returns lines that say so. Throws an Error when the file cannot be written.
   *
   * @param unfinished names of tests that did not come to their end; undefined: the file's tests were not all run
   */
  finish(unfinished: readonly string[] | undefined): string[] {
    const obsolete = unfinished ? this.#obsolete(unfinished) : []
    const removed = this.options.mode === 'all' ? obsolete : []
    for (const name of removed) this.#known!.delete(name)
    const { written, updated } = this.#counts
    if (written + updated + removed.length > 0) this.#write()
    const parts = [
      ...(written > 0 ? [`${written} written`] : []),
      ...(updated > 0 ? [`${updated} updated`] : []),
      ...(removed.length > 0 ? [`${removed.length} removed`] : []),
    ]
    return [
      ...(parts.length > 0 ? [`${this.#name}: snapshots: ${parts.join(', ')}`] : []),
      ...(this.options.mode === 'all' ? [] : this.#obsoleteLines(obsolete)),
    ]
  }

  #obsoleteLines(names: readonly string[]): string[] {
    const lines = names
      .slice(0, LISTED)
      .map((name) => `${this.#name}:${this.#known!.get(name)!.line}: no test asks for the snapshot '${name}'`)
    if (names.length > LISTED) lines.push(`${this.#name}: nor for ${names.length - LISTED} more`)
    return lines.map((line, i) => (i === lines.length - 1 ? `${line} (--update removes what is not asked for)` : line))
  }

  #nameOf(hint: string | undefined): string {
    const name = hint === undefined ? this.#test : `${this.#test}: ${hint}`
    const count = (this.#ofTest.get(name) ?? 0) + 1
    this.#ofTest.set(name, count)
    return nameInFile(hint !== undefined && count === 1 ? name : `${name} ${count}`)
  }

  #read(): Map<string, Snapshot> {
    if (this.#known) return this.#known
    this.#known = new Map()
    try {
      this.#known = parseSnapshots(readFileSync(this.#path, 'utf8'))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return this.#known
      this.#damage =
        error instanceof DamagedSnapshots
          ? `${this.#name}:${error.line}: the snapshots cannot be read: ${message}. Mend the file, or remove it and run the tests again`
          : `${this.#name}: the snapshots cannot be read: ${code ?? message}`
    }
    return this.#known
  }

  #obsolete(unfinished: readonly string[]): string[] {
    // a file that broke off: nobody knows what it would have asked for
    if (unfinished.includes('')) return []
    const known = this.#read()
    const names = unfinished.map(nameInFile)
    return [...known.keys()].filter(
      (name) =>
        !this.#seen.has(name) && !names.some((each) => name.startsWith(`${each} `) || name.startsWith(`${each}: `)),
    )
  }

  #write(): void {
    try {
      if (this.#known!.size === 0) return rmSync(this.#path)
      makeFolder(dirname(this.#path))
      writeFileSync(this.#path, writeSnapshots(this.#known!))
    } catch (error) {
      throw new Error(`cannot write ${this.#name}: ${(error as NodeJS.ErrnoException).code}`, { cause: error })
    }
  }

  #missing(name: string, text: string): string {
    const lines = text.split('\n').map((line) => `  + ${line}`.trimEnd())
    return [
      `There is no snapshot '${name}' in ${this.#name}, and where --ci or CI is set none is written.`,
      ...lines,
      `hapsim test ${this.file} writes it: commit the file`,
    ].join('\n')
  }

  #difference(name: string, { text: before, line }: Snapshot, text: string): string {
    const place = line > 0 ? `${this.#name}:${line}` : 'written in this run'
    const { hunks } = structuredPatch('', '', `${before}\n`, `${text}\n`, '', '', { context: 3 })
    const lines = hunks.flatMap(({ lines: each }, i) => [...(i > 0 ? ['  …'] : []), ...each.map(showChange)])
    return [
      `It is not as the snapshot '${name}' (${place}).`,
      '- Snapshot, + Now:',
      ...lines,
      ...(line > 0 ? [`If that is meant: hapsim test ${this.file} --update`] : []),
    ].join('\n')
  }
}

/** `-x` as `  - x` */
const showChange = (line: string): string => `  ${line[0]} ${line.slice(1)}`.trimEnd()
