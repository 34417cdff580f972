/** The class Regex: regular expressions of PCRE2 for scripts (`hlua_regex_…` in src/hlua_fcn.c). */
import { compileRegex, isRegexError, Regex } from '../../regex/index.js'
import { functionTable, setFunctions } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushBytes } from '../binding/results.js'
import { lauxlib, lua, type LuaFunction, type lua_State } from '../fengari.js'
import type { ApiPart } from './api-part.js'

const { lua_createtable, lua_isboolean, lua_pushboolean, lua_rawseti, lua_setmetatable, lua_toboolean } = lua
const { luaL_argcheck, luaL_checklstring, luaL_checkstring } = lauxlib

/** `tune.bufsize`: longer texts do not match, in bytes. */
const BUFFER_SIZE = 16384
/** how many captures `match` returns at most, the whole match included */
const MAX_CAPTURES = 20

const byteString = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

const create: LuaFunction = (L) => {
  const pattern = byteString(luaL_checkstring(L, 1))
  luaL_argcheck(L, lua_isboolean(L, 2), 2, '(null)')
  const regex = compileRegex(pattern, { ignoreCase: !lua_toboolean(L, 2) })
  lua_pushboolean(L, !isRegexError(regex))
  if (isRegexError(regex)) pushBytes(L, Buffer.from(regex.error, 'latin1'))
  else regexClass.push(L, regex)
  return 2
}

const exec: LuaFunction = (L) => {
  const regex = regexClass.check(L, 1)
  const text = byteString(luaL_checklstring(L, 2))
  lua_pushboolean(L, text.length < BUFFER_SIZE && regex.test(text))
  return 1
}

const match: LuaFunction = (L) => {
  const regex = regexClass.check(L, 1)
  const bytes = luaL_checklstring(L, 2)
  if (bytes.length >= BUFFER_SIZE) {
    lua_pushboolean(L, false)
    return 1
  }
  const captures = regex.exec(byteString(bytes))
  lua_pushboolean(L, captures !== undefined)
  lua_createtable(L, 0, 0)
  // the list ends before the first group that did not take part
  for (let i = 0; captures && i < MAX_CAPTURES && (captures[2 * i] ?? -1) >= 0; i++) {
    pushBytes(L, bytes.slice(captures[2 * i], captures[2 * i + 1]))
    lua_rawseti(L, -2, i + 1)
  }
  return 2
}

const regexClass = new LuaClass<Regex>('Regex', { type: Regex, methods: { exec, match } })

const FUNCTIONS = functionTable({ new: create })

const pushRegex = (L: lua_State): void => {
  lua_createtable(L, 0, 0)
  setFunctions(L, FUNCTIONS)
  regexClass.pushMetatable(L)
  lua_setmetatable(L, -2)
}

export const REGEX: ApiPart = { global: { name: 'Regex', push: pushRegex } }
