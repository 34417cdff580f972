/**
 * Classes of HAProxy's Lua API. In Lua an object is a table whose entry [0] holds the JavaScript object; its metatable identifies the class
 * and returns `HAProxy class X` from tostring (hlua_register_metatable and hlua_checkudata in src/hlua_fcn.c). Some classes have their
 * methods in the metatable's `__index`, others as fields of each object. Scripts can see the difference, so each class is bound as
 * HAProxy binds it.
 */
import { lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf, type ClassRefs } from '../host/script-state.js'
import { LuaTable } from '../vm/table.js'
import { LightUserdata } from '../vm/value.js'
import { functionTable, setFunctions, type FunctionTable } from './function-table.js'

const {
  lua_createtable,
  lua_getmetatable,
  lua_istable,
  lua_pop,
  lua_pushboolean,
  lua_pushlightuserdata,
  lua_pushstring,
  lua_rawequal,
  lua_rawgeti,
  lua_rawset,
  lua_rawseti,
  lua_setmetatable,
  lua_touserdata,
  LUA_REGISTRYINDEX,
} = lua
const { luaL_argerror, luaL_ref } = lauxlib

/** A constructor whose instances are represented by objects of a Lua class. */
export type Constructor<T extends object> = abstract new (...args: never[]) => T

type Methods = Readonly<Record<string, LuaFunction>>

/** What a class consists of. */
export interface ClassParts<T extends object> {
  /** the constructor of the JavaScript objects; `state.push` finds the class by it */
  readonly type?: Constructor<T>
  /** found through the metatable's `__index`; a function makes those of large classes when they are used first */
  readonly methods?: Methods | (() => Methods)
  /** fields of each object */
  readonly ownMethods?: Readonly<Record<string, LuaFunction>>
  /** `__index`, `__pairs` …; `__tostring` replaces the default */
  readonly metamethods?: Readonly<Record<string, LuaFunction>>
  /**
   * Each Lua object gets a separate userdata (`lua_newuserdata`) instead of one that all objects for the same thing share: for what is
   * passed once, as this is cheaper.
   */
  readonly ownUserdata?: true
  /** names of further fields, which `initialize` sets: a template of objects has them, of which objects are copies */
  readonly ownFields?: readonly string[]
  /** Sets further fields of a new object, which is on top of the stack. */
  initialize?(L: lua_State, object: T): void
}

/** A class of Lua objects that represent JavaScript objects of type `T`. Immutable: one definition serves all states. */
export class LuaClass<T extends object> {
  /** the table of its methods, of which each state gets a copy */
  #methods: LuaTable | undefined
  readonly #ownMethods: FunctionTable | undefined
  readonly #metamethods: FunctionTable
  /** what objects with a userdata and further fields are copies of */
  readonly #template: LuaTable | undefined

  /** @param name undefined: its objects are not named by tostring */
  constructor(
    readonly name: string | undefined,
    readonly parts: ClassParts<T>,
  ) {
    const text = luaString(`HAProxy class ${name ?? ''}`)
    const tostring: LuaFunction = (L) => {
      lua_pushstring(L, text)
      return 1
    }
    this.#ownMethods = parts.ownMethods && functionTable(parts.ownMethods)
    this.#template = parts.ownUserdata && parts.ownFields && templateWith(parts.ownFields)
    this.#metamethods = functionTable({
      ...(name !== undefined && { __tostring: tostring }),
      ...parts.metamethods,
    })
  }

  /** Pushes a new Lua object that represents `object`. */
  push(L: lua_State, object: T): void {
    const refs = this.#refs(L)
    if (this.parts.ownUserdata) {
      const table = this.#template?.copy() ?? new LuaTable(0, 1)
      table.setInt(0, new ObjectReference(object, this))
      lua_rawgeti(L, LUA_REGISTRYINDEX, refs.meta)
      table.metatable = L.stack[L.top - 1] as LuaTable
      L.stack[L.top - 1] = table
      return this.parts.initialize?.(L, object)
    }
    refs.objects?.add(object)
    if (refs.own === 0) lua_createtable(L, 0, 0)
    else pushCopy(L, refs.own)
    lua_pushlightuserdata(L, object)
    lua_rawseti(L, -2, 0)
    lua_rawgeti(L, LUA_REGISTRYINDEX, refs.meta)
    lua_setmetatable(L, -2)
    this.parts.initialize?.(L, object)
  }

  /** Pushes the metatable of the class. */
  pushMetatable(L: lua_State): void {
    lua_rawgeti(L, LUA_REGISTRYINDEX, this.#refs(L).meta)
  }

  /** The JavaScript object that argument `arg` represents; throws HAProxy's argument error if it is not of this class. */
  check(L: lua_State, arg: number): T {
    if (!lua_istable(L, arg) || !lua_getmetatable(L, arg)) return luaL_argerror(L, arg, NULL_MESSAGE)
    const refs = this.#refs(L)
    lua_rawgeti(L, LUA_REGISTRYINDEX, refs.meta)
    const same = lua_rawequal(L, -1, -2)
    lua_pop(L, 2)
    if (!same) return luaL_argerror(L, arg, NULL_MESSAGE)
    if (this.parts.ownUserdata) return this.#owned(L, arg)
    lua_rawgeti(L, arg, 0)
    const object = lua_touserdata(L, -1)
    lua_pop(L, 1)
    // a script may have stored an object of another class in entry [0]
    if (!this.#represents(object, refs)) return luaL_argerror(L, arg, NULL_MESSAGE)
    return object
  }

  #represents(object: unknown, { objects }: ClassRefs): object is T {
    const { type } = this.parts
    if (type) return object instanceof type
    return typeof object === 'object' && object !== null && objects!.has(object)
  }

  /** The object of the userdata in entry [0], where a script may have stored something else. */
  #owned(L: lua_State, arg: number): T {
    lua_rawgeti(L, arg, 0)
    const reference = L.stack[--L.top]
    if (reference instanceof ObjectReference && reference.owner === this) return reference.p as T
    return luaL_argerror(L, arg, NULL_MESSAGE)
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
    const { methods } = this.parts
    if (methods) {
      lua_pushstring(L, INDEX)
      lua_createtable(L, 0, 0)
      if (!this.#methods) {
        setFunctions(L, functionTable(typeof methods === 'function' ? methods() : methods))
        this.#methods = L.stack[L.top - 1] as LuaTable
      }
      L.stack[L.top - 1] = this.#methods.copy()
      lua_rawset(L, -3)
    }
    const meta = luaL_ref(L, LUA_REGISTRYINDEX)
    const objects = this.parts.type ? undefined : new WeakSet()
    if (!this.#ownMethods) return { meta, own: 0, objects }
    lua_createtable(L, 0, 0)
    // reserves entry [0] for the JavaScript object, so that it comes first
    lua_pushboolean(L, true)
    lua_rawseti(L, -2, 0)
    setFunctions(L, this.#ownMethods)
    for (const field of this.parts.ownFields ?? []) {
      lua_pushstring(L, luaString(field))
      lua_pushboolean(L, true)
      lua_rawset(L, -3)
    }
    return { meta, own: luaL_ref(L, LUA_REGISTRYINDEX), objects }
  }
}

/** A table with an entry [0] and with fields. */
const templateWith = (fields: readonly string[]): LuaTable => {
  const table = new LuaTable(0, 1 + fields.length)
  table.setInt(0, true)
  for (const field of fields) table.set(field, true)
  return table
}

/** A userdata that belongs to one Lua object. */
class ObjectReference extends LightUserdata {
  constructor(
    object: object,
    readonly owner: object,
  ) {
    super(object)
  }
}

const INDEX = luaString('__index')

/** HAProxy passes a null pointer as the message, which the C library prints like this. */
const NULL_MESSAGE = luaString('(null)')

/** Pushes a copy of the table that `reference` in the registry refers to. */
const pushCopy = (L: lua_State, reference: number): void => {
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference)
  const { stack, top } = L
  stack[top - 1] = (stack[top - 1] as LuaTable).copy()
}

/** Finds the class of an object by its constructor. */
export class ClassRegistry {
  readonly #classes = new Map<unknown, LuaClass<object>>()

  constructor(classes: Iterable<LuaClass<object>>) {
    for (const each of classes) if (each.parts.type) this.#classes.set(each.parts.type, each)
  }

  /** Pushes a new Lua object that represents `object`. Throws if no class is registered for its constructor. */
  push(L: lua_State, object: object): void {
    const luaClass = this.#classes.get(object.constructor)
    if (!luaClass) throw new TypeError(`no Lua class represents a ${object.constructor.name}`)
    luaClass.push(L, object)
  }
}
