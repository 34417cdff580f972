/** The entries of a Lua table, in the order of `next`. */
import type { LuaTable } from '../vm/table.js'
import type { LuaValue } from '../vm/value.js'

export const tableEntries = function* (table: LuaTable): Generator<readonly [key: LuaValue, value: LuaValue]> {
  for (let at = table.next(undefined); at >= 0; at = table.next(table.keyAt(at)))
    yield [table.keyAt(at), table.valueAt(at)]
}
