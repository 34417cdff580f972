/**
 * The class Patref: the entries of a map or ACL file, to be changed at once or, between `prepare` and `commit`, in a version
 * of their own (section "Patref class" of the Lua documentation). A Patref can be indexed and iterated over as a table.
 */
import type { PatternReference } from '../../haproxy/patterns/index.js'
import { checkArguments, eachValue, functionTable, LuaClass, throwError, type FunctionTable } from './bind.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/state.js'
import { subscribe } from './event-sub.js'

const {
  lua_gettop,
  lua_istable,
  lua_isnoneornil,
  lua_next,
  lua_pop,
  lua_pushboolean,
  lua_pushcfunction,
  lua_pushnil,
  lua_pushstring,
  lua_remove,
  lua_toboolean,
  lua_tostring,
  lua_type,
  LUA_TSTRING,
} = lua
const { luaL_argerror, luaL_checkstring, luaL_typename } = lauxlib

/**
 * What an object of the class stands for: a reference, and the version that its methods work on. An object that has given
 * a version up goes on working on it, unseen by lookups, until it prepares or commits again: so does HAProxy's.
 */
class Patref {
  #own: number | undefined
  #pending = false

  constructor(readonly reference: PatternReference) {}

  get version(): number {
    return this.#own ?? this.reference.current
  }

  prepare(): void {
    this.giveUp()
    this.#own = this.reference.prepare()
    this.#pending = true
  }

  /** Returns what went wrong. */
  commit(): string | undefined {
    if (!this.#pending) return 'Nothing to do'
    const committed = this.reference.commit(this.version)
    this.#pending = false
    this.#own = undefined
    return committed ? undefined : 'Commit failed'
  }

  giveUp(): void {
    if (this.#pending) this.reference.giveUp(this.version)
    this.#pending = false
  }
}

const stringArgument = (L: lua_State, arg: number): string => jsString(luaL_checkstring(L, arg))

/** Pushes true; or nil and what went wrong. */
const pushOutcome = (L: lua_State, error: string | undefined): number => {
  if (error === undefined) {
    lua_pushboolean(L, true)
    return 1
  }
  lua_pushnil(L)
  lua_pushstring(L, luaString(error))
  return 2
}

const getName: LuaFunction = (L) => {
  lua_pushstring(L, luaString(patrefClass.check(L, 1).reference.name ?? ''))
  return 1
}

const isMap: LuaFunction = (L) => {
  lua_pushboolean(L, patrefClass.check(L, 1).reference.hasValues)
  return 1
}

const purge: LuaFunction = (L) => {
  patrefClass.check(L, 1).reference.purge()
  lua_pushboolean(L, true)
  return 1
}

const prepare: LuaFunction = (L) => {
  patrefClass.check(L, 1).prepare()
  return 0
}

const commit: LuaFunction = (L) => pushOutcome(L, patrefClass.check(L, 1).commit())

const giveup: LuaFunction = (L) => {
  patrefClass.check(L, 1).giveUp()
  return 0
}

const add: LuaFunction = (L) => {
  const { reference, version } = patrefClass.check(L, 1)
  const key = stringArgument(L, 2)
  const value = lua_isnoneornil(L, 3) ? undefined : stringArgument(L, 3)
  return pushOutcome(L, reference.add(key, value, version))
}

/** A string on the stack at `index`, counted from the top; HAProxy names the wrong place for one that is none. */
const checkText = (L: lua_State, index: number): string => {
  if (lua_type(L, index) !== LUA_TSTRING)
    luaL_argerror(L, -2, luaString(`string expected, got ${jsString(luaL_typename(L, index))}`))
  return jsString(lua_tostring(L, index)!)
}

const addBulk: LuaFunction = (L) => {
  const { reference, version } = patrefClass.check(L, 1)
  if (!lua_istable(L, 2)) luaL_argerror(L, 1, luaString('argument is expected to be a table'))
  let error: string | undefined
  if (!reference.hasValues) eachValue(L, 2, () => (error ??= reference.add(checkText(L, -1), undefined, version)))
  else
    for (lua_pushnil(L); error === undefined && lua_next(L, 2); lua_pop(L, 1))
      error = reference.add(checkText(L, -2), checkText(L, -1), version)
  return pushOutcome(L, error)
}

const del: LuaFunction = (L) => {
  const { reference, version } = patrefClass.check(L, 1)
  lua_pushboolean(L, reference.delete(stringArgument(L, 2), version))
  return 1
}

const set: LuaFunction = (L) => {
  const { reference, version } = patrefClass.check(L, 1)
  const [key, value] = [stringArgument(L, 2), stringArgument(L, 3)]
  const force = lua_gettop(L) >= 4 && lua_toboolean(L, 4)
  const isNew = force && reference.find(key, version) === undefined
  return pushOutcome(L, isNew ? reference.add(key, value, version) : reference.set(key, value, version))
}

const eventSub: LuaFunction = (L) => {
  const { reference } = patrefClass.check(L, 1)
  lua_remove(L, 1)
  return subscribe(L, reference.events)
}

const index: LuaFunction = (L) => {
  const { reference, version } = patrefClass.check(L, 1)
  const element = reference.find(stringArgument(L, 2), version)
  if (element === undefined) lua_pushnil(L)
  else if (element.value === undefined) lua_pushboolean(L, true)
  else lua_pushstring(L, luaString(element.value))
  return 1
}

const pairs: LuaFunction = (L) => {
  const { reference, version } = patrefClass.check(L, 1)
  const elements = [...reference.elements(version)]
  let next = 0
  lua_pushcfunction(L, (L) => {
    const element = elements[next++]
    if (element === undefined) {
      lua_pushnil(L)
      return 1
    }
    lua_pushstring(L, luaString(element.key))
    if (element.value === undefined) lua_pushnil(L)
    else lua_pushstring(L, luaString(element.value))
    return 2
  })
  return 1
}

const patrefClass = new LuaClass<Patref>('Patref', {
  ownMethods: {
    get_name: getName,
    is_map: isMap,
    purge,
    prepare,
    commit,
    giveup,
    add,
    add_bulk: addBulk,
    del,
    set,
    event_sub: eventSub,
  },
  metamethods: { __gc: () => 0, __index: index, __newindex: () => 0, __pairs: pairs },
})

const findReference = (L: lua_State, call: string, kind: string): PatternReference => {
  const name = stringArgument(L, 1)
  return stateOf(L).host.process.patterns.find(name) ?? throwError(L, `'${call}': unknown ${kind} '${name}'`)
}

const getPatref: LuaFunction = (L) => {
  checkArguments(L, 1, 'get_patref')
  patrefClass.push(L, new Patref(findReference(L, 'get_patref', 'pattern reference')))
  return 1
}

const addAcl: LuaFunction = (L) => {
  checkArguments(L, 2, 'add_acl')
  const key = stringArgument(L, 2)
  const reference = findReference(L, 'add_acl', 'acl file')
  if (reference.find(key) === undefined) reference.add(key, undefined)
  return 0
}

const delAcl =
  (call: string): LuaFunction =>
  (L) => {
    checkArguments(L, 2, call)
    const key = stringArgument(L, 2)
    findReference(L, call, 'acl file').delete(key)
    return 0
  }

const setMap: LuaFunction = (L) => {
  checkArguments(L, 3, 'set_map')
  const [key, value] = [stringArgument(L, 2), stringArgument(L, 3)]
  const reference = findReference(L, 'set_map', 'map file')
  if (reference.find(key) === undefined) reference.add(key, value)
  else reference.set(key, value)
  return 0
}

export const PATTERN_FUNCTIONS: FunctionTable = functionTable({
  get_patref: getPatref,
  add_acl: addAcl,
  del_acl: delAcl('del_acl'),
  set_map: setMap,
  del_map: delAcl('del_map'),
})
