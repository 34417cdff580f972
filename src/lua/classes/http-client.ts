/** `core.httpclient` (`hlua_httpclient_new` in src/hlua.c), which is not emulated yet. */
import { throwNotEmulated } from '../binding/errors.js'
import { functionTable } from '../binding/function-table.js'
import type { LuaFunction } from '../fengari.js'
import { coroutineOf } from '../host/yielding.js'
import type { ApiPart } from './api-part.js'

const httpclient: LuaFunction = (L) => (coroutineOf(L) ? throwNotEmulated(L, 'core.httpclient') : 0)

export const HTTP_CLIENT: ApiPart = {
  coreFunctions: functionTable({ httpclient }),
  notEmulated: ['core.httpclient'],
}
