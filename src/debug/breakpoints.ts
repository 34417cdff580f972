/** The breakpoints that an editor has set. */
import { resolve } from 'node:path'
import { fromByteString } from '../bytes/text.js'
import type { Breakpoint } from './messages.js'
import { resolveLinks } from './paths.js'

/** A breakpoint with the number of times it has been hit. */
export interface ActiveBreakpoint extends Breakpoint {
  hits: number
}

/** The breakpoints of all files. */
export class Breakpoints {
  readonly #byPath = new Map<string, readonly ActiveBreakpoint[]>()
  /** the same by the source names of chunks, as far as they have been looked up */
  readonly #byChunk = new Map<string, readonly ActiveBreakpoint[]>()

  /** @param directory relative file names start from here */
  constructor(readonly directory: string) {}

  /** Replaces the breakpoints of a file. */
  set(path: string, breakpoints: readonly Breakpoint[]): void {
    this.#byPath.set(
      path,
      breakpoints.map((each) => ({ ...each, hits: 0 })),
    )
    this.#byChunk.clear()
  }

  /** Removes all breakpoints. */
  clear(): void {
    this.#byPath.clear()
    this.#byChunk.clear()
  }

  /** The breakpoints at a line of a chunk. */
  at(source: string, line: number): readonly ActiveBreakpoint[] {
    if (this.#byPath.size === 0) return NONE
    let ofChunk = this.#byChunk.get(source)
    if (ofChunk === undefined) {
      ofChunk = source.startsWith('@')
        ? this.#byPath.get(resolveLinks(resolve(this.directory, fromByteString(source.slice(1)))))
        : NONE
      this.#byChunk.set(source, (ofChunk ??= NONE))
    }
    return ofChunk.length === 0 ? NONE : ofChunk.filter((each) => each.line === line)
  }
}

const NONE: readonly ActiveBreakpoint[] = []

/** Whether a number of hits meets a hit condition: `3`, `>= 3`, `> 3`, `% 3` …; undefined if the condition is invalid. */
export const isHit = (condition: string, hits: number): boolean | undefined => {
  const [, operator = '==', number] = /^\s*(==?|>=?|<=?|%)?\s*(\d+)\s*$/.exec(condition) ?? []
  if (number === undefined) return undefined
  const n = Number(number)
  switch (operator) {
    case '>':
      return hits > n
    case '>=':
      return hits >= n
    case '<':
      return hits < n
    case '<=':
      return hits <= n
    case '%':
      return n > 0 && hits % n === 0
    default:
      return hits === n
  }
}
