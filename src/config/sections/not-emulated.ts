/** Sections that hapsim knows only by name: they are ignored with one warning. */
import type { GapArea } from '../syntax/gaps.js'
import type { Section } from '../section.js'

const AREAS: ReadonlyMap<string, GapArea> = new Map([['traces', 'process']])

/** The sections that are ignored. */
export const NOT_EMULATED_SECTIONS: readonly Section[] = [...AREAS].map(([keyword, area]) => ({
  keyword,
  read: (context, line) => {
    context.markUnparsed(line)
    if (line.at(0) === keyword) context.notEmulated(line, `section '${line.from(0).join(' ')}'`, area)
    return 'ok'
  },
}))
