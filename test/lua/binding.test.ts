/** The binding layer: classes by constructor, checks of arguments. */
import { describe, expect, it } from 'vitest'
import { eachValue } from '../../src/lua/binding/arguments.js'
import { ClassRegistry, LuaClass } from '../../src/lua/binding/lua-class.js'
import { lauxlib, lua, luaString, jsString, type lua_State } from '../../src/lua/fengari.js'
import { newState } from '../../src/lua/vm/state.js'

class Apple {
  readonly kind = 'apple'
}

class Pear {
  readonly kind = 'pear'
}

/** A Lua state without the standard library, with what classes keep in it. */
const bareState = (): lua_State => {
  const L = newState('5.4', undefined)
  L.l_G.hapsim = { classRefs: new Map() }
  return L
}

const appleClass = new LuaClass<Apple>('Apple', { type: Apple })
const pearClass = new LuaClass<Pear>('Pear', {
  type: Pear,
  initialize(L) {
    lua.lua_pushstring(L, luaString('green'))
    lua.lua_setfield(L, -2, luaString('colour'))
  },
})
const registry = new ClassRegistry([appleClass, pearClass])

describe('a registry of classes', () => {
  it('pushes an object with the class of its constructor', () => {
    const L = bareState()
    const pear = new Pear()
    registry.push(L, pear)
    expect(jsString(lauxlib.luaL_tolstring(L, -1))).toBe('HAProxy class Pear')
    lua.lua_pop(L, 1)
    expect(pearClass.check(L, 1)).toBe(pear)
  })

  it('initializes new objects', () => {
    const L = bareState()
    registry.push(L, new Pear())
    lua.lua_getfield(L, -1, luaString('colour'))
    expect(jsString(lua.lua_tostring(L, -1)!)).toBe('green')
  })

  it('rejects an object whose constructor has no class', () => {
    expect(() => registry.push(bareState(), new Date())).toThrow(new TypeError('no Lua class represents a Date'))
  })
})

describe('a class', () => {
  it('does not accept an object of another class', () => {
    const L = bareState()
    registry.push(L, new Pear())
    lua.lua_pushcfunction(L, (inner) => {
      appleClass.check(inner, 1)
      return 0
    })
    lua.lua_insert(L, 1)
    expect(lua.lua_pcall(L, 1, 0, 0)).toBe(lua.LUA_ERRRUN)
    expect(jsString(lua.lua_tostring(L, -1)!)).toMatch(/bad argument #1 .*\(null\)/)
  })
})

describe('iterating over the values of a table', () => {
  it('visits the array part first, in order', () => {
    const L = bareState()
    lua.lua_createtable(L, 0, 0)
    for (const [key, value] of [
      [2, 20],
      ['x', 99],
      [1, 10],
      [3, 30],
    ] as const) {
      if (typeof key === 'number') lua.lua_pushinteger(L, key)
      else lua.lua_pushstring(L, luaString(key))
      lua.lua_pushinteger(L, value)
      lua.lua_rawset(L, -3)
    }
    const visited: number[] = []
    eachValue(L, 1, () => visited.push(Number(lua.lua_tointeger(L, -1))))
    expect(visited).toEqual([10, 20, 30, 99])
  })
})
