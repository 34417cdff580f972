/** The structure of a test file: its blocks, tests and hooks, recorded while its Lua runs (lua/testkit/dsl.lua). */
import { jsString, lauxlib, lua, type LuaFunction, type lua_State } from '../lua/fengari.js'
import { readValue } from './values.js'
import type { TestVm } from './vm.js'

const { lua_isnoneornil, lua_pushboolean, lua_pushvalue, lua_toboolean, lua_tostring, LUA_REGISTRYINDEX } = lua
const { luaL_ref } = lauxlib

/** The name of a hook function. */
export type HookName = 'before_each' | 'after_each' | 'setup' | 'teardown' | 'lazy_setup' | 'lazy_teardown'

/** A `describe` block or the file itself. Functions are references in the registry of the VM. */
export interface Block {
  readonly kind: 'file' | 'describe' | 'insulate'
  readonly name: string
  readonly where: string | undefined
  readonly body: number
  readonly parent: Block | undefined
  /** declared by `fdescribe` and the like */
  readonly focused: boolean
  readonly children: (Block | TestCase)[]
  readonly hooks: Readonly<Record<HookName, number[]>>
  /** whether `lazy_setup` was called */
  lazySetupDone: boolean
}

/** A test. */
export interface TestCase {
  readonly kind: 'test'
  readonly name: string
  readonly where: string | undefined
  /** undefined: pending */
  readonly body: number | undefined
  readonly parent: Block
  /** declared by `fit` and the like */
  readonly focused: boolean
  /** options of `it.explore`; undefined: the test runs once */
  readonly explore: Readonly<Record<string, unknown>> | undefined
}

/** Creates an empty block. */
export const makeBlock = (declared: Pick<Block, 'kind' | 'name' | 'where' | 'body' | 'parent' | 'focused'>): Block => ({
  ...declared,
  children: [],
  hooks: { before_each: [], after_each: [], setup: [], teardown: [], lazy_setup: [], lazy_teardown: [] },
  lazySetupDone: false,
})

/** Names from the outermost `describe` to the test. */
export const namesOf = (node: Block | TestCase): string[] =>
  node.kind === 'file' ? [] : [...(node.parent ? namesOf(node.parent) : []), node.name]

/** Records what the DSL functions of a test file declare. */
export class Collector {
  /** the block whose body is running; undefined while a test or a hook runs */
  current: Block | undefined
  /** functions passed to `finally` by the current test */
  finally: number[] = []

  constructor(readonly vm: TestVm) {
    vm.installDsl({
      in_test: (L) => {
        lua_pushboolean(L, this.current === undefined)
        return 1
      },
      block: (L) => {
        const parent = this.current!
        const kind = text(L, 1) as Block['kind']
        const [name, body, where] = [text(L, 2)!, reference(L, 3), text(L, 4)]
        parent.children.push(makeBlock({ kind, name, where, body, parent, focused: lua_toboolean(L, 5) }))
        return 0
      },
      test: (L) => {
        this.#add({
          name: text(L, 1)!,
          where: text(L, 3),
          body: lua_isnoneornil(L, 2) ? undefined : reference(L, 2),
          focused: lua_toboolean(L, 4),
          explore: lua_isnoneornil(L, 5) ? undefined : (readValue(L, 5, vm.objects) as Record<string, unknown>),
        })
        return 0
      },
      pending: (L) => {
        this.#add({ name: text(L, 1)!, where: text(L, 2), body: undefined, focused: false, explore: undefined })
        return 0
      },
      hook: (L) => {
        this.current!.hooks[text(L, 1) as HookName].push(reference(L, 2))
        return 0
      },
      finally: (L) => {
        this.finally.push(reference(L, 1))
        return 0
      },
    } satisfies Record<string, LuaFunction>)
  }

  #add(test: Omit<TestCase, 'kind' | 'parent'>): void {
    const parent = this.current!
    parent.children.push({ kind: 'test', ...test, parent })
  }
}

const text = (L: lua_State, index: number): string | undefined =>
  lua_isnoneornil(L, index) ? undefined : jsString(lua_tostring(L, index)!)

const reference = (L: lua_State, index: number): number => {
  lua_pushvalue(L, index)
  return luaL_ref(L, LUA_REGISTRYINDEX)
}
