/** The function `next`. Translated code recognizes it and traverses tables without calling it. */
import { throwArgument } from '../vm/arguments.js'
import { runtimeError } from '../vm/errors.js'
import { LuaTable } from '../vm/table.js'
import type { NativeFunction } from '../vm/value.js'

export const nextFunction: NativeFunction = (L) => {
  const { stack } = L
  const { base } = L.ci
  const table = L.top > base + 1 ? stack[base + 1] : undefined
  if (!(table instanceof LuaTable)) return throwArgument(L, 1, 'table')
  const key = L.top > base + 2 ? stack[base + 2] : undefined
  if (key === undefined && L.l_G.pairsSeed !== undefined) table.shuffle(L.l_G.pairsSeed)
  const place = table.next(key)
  if (place === -2) return runtimeError(L, "invalid key to 'next'")
  L.top = base + 1
  if (place < 0) {
    stack[L.top++] = undefined
    return 1
  }
  stack[L.top++] = table.keyAt(place)
  stack[L.top++] = table.valueAt(place)
  return 2
}
