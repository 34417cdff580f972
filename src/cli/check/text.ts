/** What hapsim leaves out of a configuration, as a person reads it: by area, what it means, and where it stands. */
import { Chalk } from 'chalk'
import type { Gap } from '../../config/index.js'
import type { Registration } from '../../lua/index.js'
import { plural } from '../../report/plural.js'
import { AREAS, MEANINGS, UNCALLED } from './meanings.js'

const WIDTH = 80

/** Several lines, without the last line feed; empty where nothing is left out. @param uncalled what scripts have registered and only traffic would call */
export const findingsToText = (gaps: readonly Gap[], uncalled: readonly Registration[], colour: boolean): string => {
  if (gaps.length === 0 && uncalled.length === 0) return ''
  const chalk = new Chalk({ level: colour ? 1 : 0 })
  const paragraph = (name: string, meaning: string, rows: readonly Row[]): string => {
    const width = Math.max(...rows.map(({ what }) => what.length))
    const lines = rows.map(({ what, where }) => `  ${what.padEnd(width)}  ${chalk.dim(where)}`.trimEnd())
    return [`${chalk.bold(name)}: ${wrapped(meaning, name.length + 2)}`, ...lines].join('\n')
  }
  const isOneFile = new Set(gaps.map(({ place }) => place.file)).size === 1
  const paragraphs = AREAS.flatMap((area) => {
    const here = gaps.filter((gap) => gap.area === area)
    return here.length === 0 ? [] : paragraph(area, MEANINGS[area], rowsOf(here, isOneFile))
  })
  if (gaps.length > 0) {
    const lines = new Set(gaps.map(({ place }) => `${place.file}:${place.line}`)).size
    paragraphs.unshift(`hapsim leaves out ${plural(lines, 'line')}, whole or in part:`)
    paragraphs.push('A fault in these lines may go unnoticed:\nHAProxy reads more of them than hapsim does.')
  }
  if (uncalled.length > 0)
    paragraphs.push(paragraph('registered by scripts', UNCALLED, uncalled.map(rowOfRegistration)))
  return `\n${paragraphs.join('\n\n')}`
}

interface Row {
  readonly what: string
  readonly where: string
}

const rowOfRegistration = ({ kind, name, place }: Registration): Row => ({
  what: `${kind} 'lua.${name}'`,
  where: place === '' ? '' : `for ${place}`,
})

/** Equal gaps of a file stand together, with all their lines. */
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
    where: `${isOneFile ? (lines.length === 1 ? 'line ' : 'lines ') : `${file}:`}${rangesOf(lines)}`,
  }))
}

/** `3, 5-8` of ascending numbers. */
const rangesOf = (lines: readonly number[]): string => {
  const ranges: [number, number][] = []
  for (const line of new Set(lines)) {
    const last = ranges.at(-1)
    if (last && line === last[1] + 1) last[1] = line
    else ranges.push([line, line])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

/** A text in lines of bearable width, the first of which begins `indent` columns further on. */
const wrapped = (text: string, indent: number): string => {
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
