/** What hapsim does not emulate of a configuration, as text: grouped by area, with consequences and locations. */
import { Chalk } from 'chalk'
import type { Gap, Place } from '../../config/index.js'
import type { ScriptUse } from '../../lua/index.js'
import { plural } from '../../report/plural.js'
import { AREAS, MEANINGS, UNREAD, usedMeaning } from './meanings.js'

const WIDTH = 80

/** All findings about a configuration. */
export interface Findings {
  readonly gaps: readonly Gap[]
  /** lines that are not fully checked */
  readonly unread: readonly Place[]
  /** functions used by scripts that are not emulated, or only with a flag */
  readonly uses: readonly ScriptUse[]
}

/** Several lines without a final line feed; empty if there are no findings. */
export const findingsToText = ({ gaps, unread, uses }: Findings, colour: boolean): string => {
  const chalk = new Chalk({ level: colour ? 1 : 0 })
  const paragraph = (name: string, meaning: string, rows: readonly Row[]): string => {
    const width = Math.max(...rows.map(({ what }) => what.length))
    const lines = rows.map(({ what, where }) => `  ${what.padEnd(width)}  ${chalk.dim(where)}`.trimEnd())
    return [`${chalk.bold(name)}: ${wrapFrom(meaning, name.length + 2)}`, ...lines].join('\n')
  }
  const isOneFile = new Set([...gaps.map(({ place }) => place), ...unread].map(({ file }) => file)).size === 1
  const paragraphs = AREAS.flatMap((area) => {
    const here = gaps.filter((gap) => gap.area === area)
    return here.length === 0 ? [] : paragraph(area, MEANINGS[area], rowsOf(here, isOneFile))
  })
  if (gaps.length > 0) {
    const lines = new Set(gaps.map(({ place }) => `${place.file}:${place.line}`)).size
    paragraphs.unshift(`hapsim does not fully emulate ${plural(lines, 'line')}:`)
  }
  if (unread.length > 0) paragraphs.push(paragraph('not fully checked', UNREAD, unreadRows(unread, isOneFile)))
  for (const needs of new Set(uses.map((use) => use.needs))) {
    const rows = uses.filter((use) => use.needs === needs).map(rowOfUse)
    paragraphs.push(paragraph('used by scripts', usedMeaning(needs), rows))
  }
  return paragraphs.length === 0 ? '' : `\n${paragraphs.join('\n\n')}`
}

interface Row {
  readonly what: string
  readonly where: string
}

const rowOfUse = ({ what, file, line }: ScriptUse): Row => ({ what, where: `${file}:${line}` })

const unreadRows = (unread: readonly Place[], isOneFile: boolean): readonly Row[] =>
  [...new Set(unread.map(({ file }) => file))].map((file) => {
    const lines = unread.filter((place) => place.file === file).map(({ line }) => line)
    return { what: linesText(lines, isOneFile ? '' : file), where: '' }
  })

/** `line 3`, `lines 3, 5-8`, `file.cfg:3`. */
const linesText = (lines: readonly number[], file: string): string =>
  file === '' ? `${new Set(lines).size === 1 ? 'line' : 'lines'} ${rangesOf(lines)}` : `${file}:${rangesOf(lines)}`

/** Merges equal gaps of a file into one row with all their lines. */
const rowsOf = (gaps: readonly Gap[], isOneFile: boolean): readonly Row[] => {
  const rows = new Map<string, { what: string; file: string; lines: number[] }>()
  for (const { what, place } of gaps) {
    const key = `${place.file}\n${what}`
    const row = rows.get(key)
    if (row) row.lines.push(place.line)
    else rows.set(key, { what, file: place.file, lines: [place.line] })
  }
  return [...rows.values()].map(({ what, file, lines }) => ({
    what,
    where: linesText(lines, isOneFile ? '' : file),
  }))
}

/** Formats ascending numbers as `3, 5-8`. */
const rangesOf = (lines: readonly number[]): string => {
  const ranges: [number, number][] = []
  for (const line of new Set(lines)) {
    const last = ranges.at(-1)
    if (last && line === last[1] + 1) last[1] = line
    else ranges.push([line, line])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

/** Wraps a text; its first line starts at column `indent`. */
const wrapFrom = (text: string, indent: number): string => {
  let used = indent
  return text
    .split(' ')
    .map((word, index) => {
      if (index > 0 && used + 1 + word.length > WIDTH) {
        used = 2 + word.length
        return `\n  ${word}`
      }
      used += word.length + (index > 0 ? 1 : 0)
      return index > 0 ? ` ${word}` : word
    })
    .join('')
}
