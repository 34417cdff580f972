/** Types of values and their names (ltm.c). */
import { cString } from './bytes.js'
import { LuaTable } from './table.js'
import { isFunction, LightUserdata, LuaFloat, Type, TYPE_NAMES, Userdata, type LuaValue } from './value.js'

export const typeOf = (value: LuaValue): Type => {
  switch (typeof value) {
    case 'undefined':
      return Type.NIL
    case 'string':
      return Type.STRING
    case 'number':
    case 'bigint':
      return Type.NUMBER
    case 'boolean':
      return Type.BOOLEAN
    case 'function':
      return Type.FUNCTION
  }
  if (value instanceof LuaTable) return Type.TABLE
  if (value instanceof LuaFloat) return Type.NUMBER
  if (isFunction(value)) return Type.FUNCTION
  if (value instanceof Userdata) return Type.USERDATA
  return value instanceof LightUserdata ? Type.LIGHTUSERDATA : Type.THREAD
}

/** `luaL_typename`: the type, regardless of metatables. */
export const plainTypeName = (value: LuaValue): string => TYPE_NAMES[typeOf(value) as number]!

/** `luaT_objtypename`: the type, or the metatable's `__name`. */
export const typeName = (value: LuaValue): string => {
  if (value instanceof LuaTable || value instanceof Userdata) {
    const name = value.metatable?.getKey('__name')
    if (typeof name === 'string') return cString(name)
  }
  return plainTypeName(value)
}
