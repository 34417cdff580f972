/** One line of a configuration: its words and its place. */
import type { Place } from './place.js'

/** What stood before the keyword: `no`, `default`, or nothing. */
export type Modifier = 'set' | 'no' | 'default'

export class Line {
  private cachedPlace: Place | undefined
  modifier: Modifier = 'set'

  constructor(
    readonly file: string,
    readonly line: number,
    readonly words: string[],
  ) {}

  /** The word at `index`; '' beyond the end, as every keyword of HAProxy sees it. */
  at(index: number): string {
    return this.words[index] ?? ''
  }

  /** The words from `index` up to the first empty one. */
  from(index: number): string[] {
    const end = this.words.indexOf('', index)
    return this.words.slice(index, end < 0 ? undefined : end)
  }

  /** Where it stands; the same object at every call. */
  get place(): Place {
    return (this.cachedPlace ??= { file: this.file, line: this.line })
  }
}
