/**
 * Objects of a simulation as Lua sees them: each kind that objects.ts names is a class of Lua, an object is the same value
 * every time, and what is thrown on either side arrives on the other.
 */
import { throwError } from '../lua/binding/errors.js'
import { LuaClass } from '../lua/binding/lua-class.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../lua/fengari.js'
import { Simulation } from '../sim/index.js'
import { checkArguments, CONNECTION, isConnection, kindsOf, Values, type Kind } from './objects.js'
import type { ProcessDefaults } from './haproxy-options.js'
import type { TimeLimit } from './time-limit.js'
import { camelCase, push, read, type Bridge } from './values.js'

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

/** An error of Lua on its way through TypeScript; `reference` is its value in the registry. */
class LuaThrown extends Error {
  constructor(readonly reference: number) {
    super('an error of Lua')
  }
}

export interface BoundObjectsOptions {
  /** what is decided for all processes */
  readonly processes: ProcessDefaults
  /** ends a simulation that takes too long */
  readonly limit: TimeLimit
  /** told of everything that Lua gets from a method */
  readonly given: (result: unknown) => void
}

export class BoundObjects implements Bridge {
  /** the coroutine in which functions of Lua are called back */
  running: lua_State
  readonly #options: BoundObjectsOptions
  readonly #kinds: ReadonlyMap<unknown, LuaClass<object>>
  readonly #connection: LuaClass<object>
  /** references of the objects that Lua has */
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
      for (const arg of args) push(L, arg, this)
      if (lua_pcall(L, args.length, 1, 0) !== LUA_OK) throw new LuaThrown(luaL_ref(L, LUA_REGISTRYINDEX))
      const result = read(L, -1, this)
      lua_settop(L, base)
      return result
    }
  }

  /** Does something in TypeScript on behalf of Lua and pushes what comes of it; what is thrown there becomes an error of Lua. */
  enter(L: lua_State, action: () => unknown): number {
    const before = this.running
    this.running = L
    let result: unknown
    let problem: unknown
    try {
      result = action()
    } catch (error) {
      problem = error ?? new Error('nothing was thrown')
    }
    this.running = before
    if (problem instanceof LuaThrown) {
      lua_rawgeti(L, LUA_REGISTRYINDEX, problem.reference)
      luaL_unref(L, LUA_REGISTRYINDEX, problem.reference)
      return lua_error(L)
    }
    if (problem !== undefined) throwError(L, problem instanceof Error ? problem.message : String(problem))
    this.#options.given(result)
    const values = result instanceof Values ? result.list : [result]
    for (const value of values) push(L, value, this)
    return values.length
  }

  #classOf(kind: Kind): LuaClass<object> {
    const methods = new Map(
      Object.entries(kind.methods).map(([name, call]) => [name, this.#method(() => type, name, call)]),
    )
    const type: LuaClass<object> = new LuaClass<object>(kind.name, {
      metamethods: {
        __index: (L) => {
          const object = type.check(L, 1)
          const name = camelCase(jsString(lua_tostring(L, 2) ?? new Uint8Array()))
          const method = methods.get(name)
          if (method) lua_pushcfunction(L, method)
          else if (Object.hasOwn(kind.properties, name)) push(L, kind.properties[name]!(object as never), this)
          else throwError(L, `a ${kind.name} has no '${name}'`)
          return 1
        },
        __newindex: (L) => throwError(L, `fields of a ${kind.name} cannot be set`),
        __tostring: (L) => {
          lua_pushstring(L, luaString(kind.name))
          return 1
        },
      },
    })
    return type
  }

  #method(type: () => LuaClass<object>, name: string, call: (object: never, ...args: never[]) => unknown): LuaFunction {
    return (L) => {
      if (lua_type(L, 1) !== LUA_TTABLE) throwError(L, `call it with a colon: object:${name}(…)`)
      const object = type().check(L, 1)
      return this.enter(L, () => {
        const args: unknown[] = []
        for (let i = 2; i <= lua_gettop(L); i++) args.push(read(L, i, this))
        checkArguments(name, args)
        if (object instanceof Simulation && name === 'advance')
          return this.#options.limit.advance(object, args[0] as string | number)
        return call(object as never, ...(args as never[]))
      })
    }
  }
}
