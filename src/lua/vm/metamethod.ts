/** Lookup of metamethods (ltm.c). */
import { LuaTable, type FastMeta } from './table.js'
import { typeOf } from './type-of.js'
import { Userdata, type LuaValue } from './value.js'
import type { LuaThread } from './state.js'

export const metatableOf = (L: LuaThread, value: LuaValue): LuaTable | null =>
  value instanceof LuaTable || value instanceof Userdata ? value.metatable : (L.l_G.mt[typeOf(value)] ?? null)

export const metamethodOf = (L: LuaThread, value: LuaValue, name: string): LuaValue =>
  metatableOf(L, value)?.getKey(name)

/** Returns one of the metamethods whose absence tables cache. */
export const fastMetamethod = (mt: LuaTable | null, name: FastMeta): LuaValue =>
  mt === null ? undefined : mt.meta(name)
