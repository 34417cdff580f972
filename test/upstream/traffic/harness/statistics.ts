/** `show stat` as a table: what one of two responses shows differently from the other. */
import { isMaskedColumn } from './masks.js'

/** Columns of each line, by `proxy/line`. */
export type Statistics = ReadonlyMap<string, ReadonlyMap<string, string>>

/** @param response of `show stat` */
export const readStatistics = (response: string): Statistics => {
  const [titles = '', ...lines] = response.split('\n').filter((line) => line !== '')
  const names = titles.replace(/^# /, '').split(',')
  const table = new Map<string, Map<string, string>>()
  for (const line of lines) {
    const values = (line.match(/(?<=^|,)(?:"[^"]*"|[^",]*)(?=,|$)/g) ?? []).map((value) => value.replaceAll('"', ''))
    table.set(`${values[0]}/${values[1]}`, new Map(names.map((name, i) => [name, values[i] ?? ''])))
  }
  return table
}

/** The columns that have changed, by line, of the proxies whose names begin with `prefix`. */
export const changes = (before: Statistics, after: Statistics, prefix: string): string[] =>
  [...after].flatMap(([key, columns]) => {
    if (!key.startsWith(prefix)) return []
    const changed = [...columns].filter(
      ([name, value]) => !isMaskedColumn(name) && value !== before.get(key)?.get(name),
    )
    return changed.length === 0
      ? []
      : [`${key.slice(prefix.length)}: ${changed.map(([name, value]) => `${name}=${value}`).join(' ')}`]
  })
