/**
 * The binding layer: how a JavaScript object becomes what HAProxy calls a class. An object in Lua is a table whose entry
 * [0] holds the JavaScript object; its metatable is known by its class and says `HAProxy class X` to tostring
 * (hlua_register_metatable and hlua_checkudata in src/hlua_fcn.c). Some classes have their methods in the metatable's
 * `__index`, others as entries of every object: both are visible to scripts, so both are done as HAProxy does them.
 */
import { lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/state.js'
import type { LuaTable } from '../vm/table.js'

const {
  lua_createtable,
  lua_gettop,
  lua_isinteger,
  lua_istable,
  lua_next,
  lua_pop,
  lua_pushboolean,
  lua_pushcfunction,
  lua_pushinteger,
  lua_pushlightuserdata,
  lua_pushnil,
  lua_pushstring,
  lua_rawequal,
  lua_rawgeti,
  lua_rawlen,
  lua_rawset,
  lua_rawseti,
  lua_getmetatable,
  lua_setmetatable,
  lua_tointeger,
  lua_touserdata,
  LUA_REGISTRYINDEX,
} = lua
const { luaL_argerror, luaL_error, luaL_ref } = lauxlib

/** Functions by name, with the names as Lua strings: made once, registered in every state. */
export type FunctionTable = readonly (readonly [name: Uint8Array, call: LuaFunction])[]

export const functionTable = (functions: Readonly<Record<string, LuaFunction>>): FunctionTable =>
  Object.entries(functions).map(([name, call]) => [luaString(name), call] as const)

/** Sets the functions in the table on top of the stack. */
export const setFunctions = (L: lua_State, functions: FunctionTable): void => {
  for (const [name, call] of functions) {
    lua_pushstring(L, name)
    lua_pushcfunction(L, call)
    lua_rawset(L, -3)
  }
}

/** Sets integers in the table on top of the stack. */
export const setIntegers = (L: lua_State, constants: readonly (readonly [name: Uint8Array, value: number])[]): void => {
  for (const [name, value] of constants) {
    lua_pushstring(L, name)
    lua_pushinteger(L, value)
    lua_rawset(L, -3)
  }
}

export interface ClassParts {
  /** found through the metatable's `__index` */
  readonly methods?: Readonly<Record<string, LuaFunction>>
  /** set in every object */
  readonly ownMethods?: Readonly<Record<string, LuaFunction>>
  /** `__index`, `__pairs` … ; `__tostring` unless the usual one is wanted */
  readonly metamethods?: Readonly<Record<string, LuaFunction>>
}

/** A class of objects that stand for JavaScript objects of type `T`. Immutable: one definition serves all states. */
export class LuaClass<T extends object> {
  readonly #methods: FunctionTable | undefined
  readonly #ownMethods: FunctionTable | undefined
  readonly #metamethods: FunctionTable

  constructor(
    readonly name: string,
    parts: ClassParts,
  ) {
    const text = luaString(`HAProxy class ${name}`)
    const tostring: LuaFunction = (L) => {
      lua_pushstring(L, text)
      return 1
    }
    this.#methods = parts.methods && functionTable(parts.methods)
    this.#ownMethods = parts.ownMethods && functionTable(parts.ownMethods)
    this.#metamethods = functionTable({ __tostring: tostring, ...parts.metamethods })
  }

  /** Pushes a new Lua object that stands for `object`. */
  push(L: lua_State, object: T): void {
    const refs = this.#refs(L)
    refs.objects.add(object)
    if (refs.own === 0) lua_createtable(L, 0, 0)
    else pushCopy(L, refs.own)
    lua_pushlightuserdata(L, object)
    lua_rawseti(L, -2, 0)
    lua_rawgeti(L, LUA_REGISTRYINDEX, refs.meta)
    lua_setmetatable(L, -2)
  }

  /** Pushes the metatable of the class. */
  pushMetatable(L: lua_State): void {
    lua_rawgeti(L, LUA_REGISTRYINDEX, this.#refs(L).meta)
  }

  /** The JavaScript object behind argument `arg`; throws HAProxy's argument error when it is none of this class. */
  check(L: lua_State, arg: number): T {
    if (!lua_istable(L, arg) || !lua_getmetatable(L, arg)) return luaL_argerror(L, arg, NULL_MESSAGE)
    const refs = this.#refs(L)
    lua_rawgeti(L, LUA_REGISTRYINDEX, refs.meta)
    const same = lua_rawequal(L, -1, -2)
    lua_pop(L, 2)
    if (!same) return luaL_argerror(L, arg, NULL_MESSAGE)
    lua_rawgeti(L, arg, 0)
    const object = lua_touserdata(L, -1)
    lua_pop(L, 1)
    // a script may have put there what belongs to another class
    if (!object || !refs.objects.has(object)) return luaL_argerror(L, arg, NULL_MESSAGE)
    return object as T
  }

  #refs(L: lua_State): ClassRefs {
    const { classRefs } = stateOf(L)
    let refs = classRefs.get(this)
    if (refs === undefined) {
      refs = this.#register(L)
      classRefs.set(this, refs)
    }
    return refs
  }

  #register(L: lua_State): ClassRefs {
    lua_createtable(L, 0, 0)
    setFunctions(L, this.#metamethods)
    if (this.#methods) {
      lua_pushstring(L, INDEX)
      lua_createtable(L, 0, 0)
      setFunctions(L, this.#methods)
      lua_rawset(L, -3)
    }
    const meta = luaL_ref(L, LUA_REGISTRYINDEX)
    const objects = new WeakSet()
    if (!this.#ownMethods) return { meta, own: 0, objects }
    lua_createtable(L, 0, 0)
    // what an object stands for is its first entry: here is the place for it
    lua_pushboolean(L, true)
    lua_rawseti(L, -2, 0)
    setFunctions(L, this.#ownMethods)
    return { meta, own: luaL_ref(L, LUA_REGISTRYINDEX), objects }
  }
}

const INDEX = luaString('__index')

/** HAProxy passes no message here, which the C library prints so. */
const NULL_MESSAGE = luaString('(null)')

/** References in a state's registry to what belongs to a class; 0 for none. */
export interface ClassRefs {
  readonly meta: number
  readonly own: number
  /** what objects of the class stand for */
  readonly objects: WeakSet<object>
}

/** Pushes a copy of the table that `reference` in the registry refers to. */
const pushCopy = (L: lua_State, reference: number): void => {
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference)
  const { stack, top } = L
  stack[top - 1] = (stack[top - 1] as LuaTable).copy()
}

/**
 * Calls `visit` with each value of the table at `index` on top of the stack: those of the array first and in order, as
 * tables of Lua have it and those of fengari have not always.
 */
export const eachValue = (L: lua_State, index: number, visit: () => void): void => {
  const length = lua_rawlen(L, index)
  for (let i = 1; i <= length; i++) {
    lua_rawgeti(L, index, i)
    visit()
    lua_pop(L, 1)
  }
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    const inArray = lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= length
    if (!inArray) visit()
  }
}

/** Throws a Lua error with the place of the caller before it (`luaL_error`). */
export const throwError = (L: lua_State, message: string): never => luaL_error(L, '%s', luaString(message))

/** `check_args`: exactly `count` arguments. */
export const checkArguments = (L: lua_State, count: number, name: string): void => {
  if (lua_gettop(L) !== count) throwError(L, `'${name}' needs ${count} arguments`)
}
