/**
 * The snapshots of a test file in `__snapshots__/<file>.snap`: read on first use, written after the file. A snapshot is identified by the
 * name of its test and, if there are several, by its own name or a number.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { structuredPatch } from 'diff'
import { makeDirectory } from '../disk/directory.js'
import {
  SnapshotFileError,
  escapeName,
  parseSnapshots,
  escapeText,
  formatSnapshots,
  type Snapshot,
} from './snapshot-file.js'

/** `new`: missing snapshots are written; `all`: changed ones, too; `none`: missing ones are failures. */
export type SnapshotMode = 'new' | 'all' | 'none'

export interface SnapshotComparison {
  readonly kind: 'same' | 'different' | 'error'
  readonly message: string
}

export const SNAPSHOT_DIRECTORY = '__snapshots__'
/** suffix added to the name of the test file */
export const SNAPSHOT_SUFFIX = '.snap'

/** Maximum number of obsolete snapshots that are listed. */
const MAX_LISTED = 5

const MATCHES: SnapshotComparison = { kind: 'same', message: '' }

export interface SnapshotOptions {
  readonly mode: SnapshotMode
  /** base directory of the file's name */
  readonly directory: string
}

export class Snapshots {
  /** the file name in messages */
  readonly #name: string
  readonly #path: string
  /** undefined: not read yet */
  #known: Map<string, Snapshot> | undefined
  #readError: string | undefined
  readonly #seen = new Set<string>()
  readonly #counts = { written: 0, updated: 0 }
  #test = ''
  readonly #countsByName = new Map<string, number>()

  constructor(
    readonly file: string,
    readonly options: SnapshotOptions,
  ) {
    this.#name = join(dirname(file), SNAPSHOT_DIRECTORY, `${basename(file)}${SNAPSHOT_SUFFIX}`)
    this.#path = resolve(options.directory, this.#name)
  }

  /** Called before each run of a test. */
  begin(test: string): void {
    this.#test = test
    this.#countsByName.clear()
  }

  compare(value: string, hint: string | undefined): SnapshotComparison {
    const known = this.#read()
    if (this.#readError !== undefined) return { kind: 'error', message: this.#readError }
    const name = this.#nameOf(hint)
    const text = escapeText(value)
    const before = known.get(name)
    const isRepeated = this.#seen.has(name)
    this.#seen.add(name)
    if (before?.text === text) return MATCHES
    if (before === undefined) {
      if (this.options.mode === 'none') return { kind: 'different', message: this.#missingText(name, text) }
      this.#counts.written++
    } else {
      // snapshots written in this run are not overwritten: all schedules of a test must agree
      if (this.options.mode !== 'all' || isRepeated)
        return { kind: 'different', message: this.#differenceText(name, before, text) }
      this.#counts.updated++
    }
    known.set(name, { text, line: before?.line ?? 0 })
    return MATCHES
  }

  /**
   * Writes changes; returns lines to print. Throws an Error if the file cannot be written.
   *
   * @param unfinished names of tests that were not completed; undefined: not all tests were run
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
      .slice(0, MAX_LISTED)
      .map((name) => `${this.#name}:${this.#known!.get(name)!.line}: obsolete snapshot '${name}'`)
    if (names.length > MAX_LISTED) lines.push(`${this.#name}: and ${names.length - MAX_LISTED} more`)
    return lines.map((line, i) => (i === lines.length - 1 ? `${line} (--update removes obsolete snapshots)` : line))
  }

  #nameOf(hint: string | undefined): string {
    const name = hint === undefined ? this.#test : `${this.#test}: ${hint}`
    const count = (this.#countsByName.get(name) ?? 0) + 1
    this.#countsByName.set(name, count)
    return escapeName(hint !== undefined && count === 1 ? name : `${name} ${count}`)
  }

  #read(): Map<string, Snapshot> {
    if (this.#known) return this.#known
    this.#known = new Map()
    try {
      this.#known = parseSnapshots(readFileSync(this.#path, 'utf8'))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return this.#known
      this.#readError =
        error instanceof SnapshotFileError
          ? `${this.#name}:${error.line}: cannot read snapshots: ${message}. Fix the file, or remove it and run the tests again`
          : `${this.#name}: cannot read snapshots: ${code ?? message}`
    }
    return this.#known
  }

  #obsolete(unfinished: readonly string[]): string[] {
    // the file itself failed: its snapshots are unknown
    if (unfinished.includes('')) return []
    const known = this.#read()
    const names = unfinished.map(escapeName)
    return [...known.keys()].filter(
      (name) =>
        !this.#seen.has(name) && !names.some((each) => name.startsWith(`${each} `) || name.startsWith(`${each}: `)),
    )
  }

  #write(): void {
    try {
      if (this.#known!.size === 0) return rmSync(this.#path)
      makeDirectory(dirname(this.#path))
      writeFileSync(this.#path, formatSnapshots(this.#known!))
    } catch (error) {
      throw new Error(`cannot write ${this.#name}: ${(error as NodeJS.ErrnoException).code}`, { cause: error })
    }
  }

  #missingText(name: string, text: string): string {
    const lines = text.split('\n').map((line) => `  + ${line}`.trimEnd())
    return [
      `Missing snapshot '${name}' in ${this.#name}; none is written because --ci or CI is set.`,
      ...lines,
      `Run hapsim test ${this.file} to write it, and commit the file`,
    ].join('\n')
  }

  #differenceText(name: string, { text: before, line }: Snapshot, text: string): string {
    const place = line > 0 ? `${this.#name}:${line}` : 'written in this run'
    const { hunks } = structuredPatch('', '', `${before}\n`, `${text}\n`, '', '', { context: 3 })
    const lines = hunks.flatMap(({ lines: each }, i) => [...(i > 0 ? ['  …'] : []), ...each.map(formatChange)])
    return [
      `Does not match the snapshot '${name}' (${place}).`,
      '- Snapshot, + Received:',
      ...lines,
      ...(line > 0 ? [`If this change is expected: hapsim test ${this.file} --update`] : []),
    ].join('\n')
  }
}

/** Formats `-x` as `  - x`. */
const formatChange = (line: string): string => `  ${line[0]} ${line.slice(1)}`.trimEnd()
