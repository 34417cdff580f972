/**
 * The class Patref: the entries of a map or ACL file. Changes take effect immediately or, between `prepare` and `commit`, in a new version
 * (section "Patref class" of the Lua documentation). A Patref can be indexed and iterated over like a table.
 */
import type { Element, PatternReference } from '../../haproxy/patterns/index.js'
import { checkArgumentCount, stringArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushString, pushStringOrNil } from '../binding/results.js'
import { subscribe } from '../calls/subscribe.js'
import {
  jsString,
  lauxlib,
  lua,
  luaString,
  type LuaContinuation,
  type LuaFunction,
  type lua_State,
} from '../fengari.js'
import { coroutineOf, yieldUntil } from '../host/yielding.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const {
  lua_gettop,
  lua_istable,
  lua_next,
  lua_pop,
  lua_pushboolean,
  lua_pushcfunction,
  lua_pushnil,
  lua_remove,
  lua_toboolean,
  lua_tostring,
  lua_type,
  LUA_TSTRING,
} = lua
const { luaL_argerror, luaL_typename } = lauxlib

/** Entries that are deleted or added between two yields. */
const BATCH = 100
/** Entries of other versions that an iteration skips between two yields. */
const SKIPPED = 10_000

/**
 * A reference with the version that `prepare` has created. Methods work on that version while it is newer than the current one, also after
 * `giveup`.
 */
class Patref {
  /** the version to be committed, if any */
  prepared: number | undefined

  constructor(readonly reference: PatternReference) {}

  get version(): number {
    const { reference, prepared } = this
    return prepared !== undefined && reference.mayCommit(prepared) ? prepared : reference.current
  }
}

/** Yields and continues with `resume`. Returns false where code cannot yield. */
const yieldIfPossible = (L: lua_State, resume: LuaContinuation): boolean => {
  if (!coroutineOf(L)) return false
  yieldUntil(L, resume, undefined, { soon: true })
  return true
}

/** Pushes true, or nil and an error message. */
const pushResult = (L: lua_State, error: string | undefined): number => {
  if (error === undefined) {
    lua_pushboolean(L, true)
    return 1
  }
  lua_pushnil(L)
  pushString(L, error)
  return 2
}

const getName: LuaFunction = (L) => {
  pushString(L, patrefClass.check(L, 1).reference.name ?? '')
  return 1
}

const isMap: LuaFunction = (L) => {
  lua_pushboolean(L, patrefClass.check(L, 1).reference.hasValues)
  return 1
}

/** Deletes entries in batches and pushes true. After a yield, this is the only result of the caller. */
const purgeInBatches = (L: lua_State, reference: PatternReference, which: number | 'all' | 'older'): number => {
  const proceed: LuaContinuation = (L) => {
    while (!reference.purge(which, BATCH)) yieldIfPossible(L, proceed)
    lua_pushboolean(L, true)
    return 1
  }
  return proceed(L, 0, 0)
}

const purge: LuaFunction = (L) => purgeInBatches(L, patrefClass.check(L, 1).reference, 'all')

const prepare: LuaFunction = (L) => {
  const patref = patrefClass.check(L, 1)
  patref.prepared = patref.reference.prepare()
  return 0
}

const commit: LuaFunction = (L) => {
  const patref = patrefClass.check(L, 1)
  const { reference, prepared } = patref
  if (prepared === undefined) return pushResult(L, 'Nothing to do')
  patref.prepared = undefined
  return reference.commit(prepared) ? purgeInBatches(L, reference, 'older') : pushResult(L, 'Commit failed')
}

/** HAProxy releases the version number only if the deletion did not yield. */
const giveup: LuaFunction = (L) => {
  const { reference, prepared } = patrefClass.check(L, 1)
  if (prepared === undefined) return 0
  purgeInBatches(L, reference, prepared)
  reference.giveBack(prepared)
  return 0
}

const add: LuaFunction = (L) => {
  const { reference, version } = patrefClass.check(L, 1)
  const key = stringArgument(L, 2)
  const value = lua_gettop(L) === 3 ? stringArgument(L, 3) : undefined
  return pushResult(L, reference.add(key, value, version))
}

/** The string at `index` of the stack, relative to the top. The argument number in the error is wrong in HAProxy. */
const checkText = (L: lua_State, index: number): string => {
  if (lua_type(L, index) !== LUA_TSTRING)
    luaL_argerror(L, -2, luaString(`string expected, got ${jsString(luaL_typename(L, index))}`))
  return jsString(lua_tostring(L, index)!)
}

/** Adds the rest of the table; the last key is on top of the stack. */
const addRest: LuaContinuation = (L) => {
  const { reference, version } = patrefClass.check(L, 1)
  for (let count = 0; lua_next(L, 2);) {
    const error = reference.hasValues
      ? reference.add(checkText(L, -2), checkText(L, -1), version)
      : reference.add(checkText(L, -1), undefined, version)
    if (error !== undefined) return pushResult(L, error)
    lua_pop(L, 1)
    if (++count > BATCH && yieldIfPossible(L, addRest)) return 0
  }
  return pushResult(L, undefined)
}

const addBulk: LuaFunction = (L) => {
  patrefClass.check(L, 1)
  if (!lua_istable(L, 2)) luaL_argerror(L, 2, luaString('argument is expected to be a table'))
  lua_pushnil(L)
  return addRest(L, 0, 0)
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
  return pushResult(L, isNew ? reference.add(key, value, version) : reference.set(key, value, version))
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
  else pushString(L, element.value)
  return 1
}

/** Iterates over the live entries. Calling the iterator after the end starts a new iteration. */
const pairs: LuaFunction = (L) => {
  const patref = patrefClass.check(L, 1)
  let elements: Iterator<Element> | undefined
  const proceed: LuaContinuation = (L) => {
    elements ??= patref.reference.all()[Symbol.iterator]()
    for (let skipped = 0; ; skipped++) {
      if (skipped > SKIPPED && yieldIfPossible(L, proceed)) return 0
      const { done, value: element } = elements.next() as IteratorResult<Element, undefined>
      if (done === true) {
        elements = undefined
        lua_pushnil(L)
        return 1
      }
      if (element.generation === patref.version) return pushElement(L, element)
    }
  }
  lua_pushcfunction(L, (L) => proceed(L, 0, 0))
  return 1
}

const pushElement = (L: lua_State, { key, value }: Element): number => {
  pushString(L, key)
  pushStringOrNil(L, value)
  return 2
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
  return stateOf(L).host.process.patterns.find(name) ?? throwLuaError(L, `'${call}': unknown ${kind} '${name}'`)
}

const getPatref: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'get_patref')
  patrefClass.push(L, new Patref(findReference(L, 'get_patref', 'pattern reference')))
  return 1
}

const addAcl: LuaFunction = (L) => {
  checkArgumentCount(L, 2, 'add_acl')
  const key = stringArgument(L, 2)
  const reference = findReference(L, 'add_acl', 'acl file')
  if (reference.find(key) === undefined) reference.add(key, undefined)
  return 0
}

const delAcl =
  (call: string): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 2, call)
    const key = stringArgument(L, 2)
    findReference(L, call, 'acl file').delete(key)
    return 0
  }

const setMap: LuaFunction = (L) => {
  checkArgumentCount(L, 3, 'set_map')
  const [key, value] = [stringArgument(L, 2), stringArgument(L, 3)]
  const reference = findReference(L, 'set_map', 'map file')
  if (reference.find(key) === undefined) reference.add(key, value)
  else reference.set(key, value)
  return 0
}

export const PATREF: ApiPart = {
  coreFunctions: functionTable({
    get_patref: getPatref,
    add_acl: addAcl,
    del_acl: delAcl('del_acl'),
    set_map: setMap,
    del_map: delAcl('del_map'),
  }),
}
