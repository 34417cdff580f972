/** Validation of stick tables after parsing (check_config_validity in src/cfgparse.c, stktable_init in src/stick_table.c). */
import type { ParseContext } from '../parse-context.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { TableDraft } from './table-draft.js'

/** Resolves `write-to` of all tables, first of those in `peers`, the latest first, then of proxies. */
export const checkTables = (context: ParseContext, diagnostics: Diagnostics): void => {
  const { all } = context.tables
  if (all.length === 0) return
  const targets = new Map<TableDraft, string>()
  for (const table of all) if (table.writeTo !== undefined) targets.set(table, table.writeTo)
  const check = (table: TableDraft, prefix: string): void => {
    const name = targets.get(table)
    if (name === undefined) return
    // an invalid reference is forgotten, and one to the table itself is valid
    targets.delete(table)
    const problem = writeToProblem(context, table, name, targets)
    if (problem === undefined) targets.set(table, name)
    else diagnostics.add('alert', `${prefix}: write-to: ${problem}.`, table.place)
  }
  for (const table of [...all].reverse())
    if (table.owner.kind === 'peers')
      check(
        table,
        `Parsing [${table.place.file}:${table.place.line}]: failed to initialize '${table.name}' stick-table`,
      )
  for (const { settings, table, name } of context.proxies)
    if (!settings.disabled && table) check(table, `Proxy '${name}': failed to initialize stick-table`)
}

const writeToProblem = (
  { tables }: ParseContext,
  table: TableDraft,
  name: string,
  targets: ReadonlyMap<TableDraft, string>,
): string | undefined => {
  const target = tables.find(name)
  if (!target) return `table '${name}' doesn't exist`
  if (targets.has(target)) return `table '${target.name}' is already used as a source table`
  if (target.type !== table.type)
    return `cannot mix table types ('${target.name}' has '${target.type}' type and '${table.name}' has '${table.type}' type)`
  if (target.keySize !== table.keySize)
    return (
      `cannot mix key sizes ('${target.name}' has '${target.keySize}' key_size and ` +
      `'${table.name}' has '${table.keySize}' key_size)`
    )
  return undefined
}
