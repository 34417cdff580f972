/** The class Concat: appends strings to a buffer instead of creating a new string each time (`hlua_concat_…` in src/hlua_fcn.c). */
import { functionTable } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { lauxlib, lua, type LuaFunction } from '../fengari.js'
import { notEnoughMemory } from '../vm/operations.js'
import type { ApiPart } from './api-part.js'

const { lua_pushlstring, lua_topointer, lua_pushfstring } = lua
const { luaL_checkstring } = lauxlib

/** Initial size of the buffer, in bytes. */
const INITIAL_SIZE = 2048

class Concat {
  #bytes = new Uint8Array(INITIAL_SIZE)
  #length = 0

  add(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes.length))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  get length(): number {
    return this.#length
  }

  get value(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }
}

const create: LuaFunction = (L) => {
  concatClass.push(L, new Concat())
  return 1
}

const add: LuaFunction = (L) => {
  const concat = concatClass.check(L, 1)
  const bytes = luaL_checkstring(L, 2)
  if (concat.length + bytes.length > L.l_G.longestText) notEnoughMemory(L)
  concat.add(bytes)
  return 0
}

const dump: LuaFunction = (L) => {
  const { value } = concatClass.check(L, 1)
  lua_pushlstring(L, value, value.length)
  return 1
}

const concatClass = new LuaClass<Concat>('Concat', {
  methods: { add, dump },
  metamethods: {
    __tostring: (L) => {
      lua_pushfstring(L, 'Concat object: %p', lua_topointer(L, 1))
      return 1
    },
  },
})

export const CONCAT: ApiPart = { coreFunctions: functionTable({ concat: create }) }
