/** Formats Lua values for failure reports and debuggers. No function of a script is called, and the state does not change. */
import { fromByteString } from '../../bytes/text.js'
import { chunkId } from '../vm/errors.js'
import { numberText } from '../vm/number-text.js'
import { LuaThread } from '../vm/state.js'
import { LuaTable } from '../vm/table.js'
import { LightUserdata, LuaClosure, LuaFloat, NativeClosure, Userdata, type LuaValue } from '../vm/value.js'

const MAX_TEXT = 60
const MAX_ENTRIES = 4
const MAX_DEPTH = 2

/** A value in one line: strings are quoted and truncated, tables shown by their first entries, functions by their position. */
export const showValue = (value: LuaValue, depth = 0): string => {
  switch (typeof value) {
    case 'undefined':
      return 'nil'
    case 'string':
      return quoted(value)
    case 'boolean':
      return String(value)
    case 'function':
      return 'function (built in)'
    case 'number':
    case 'bigint':
      return String(value)
  }
  if (value instanceof LuaFloat) return numberText(value)!
  if (value instanceof LuaTable) return showTable(value, depth)
  if (value instanceof LuaClosure) {
    const { source, linedefined } = value.p
    return `function (${chunkId(source)}:${linedefined})`
  }
  if (value instanceof NativeClosure) return 'function (built in)'
  if (value instanceof LuaThread) return 'coroutine'
  return value instanceof Userdata ? (nameOf(value.metatable) ?? 'userdata') : 'userdata'
}

/** The `__name` of a metatable. */
const nameOf = (metatable: LuaTable | null): string | undefined => {
  const name = metatable?.getKey('__name')
  return typeof name === 'string' ? fromByteString(name) : undefined
}

const quoted = (text: string): string => {
  const cut = text.length > MAX_TEXT
  const shown = fromByteString(cut ? text.slice(0, MAX_TEXT) : text)
    .replace(/["\\]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    // control characters and invalid UTF-8, as in Lua's %q
    .replace(/[\0-\x1f\x7f\udc80-\udcff]/gu, (c) => `\\${c.charCodeAt(0) & 0xff}`)
  return cut ? `"${shown}…" (${text.length} bytes)` : `"${shown}"`
}

/** The entries of a table, those of the array part first, without using metamethods. */
export const entriesOf = (table: LuaTable): [key: LuaValue, value: LuaValue][] => {
  const entries: [LuaValue, LuaValue][] = []
  table.elements.forEach((value, i) => {
    if (value !== undefined) entries.push([i + 1, value])
  })
  table.keys.forEach((key, i) => {
    if (table.vals[i] !== undefined) entries.push([key, table.vals[i]])
  })
  return entries
}

/** Objects of HAProxy and of simulations are tables whose entry [0] holds the JavaScript object. */
const showTable = (table: LuaTable, depth: number): string => {
  const object = table.metatable && table.get(0)
  if (object instanceof LightUserdata) return (object.p as object).constructor.name
  const entries = entriesOf(table)
  const name = nameOf(table.metatable)
  if (entries.length === 0) return name ?? '{}'
  if (depth >= MAX_DEPTH) return name ?? '{…}'
  const { length } = table.elements
  const shown = entries
    .slice(0, MAX_ENTRIES)
    .map(([key, value]) =>
      typeof key === 'number' && key <= length
        ? showValue(value, depth + 1)
        : `${showKey(key)} = ${showValue(value, depth + 1)}`,
    )
  const more = entries.length - shown.length
  return `${name === undefined ? '' : `${name} `}{ ${shown.join(', ')}${more > 0 ? `, … ${more} more` : ''} }`
}

/** A key as it is written in a table constructor. */
export const showKey = (key: LuaValue): string =>
  typeof key === 'string' && /^[A-Za-z_]\w{0,59}$/.test(key) ? key : `[${showValue(key, MAX_DEPTH)}]`
