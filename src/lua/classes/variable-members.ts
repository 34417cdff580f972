/** Members of TXN, AppletTCP and AppletHTTP about the variables of a stream (`hlua_set_var` and its like, src/hlua.c). */
import { fromByteString } from '../../bytes/text.js'
import { parseVariableName, type VariableName } from '../../config/samples/variables.js'
import type { Variables } from '../../haproxy/samples/variables.js'
import { checkArgumentCount } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { pushSample, sampleArgument } from '../binding/samples.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { checkText } from '../vm/arguments.js'

const { lua_gettop, lua_pushboolean, lua_toboolean } = lua

/** The name of the variable at index 2; undefined if it is invalid. */
const variableName = (L: lua_State): VariableName | undefined => {
  const name = parseVariableName(fromByteString(checkText(L, 2)))
  return 'error' in name ? undefined : name
}

/** @param check returns what the object at index 1 is bound to */
export const variableMembers = (
  check: (L: lua_State) => { readonly variables: Variables },
): Readonly<Record<'set_var' | 'unset_var' | 'get_var', LuaFunction>> => ({
  /** `set_var(name, value[, ifexist])`: with the last, a variable of the process must be known. */
  set_var: (L) => {
    const count = lua_gettop(L)
    if (count < 3 || count > 4) throwLuaError(L, "'set_var' needs between 3 and 4 arguments")
    const { variables } = check(L)
    const name = variableName(L)
    const mustExist = count === 4 && lua_toboolean(L, 4) && name?.scope === 'proc'
    const isSet = name !== undefined && variables.set(name, sampleArgument(L, 3), mustExist ? ['ifexists'] : [])
    lua_pushboolean(L, isSet)
    return 1
  },
  unset_var: (L) => {
    checkArgumentCount(L, 2, 'unset_var')
    const { variables } = check(L)
    const name = variableName(L)
    lua_pushboolean(L, name !== undefined && variables.unset(name))
    return 1
  },
  get_var: (L) => {
    checkArgumentCount(L, 2, 'get_var')
    const { variables } = check(L)
    const name = variableName(L)
    return pushSample(L, name && variables.get(name))
  },
})
