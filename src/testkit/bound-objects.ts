/**
 * Simulation objects in Lua: each kind listed in objects.ts is a Lua class, an object always maps to the same Lua value, and exceptions
 * propagate in both directions.
 */
import { throwLuaError } from '../lua/binding/errors.js'
import { LuaClass } from '../lua/binding/lua-class.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../lua/fengari.js'
import { CONNECTION, isConnection } from './client-objects.js'
import { Values, type Kind } from './kind.js'
import { checkMethodArguments, kindsOf } from './objects.js'
import type { ProcessDefaults } from './haproxy-options.js'
import { camelCase, pushValue, readValue, type Bridge } from './values.js'

const {
  lua_checkstack,
  lua_error,
  lua_gettop,
  lua_pcall,
  lua_pushcfunction,
  lua_pushstring,
  lua_pushvalue,
  lua_rawgeti,
  lua_settop,
  lua_tostring,
  lua_type,
  LUA_OK,
  LUA_REGISTRYINDEX,
  LUA_TTABLE,
} = lua
const { luaL_ref, luaL_unref } = lauxlib

/** A Lua error propagating through TypeScript; `reference` is its value in the registry. */
class LuaErrorValue extends Error {
  constructor(readonly reference: number) {
    super('Lua error')
  }
}

export interface BoundObjectsOptions {
  /** settings of all processes */
  readonly processes: ProcessDefaults
  /** called with every result returned to Lua */
  readonly onResult: (result: unknown) => void
}

export class BoundObjects implements Bridge {
  /** the coroutine in which Lua functions are called back */
  running: lua_State
  readonly #options: BoundObjectsOptions
  readonly #kinds: ReadonlyMap<unknown, LuaClass<object>>
  readonly #connection: LuaClass<object>
  /** registry references of the objects known to Lua */
  readonly #objects = new WeakMap<object, number>()

  constructor(L: lua_State, options: BoundObjectsOptions) {
    this.running = L
    this.#options = options
    this.#kinds = new Map(kindsOf(options.processes).map(([type, kind]) => [type, this.#classOf(kind)]))
    this.#connection = this.#classOf(CONNECTION)
  }

  pushObject(L: lua_State, object: object): boolean {
    const known = this.#objects.get(object)
    if (known !== undefined) {
      lua_rawgeti(L, LUA_REGISTRYINDEX, known)
      return true
    }
    const type = this.#kinds.get(object.constructor) ?? (isConnection(object) ? this.#connection : undefined)
    if (type === undefined) return false
    type.push(L, object)
    lua_pushvalue(L, -1)
    this.#objects.set(object, luaL_ref(L, LUA_REGISTRYINDEX))
    return true
  }

  callback(reference: number): (...args: unknown[]) => unknown {
    return (...args) => {
      const L = this.running
      const base = lua_gettop(L)
      lua_checkstack(L, args.length + 4)
      lua_rawgeti(L, LUA_REGISTRYINDEX, reference)
      for (const arg of args) pushValue(L, arg, this)
      if (lua_pcall(L, args.length, 1, 0) !== LUA_OK) throw new LuaErrorValue(luaL_ref(L, LUA_REGISTRYINDEX))
      const result = readValue(L, -1, this)
      lua_settop(L, base)
      return result
    }
  }

  /** Runs an action on behalf of Lua and pushes its result. An exception becomes a Lua error. */
  enter(L: lua_State, action: () => unknown): number {
    const before = this.running
    this.running = L
    let result: unknown
    let problem: unknown
    try {
      result = action()
    } catch (error) {
      problem = error ?? new Error('undefined was thrown')
    }
    this.running = before
    if (problem instanceof LuaErrorValue) {
      lua_rawgeti(L, LUA_REGISTRYINDEX, problem.reference)
      luaL_unref(L, LUA_REGISTRYINDEX, problem.reference)
      return lua_error(L)
    }
    if (problem !== undefined) throwLuaError(L, problem instanceof Error ? problem.message : String(problem))
    this.#options.onResult(result)
    const values = result instanceof Values ? result.list : [result]
    for (const value of values) pushValue(L, value, this)
    return values.length
  }

  #classOf(kind: Kind): LuaClass<object> {
    const methods = new Map(
      Object.entries(kind.methods).map(([name, call]) => [name, this.#method(() => type, kind.name, name, call)]),
    )
    const type: LuaClass<object> = new LuaClass<object>(kind.name, {
      metamethods: {
        __index: (L) => {
          const object = type.check(L, 1)
          const given = jsString(lua_tostring(L, 2) ?? new Uint8Array())
          const name = camelCase(given)
          const method = methods.get(name)
          if (method) lua_pushcfunction(L, method)
          else if (Object.hasOwn(kind.properties, name)) pushValue(L, kind.properties[name]!(object as never), this)
          else if (kind.index) pushValue(L, kind.index(object as never, given), this)
          else throwLuaError(L, `${kind.name} has no field or method '${name}'`)
          return 1
        },
        __newindex: (L) => throwLuaError(L, `${kind.name} is read-only`),
        __tostring: (L) => {
          lua_pushstring(L, luaString(kind.name))
          return 1
        },
      },
    })
    return type
  }

  #method(
    type: () => LuaClass<object>,
    kind: string,
    name: string,
    call: (object: never, ...args: never[]) => unknown,
  ): LuaFunction {
    return (L) => {
      if (lua_type(L, 1) !== LUA_TTABLE) throwLuaError(L, `use a colon to call a method: object:${name}(…)`)
      const object = type().check(L, 1)
      return this.enter(L, () => {
        const args: unknown[] = []
        for (let i = 2; i <= lua_gettop(L); i++) args.push(readValue(L, i, this))
        checkMethodArguments(kind, name, args)
        return call(object as never, ...(args as never[]))
      })
    }
  }
}
