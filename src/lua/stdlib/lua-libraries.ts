/** The libraries implemented on the VM, as functions that open them (`luaopen_…`). */
import { LuaTable } from '../vm/table.js'
import type { LuaThread } from '../vm/state.js'
import { REGISTRY_GLOBALS } from '../vm/state.js'
import { Type, type LuaValue, type NativeFunction } from '../vm/value.js'
import { BASE_FUNCTIONS } from './lua-base.js'
import { BIT32_FUNCTIONS } from './lua-bit32.js'
import { coroutineFunctions } from './lua-coroutine.js'
import { MATH_CONSTANTS, mathFunctions } from './lua-math.js'
import { STRING_METAMETHODS, stringFunctions } from './lua-string.js'
import { TABLE_FUNCTIONS } from './lua-table.js'
import { charPattern, UTF8_FUNCTIONS } from './lua-utf8.js'

const fill = (table: LuaTable, entries: Readonly<Record<string, LuaValue>>): LuaTable => {
  for (const [name, value] of Object.entries(entries)) table.setKey(name, value)
  return table
}

const give = (L: LuaThread, table: LuaTable): number => {
  L.stack[L.top++] = table
  return 1
}

const opens =
  (entries: (L: LuaThread) => Readonly<Record<string, LuaValue>>): NativeFunction =>
  (L) =>
    give(L, fill(new LuaTable(), entries(L)))

export const openBase: NativeFunction = (L) => {
  const globals = L.l_G.registry.getInt(REGISTRY_GLOBALS) as LuaTable
  fill(globals, BASE_FUNCTIONS)
  globals.setKey('_G', globals)
  globals.setKey('_VERSION', `Lua ${L.l_G.version}`)
  return give(L, globals)
}

export const openString: NativeFunction = (L) => {
  const library = fill(new LuaTable(), stringFunctions())
  const mt = fill(new LuaTable(), L.l_G.lua54 ? STRING_METAMETHODS : {})
  mt.setKey('__index', library)
  L.l_G.mt[Type.STRING] = mt
  return give(L, library)
}

export const openBit32 = opens(() => BIT32_FUNCTIONS)
export const openTable = opens(() => TABLE_FUNCTIONS)
export const openUtf8 = opens((L) => ({ ...UTF8_FUNCTIONS, charpattern: charPattern(L.l_G.lua54) }))
export const openCoroutine = opens((L) => coroutineFunctions(L.l_G.lua54))

/** @param seed returns 64 bits: the initial seed of `math.random`, and the one for `math.randomseed()` */
export const openMath = (seed: (L: LuaThread) => bigint): NativeFunction =>
  opens((L) => ({ ...mathFunctions(() => seed(L)), ...MATH_CONSTANTS }))
