/**
 * The forms in which statistics are written: comma-separated, typed and JSON (sections 9.1, 9.2 and 9.4 of the management
 * guide).
 */
import { STAT_COLUMNS, type StatSide } from './columns.js'
import { INFO_DESCRIPTIONS } from './descriptions/info.js'
import { MODULE_DESCRIPTIONS } from './descriptions/modules.js'
import { STAT_DESCRIPTIONS } from './descriptions/stat.js'
import { csvValue, typedValue, type StatsField } from './field.js'
import type { InfoField } from './info.js'
import { jsonField, type JsonOwner } from './json.js'
import { MODULE_COLUMNS, moduleLine } from './modules.js'
import type { Proxy } from '../proxy/proxy.js'
import type { StatRow } from './row.js'

export interface StatForm {
  readonly kind: 'csv' | 'typed' | 'json'
  /** whether the description of each field follows it; ignored by the CSV and JSON formats */
  readonly described: boolean
}

/** An object of `show stat`. */
export interface StatObject {
  readonly side: StatSide
  readonly proxy: Proxy
  readonly row: StatRow
}

/** All objects in one form. */
export const statText = ({ kind, described }: StatForm, objects: Iterable<StatObject>): string => {
  if (kind === 'json') return `${JSON.stringify(Array.from(objects, jsonFields))}\n`
  let text = kind === 'csv' ? csvHeader() : ''
  for (const object of objects) text += kind === 'csv' ? csvLine(object) : typedLines(object, described)
  return text
}

/** The first line of the comma-separated form. */
const csvHeader = (): string => `# ${STAT_COLUMNS.join()},-,${MODULE_COLUMNS.join()},\n`

const csvLine = ({ side, proxy, row }: StatObject): string => {
  const values = STAT_COLUMNS.map((column) => csvValue(row[column])).join()
  return `${values},-,${moduleLine(side, proxy).map(csvValue).join()},\n`
}

type Visit = (name: string, position: number, field: StatsField, description: string | undefined) => void

/** Iterates over the fields that are set, those of modules last. */
const eachField = ({ side, proxy, row }: StatObject, visit: Visit): void => {
  STAT_COLUMNS.forEach((name, position) => {
    const field = row[name]
    if (field) visit(name, position, field, STAT_DESCRIPTIONS[name])
  })
  moduleLine(side, proxy).forEach((field, i) => {
    const name = MODULE_COLUMNS[i]!
    if (field) visit(name, STAT_COLUMNS.length + i, field, MODULE_DESCRIPTIONS[name])
  })
}

/** `S.3.1.17.status.1:SGP:str:DOWN`: kind of object, its numbers, number and name of the column, process. */
const typedLines = (object: StatObject, described: boolean): string => {
  const { side, row } = object
  const owner = `${side}.${row.iid!.value}.${row.sid!.value}`
  let text = ''
  eachField(object, (name, position, field, description) => {
    text += `${owner}.${position}.${name}.1:${field.tags}:${typedValue(field)}${described ? `:"${description ?? ''}"` : ''}\n`
  })
  return text
}

const OBJECT_TYPES: Readonly<Record<StatSide, JsonOwner['objType']>> = {
  F: 'Frontend',
  B: 'Backend',
  S: 'Server',
  L: 'Listener',
}

const jsonFields = (object: StatObject): readonly object[] => {
  const { side, row } = object
  const owner = { objType: OBJECT_TYPES[side], proxyId: Number(row.iid!.value), id: Number(row.sid!.value) }
  const fields: object[] = []
  eachField(object, (name, position, field) => fields.push(jsonField(position, name, field, owner)))
  return fields
}

/** `show info` */
export const infoText = (
  { kind, described }: { readonly kind: 'text' | 'typed' | 'json'; readonly described: boolean },
  fields: readonly InfoField[],
): string => {
  const there = fields.flatMap(([name, field], position) => (field ? [{ name, field, position }] : []))
  if (kind === 'json')
    return `${JSON.stringify(there.map(({ name, field, position }) => jsonField(position, name, field, undefined)))}\n`
  return there
    .map(({ name, field, position }) => {
      const description = described ? `:"${INFO_DESCRIPTIONS[name] ?? ''}"` : ''
      if (kind === 'text') return `${name}: ${field.value}${description}\n`
      return `${position}.${name}.1:${field.tags}:${typedValue(field)}${description}\n`
    })
    .join('')
}
