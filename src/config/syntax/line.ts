/** A line of a configuration. */
import type { Place } from './place.js'

/** The prefix of the keyword: `no`, `default`, or none (`set`). */
export type Modifier = 'set' | 'no' | 'default'

/** The words of a line and its place. */
export class Line {
  private cachedPlace: Place | undefined
  modifier: Modifier = 'set'

  constructor(
    readonly file: string,
    readonly line: number,
    readonly words: string[],
  ) {}

  /** The word at `index`; '' beyond the end, as in HAProxy's keyword parsers. */
  at(index: number): string {
    return this.words[index] ?? ''
  }

  /** The words from `index` up to the first empty one. */
  from(index: number): string[] {
    const end = this.words.indexOf('', index)
    return this.words.slice(index, end < 0 ? undefined : end)
  }

  /** Its place; always the same object. */
  get place(): Place {
    return (this.cachedPlace ??= { file: this.file, line: this.line })
  }
}
