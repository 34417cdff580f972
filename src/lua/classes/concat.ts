/** The class Concat: appends strings to a buffer instead of creating a new string each time (`hlua_concat_…` in src/hlua_fcn.c). */
import { functionTable } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { lauxlib, lua, type LuaFunction, type lua_State } from '../fengari.js'
import { notEnoughMemory } from '../vm/operations.js'
import type { ApiPart } from './api-part.js'

const { lua_newuserdata, lua_pop, lua_pushfstring, lua_pushlstring, lua_pushvalue, lua_rawseti, lua_topointer } = lua
const { luaL_checklstring } = lauxlib

/** What the size of the buffer is a multiple of, in bytes (`HLUA_CONCAT_BLOCSZ`). */
const BLOCK = 2048

class Concat {
  #bytes = new Uint8Array(BLOCK)
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

  /** The size of HAProxy's buffer. */
  get size(): number {
    return Math.max(BLOCK, Math.ceil(this.#length / BLOCK) * BLOCK)
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
  const bytes = luaL_checklstring(L, 2)
  if (concat.length + bytes.length > L.l_G.longestText) notEnoughMemory(L)
  const { size } = concat
  concat.add(bytes)
  if (concat.size !== size) setBuffer(L, 1, concat.size)
  return 0
}

/** Sets entry [1] of the object at `index`, where HAProxy has the buffer; here it stands for the buffer's memory. */
const setBuffer = (L: lua_State, index: number, size: number): void => {
  lua_pushvalue(L, index)
  lua_newuserdata(L, size)
  lua_rawseti(L, -2, 1)
  lua_pop(L, 1)
}

const dump: LuaFunction = (L) => {
  const { value } = concatClass.check(L, 1)
  lua_pushlstring(L, value, value.length)
  return 1
}

const concatClass = new LuaClass<Concat>('Concat', {
  methods: { add, dump },
  initialize: (L) => setBuffer(L, -1, BLOCK),
  metamethods: {
    __tostring: (L) => {
      lua_pushfstring(L, 'Concat object: %p', lua_topointer(L, 1))
      return 1
    },
  },
})

export const CONCAT: ApiPart = { coreFunctions: functionTable({ concat: create }) }
