/** Conversion of values to text by `tostring` (`luaL_tolstring`). */
import { cString } from '../vm/bytes.js'
import { typeName } from '../vm/type-of.js'
import { throwError } from '../vm/arguments.js'
import { metamethodOf, metatableOf } from '../vm/metamethod.js'
import { callWithoutYield } from '../vm/native-operations.js'
import { numberText } from '../vm/number-text.js'
import { objectAddress, type LuaThread } from '../vm/state.js'
import { LightUserdata, type LuaValue } from '../vm/value.js'

export const displayText = (L: LuaThread, value: LuaValue): string => {
  if (typeof value === 'string') return value
  const method = metamethodOf(L, value, '__tostring')
  if (method !== undefined) {
    const result = callWithoutYield(L, method, [value])
    if (typeof result === 'string') return result
    return numberText(result) ?? throwError(L, "'__tostring' must return a string")
  }
  if (value === undefined) return 'nil'
  if (typeof value === 'boolean') return String(value)
  const number = numberText(value)
  if (number !== undefined) return number
  const named = metatableOf(L, value)?.getKey('__name')
  const object: unknown = value instanceof LightUserdata ? value.p : value
  const kind = typeof named === 'string' ? cString(named) : typeName(value)
  return `${kind}: ${isObject(object) ? objectAddress(L.l_G, object) : object === null ? '(nil)' : String(object)}`
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'
