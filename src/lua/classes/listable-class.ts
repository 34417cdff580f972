/** Classes whose objects list others by name, without containing them: each access creates an object (`hlua_listable_…` in src/hlua_fcn.c). */
import { stringArgument } from '../binding/arguments.js'
import { LuaClass, type Constructor } from '../binding/lua-class.js'
import { pushString } from '../binding/results.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'

const { lua_pushcfunction, lua_pushnil } = lua

/** What a listable class lists. */
export interface Listing<List extends object, Item extends { readonly name: string }> {
  readonly type: Constructor<List>
  /** Returns the item with a name. */
  find(L: lua_State, list: List, name: string): Item | undefined
  /** Returns a function that returns the next item at each call, for `pairs`. */
  iterate(L: lua_State, list: List): () => Item | undefined
}

/** Defines a class with the metamethods `__index` and `__pairs`; assignments are ignored. */
export const listableClass = <List extends object, Item extends { readonly name: string }>(
  name: string,
  { type, find, iterate }: Listing<List, Item>,
): LuaClass<List> => {
  const index: LuaFunction = (L) => {
    const item = find(L, definition.check(L, 1), stringArgument(L, 2))
    if (item) stateOf(L).push(L, item)
    else lua_pushnil(L)
    return 1
  }
  const pairs: LuaFunction = (L) => {
    const next = iterate(L, definition.check(L, 1))
    lua_pushcfunction(L, (L) => {
      const item = next()
      if (!item) {
        lua_pushnil(L)
        return 1
      }
      pushString(L, item.name)
      stateOf(L).push(L, item)
      return 2
    })
    return 1
  }
  const definition = new LuaClass<List>(name, {
    type,
    ownUserdata: true,
    metamethods: { __index: index, __newindex: () => 0, __pairs: pairs },
  })
  return definition
}
