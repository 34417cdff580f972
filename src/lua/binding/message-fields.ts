/** Reading and changing the fields of messages, as the classes HTTP and HTTPMessage do (`hlua_http_get_headers` and its like in src/hlua.c). */
import { lowerCase } from '../../http/characters.js'
import type { Fields, RequestHead, ResponseHead } from '../../http/index.js'
import { compileRegex, isRegexError } from '../../regex/index.js'
import { addField, replaceFields, type Rewritable } from '../../haproxy/streams/http/rewriting.js'
import type { Message } from '../../haproxy/streams/http/transaction.js'
import type { MessageBuffer } from '../../haproxy/streams/buffer.js'
import { lauxlib, luaString, type lua_State } from '../fengari.js'
import { push } from '../vm/api/push.js'
import { checkCString, checkText } from '../vm/arguments.js'
import { LuaTable } from '../vm/table.js'

const { luaL_argerror } = lauxlib

/** A message while its head is in the buffer; undefined once that was sent. */
export const rewritable = <Head extends RequestHead | ResponseHead>(
  message: Message<Head>,
  buffer: MessageBuffer,
): Rewritable<Head> | undefined => {
  const head = buffer.anyHead as Head | undefined
  if (!head) return undefined
  return { buffer, message: message.head === head ? message : { head, hasAuthority: false } }
}

/** Makes a table of the values by name, which count from 0. */
export const headerTable = (fields: Iterable<{ readonly name: string; readonly value: string }>): LuaTable => {
  const headers = new LuaTable()
  for (const { name, value } of fields) {
    const values = headers.get(name)
    if (values instanceof LuaTable) values.setInt(values.length + 1, value)
    else {
      const first = new LuaTable(0, 1)
      first.setInt(0, value)
      headers.set(name, first)
    }
  }
  return headers
}

const NO_FIELDS: Pick<Fields, typeof Symbol.iterator> = []

/** Pushes the fields of a message. */
export const pushFields = (L: lua_State, message: Rewritable | undefined): 1 => {
  push(L, headerTable(message?.message.head?.fields ?? NO_FIELDS))
  return 1
}

/** Removes the fields that argument 2 names. */
export const removeNamed = (L: lua_State, message: Rewritable | undefined): 0 => {
  message?.message.head!.fields.remove(lowerCase(checkText(L, 2)))
  return 0
}

/** Adds a field: name and value are arguments 2 and 3. @param replaces whether others of that name are removed */
export const addNamed = (L: lua_State, message: Rewritable | undefined, replaces: boolean): 0 => {
  const name = checkText(L, 2)
  if (replaces) removeNamed(L, message)
  const value = checkText(L, 3)
  if (message) addField(message, name, value)
  return 0
}

/** Replaces what the expression of argument 3 matches in fields of the name of argument 2. @param whole whether it has to match whole values */
export const replaceNamed = (L: lua_State, message: Rewritable | undefined, whole: boolean): number => {
  const name = checkText(L, 2)
  const regex = compileRegex(checkCString(L, 3))
  const replacement = checkCString(L, 4)
  if (isRegexError(regex)) return luaL_argerror(L, 3, luaString('invalid regex'))
  if (message) replaceFields(message, name, regex, replacement, whole)
  return 0
}
