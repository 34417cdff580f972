/** The class StickTable (`hlua_stktable_…` in src/hlua_fcn.c). */
import type { StickTableConfig } from '../../config/model/tables.js'
import { TABLE_DATA_TYPES, tableDataName } from '../../config/tables/data-types.js'
import { StickTable } from '../../haproxy/tables/stick-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushInteger, pushString } from '../binding/results.js'
import { tableEntries } from '../binding/table-entries.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { argument } from '../vm/arguments.js'
import { cString } from '../vm/bytes.js'
import { LuaTable } from '../vm/table.js'
import type { ApiPart } from './api-part.js'

const { lua_createtable, lua_pushboolean, lua_pushnil, lua_rawset } = lua

/** `STKTABLE_FILTER_LEN` */
const MAX_CONDITIONS = 4

/** `get_std_op` in src/tools.c */
const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'le', 'lt', 'ge', 'gt'])

const setField = (L: lua_State, name: string, push: () => void): void => {
  pushString(L, name)
  push()
  lua_rawset(L, -3)
}

const setInteger = (L: lua_State, name: string, value: number): void => setField(L, name, () => pushInteger(L, value))

const milliseconds = (micros: number): number => micros / 1000

/** Stored data by name, with the period of a rate in milliseconds, and -1 for other types. */
const pushData = (L: lua_State, { data }: StickTableConfig): void => {
  lua_createtable(L, 0, 0)
  for (const name of TABLE_DATA_TYPES.keys()) {
    const stored = data.get(name)
    if (stored) setInteger(L, name, stored.period === undefined ? -1 : milliseconds(stored.period))
  }
}

const info: LuaFunction = (L) => {
  const { config, used } = stickTableClass.check(L, 1)
  lua_createtable(L, 0, 0)
  setField(L, 'type', () => pushString(L, config.type))
  setInteger(L, 'length', config.keySize)
  setInteger(L, 'size', config.size)
  setInteger(L, 'used', used)
  setField(L, 'nopurge', () => lua_pushboolean(L, config.nopurge))
  setInteger(L, 'expire', milliseconds(config.expire ?? 0))
  setField(L, 'data', () => pushData(L, config))
  return 1
}

const lookup: LuaFunction = (L) => {
  stickTableClass.check(L, 1)
  lua_pushnil(L)
  return 1
}

/** The error of a condition `{ data, operator, number }`; undefined if it is valid. */
const conditionProblem = (condition: unknown, { data }: StickTableConfig): string | undefined => {
  if (!(condition instanceof LuaTable) || condition.length !== 3)
    return 'Filter table entry must be a triplet: {"data_col", "op", val}'
  // HAProxy numbers the parts in the order of iteration, not by their keys
  const [column, operator] = [...tableEntries(condition)].map(([, value]) => value)
  if (typeof column !== 'string') return 'Filter table data column must be string'
  const name = tableDataName(cString(column))
  if (name === undefined || !data.has(name)) return 'Filter table data column not present in stick table'
  if (typeof operator !== 'string') return 'Filter table operator must be string'
  return OPERATORS.has(cString(operator)) ? undefined : 'Unknown operator in filter table'
}

const filterProblem = (filter: unknown, config: StickTableConfig): string | undefined => {
  if (filter === undefined) return undefined
  if (!(filter instanceof LuaTable)) return 'filter table expected'
  let count = 0
  for (const [, condition] of tableEntries(filter)) {
    if (count >= MAX_CONDITIONS) return `Filter table too large (len > ${MAX_CONDITIONS})`
    const problem = conditionProblem(condition, config)
    count++
    if (problem !== undefined) return `${problem} (entry #${count})`
  }
  return undefined
}

const dump: LuaFunction = (L) => {
  const { config } = stickTableClass.check(L, 1)
  const problem = filterProblem(argument(L, 2), config)
  if (problem === undefined) {
    lua_createtable(L, 0, 0)
    return 1
  }
  lua_pushnil(L)
  pushString(L, problem)
  return 2
}

const stickTableClass = new LuaClass<StickTable>('StickTable', {
  type: StickTable,
  methods: { info, lookup, dump },
})

export const STICK_TABLE: ApiPart = { class: stickTableClass }
