/** What a file of this directory contributes to HAProxy's Lua API. */
import type { FunctionTable, IntegerTable } from '../binding/function-table.js'
import type { LuaClass } from '../binding/lua-class.js'
import type { lua_State } from '../fengari.js'

/** Classes, functions of the table `core` and global tables that belong together. */
export interface ApiPart {
  /** the class of objects that other parts pass to `state.push` */
  readonly class?: LuaClass<object>
  /** constants of `core` */
  readonly coreConstants?: IntegerTable
  /** functions of `core` */
  readonly coreFunctions?: FunctionTable
  /** Sets other fields of `core`, which is on top of the stack. */
  readonly setCoreFields?: (L: lua_State) => void
  /** a global table, and the function that pushes it */
  readonly global?: { readonly name: string; readonly push: (L: lua_State) => void }
  /** functions that end in an error because hapsim does not emulate them, as scripts usually write them */
  readonly notEmulated?: readonly string[]
}
