/** The forms in which statistics are written: comma-separated and typed (sections 9.1 and 9.2 of the management guide). */
import { STAT_COLUMNS, type StatSide } from './columns.js'
import { csvValue, typedValue, type Field } from './field.js'
import type { InfoField } from './info.js'
import { MODULE_COLUMNS, moduleLine } from './modules.js'
import type { Proxy } from '../proxy.js'
import type { StatRow } from './row.js'

export type StatForm = 'csv' | 'typed'

/** The first line of the comma-separated form. */
export const csvHeader = (): string => `# ${STAT_COLUMNS.join()},-,${MODULE_COLUMNS.join()},\n`

/** One object of `show stat`. */
export const statLine = (form: StatForm, side: StatSide, proxy: Proxy, row: StatRow): string =>
  (form === 'csv' ? csvLine : typedLines)(side, row, moduleLine(side, proxy))

type Fields = readonly (Field | undefined)[]

const csvLine = (_: StatSide, row: StatRow, modules: Fields): string => {
  const values = STAT_COLUMNS.map((column) => csvValue(row[column])).join()
  return `${values},-,${modules.map(csvValue).join()},\n`
}

/** `S.3.1.17.status.1:SGP:str:DOWN`: kind of object, its numbers, number and name of the column, process. */
const typedLines = (side: StatSide, row: StatRow, modules: Fields): string => {
  const object = `${side}.${row.iid!.value}.${row.sid!.value}`
  const line = (name: string, position: number, field: Field | undefined): string =>
    field === undefined ? '' : `${object}.${position}.${name}.1:${field.tags}:${typedValue(field)}\n`
  const own = STAT_COLUMNS.map((name, position) => line(name, position, row[name]))
  const added = MODULE_COLUMNS.map((name, i) => line(name, STAT_COLUMNS.length + i, modules[i]))
  return own.join('') + added.join('')
}

/** `show info` */
export const infoText = (form: 'text' | 'typed', fields: readonly InfoField[]): string =>
  fields
    .map(([name, field], position) => {
      if (field === undefined) return ''
      if (form === 'text') return `${name}: ${field.value}\n`
      return `${position}.${name}.1:${field.tags}:${typedValue(field)}\n`
    })
    .join('')
