/** Breakpoints of an editor: where they are, and what else must hold. */
import { resolve } from 'node:path'
import { fromByteString } from '../bytes/text.js'
import type { Breakpoint } from './messages.js'
import { realPath } from './paths.js'

/** A breakpoint, and how often it was reached. */
export interface Known extends Breakpoint {
  hits: number
}

export class Breakpoints {
  readonly #byPath = new Map<string, readonly Known[]>()
  /** what is known of chunks, by what Lua calls them */
  readonly #byChunk = new Map<string, readonly Known[]>()

  constructor(readonly directory: string) {}

  set(path: string, breakpoints: readonly Breakpoint[]): void {
    this.#byPath.set(
      path,
      breakpoints.map((each) => ({ ...each, hits: 0 })),
    )
    this.#byChunk.clear()
  }

  clear(): void {
    this.#byPath.clear()
    this.#byChunk.clear()
  }

  /** Those at a line of a chunk. */
  at(source: string, line: number): readonly Known[] {
    if (this.#byPath.size === 0) return NONE
    let ofChunk = this.#byChunk.get(source)
    if (ofChunk === undefined) {
      ofChunk = source.startsWith('@')
        ? this.#byPath.get(realPath(resolve(this.directory, fromByteString(source.slice(1)))))
        : NONE
      this.#byChunk.set(source, (ofChunk ??= NONE))
    }
    return ofChunk.length === 0 ? NONE : ofChunk.filter((each) => each.line === line)
  }
}

const NONE: readonly Known[] = []

/** Whether a number of hits is one at which to stop: `3`, `>= 3`, `> 3`, `% 3` …; undefined if that is not understood. */
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
