/** Registrations in `core`: init functions, tasks, and the functions that HAProxy calls (`hlua_register_…` in src/hlua.c). */
import {
  checkArgumentCount,
  checkFunctionArgument,
  checkTableArgument,
  eachValue,
  stringArgument,
  stringOnTop,
  intArgument,
} from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable } from '../binding/function-table.js'
import { addCliCommand } from '../calls/cli-command.js'
import type { Registration, RegistrationKind } from '../calls/registrations.js'
import { startTask } from '../calls/task.js'
import { lauxlib, lua, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf } from '../host/yielding.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const { lua_gettop, lua_istable, LUA_REGISTRYINDEX } = lua
const { luaL_argerror, luaL_unref } = lauxlib

const onlyInBody = (L: lua_State, name: string): void => {
  if (coroutineOf(L)) throwLuaError(L, `${name}: not available outside of body context`)
}

const registerInit: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'register_init')
  onlyInBody(L, 'register_init')
  stateOf(L).initFunctions.push(checkFunctionArgument(L, 1))
  return 0
}

const registerTask: LuaFunction = (L) => {
  const count = lua_gettop(L)
  if (count < 1) throwLuaError(L, 'register_task: <func> argument is required')
  if (count > 5) throwLuaError(L, 'register_task: no more that 4 optional arguments may be provided')
  luaL_unref(L, LUA_REGISTRYINDEX, checkFunctionArgument(L, 1))
  startTask(L)
  return 0
}

interface Details {
  readonly environment?: string
  readonly arguments?: number
  readonly usage?: string
  /** a reference to a filter's class table */
  readonly class?: number
}

/** The names of the kinds in the warning about a second registration. */
const KIND_TEXT: Readonly<Record<RegistrationKind, string>> = {
  fetch: "sample-fetch 'lua.%'",
  converter: "converter 'lua.%'",
  action: "action 'lua.%'",
  service: "service 'lua.%'",
  filter: "filter 'lua.%'",
  cli: "CLI keyword 'lua.%'",
}

const register = (
  L: lua_State,
  kind: RegistrationKind,
  name: string,
  call: number,
  details: Details = {},
): Registration => {
  const { host, id } = stateOf(L)
  let registration: Registration | undefined = host.registrations.find(kind, name, details.environment)
  if (!registration) {
    registration = {
      kind,
      name,
      functions: new Map(),
      classes: new Map(),
      environment: details.environment ?? '',
      arguments: details.arguments ?? 0,
      usage: details.usage ?? '',
    }
    host.registrations.add(registration)
  } else if (registration.functions.has(id)) {
    const what = KIND_TEXT[kind].replace('%', name)
    host.warn(`Trying to register ${what} more than once. This will become a hard error in version 2.5.`)
  }
  registration.functions.set(id, call)
  if (details.class !== undefined) registration.classes.set(id, details.class)
  return registration
}

const registerNamed =
  (kind: 'fetch' | 'converter', name: string): LuaFunction =>
  (L) => {
    checkArgumentCount(L, 2, name)
    onlyInBody(L, name)
    const called = stringArgument(L, 1)
    register(L, kind, called, checkFunctionArgument(L, 2))
    return 0
  }

const ACTION_ENVIRONMENTS = ['tcp-req', 'tcp-res', 'http-req', 'http-res', 'http-after-res']

const registerAction: LuaFunction = (L) => {
  const count = lua_gettop(L)
  if (count < 3 || count > 4) throwLuaError(L, "'register_action' needs between 3 and 4 arguments")
  onlyInBody(L, 'register_action')
  const name = stringArgument(L, 1)
  if (!lua_istable(L, 2)) throwLuaError(L, 'register_action: second argument must be a table of strings')
  const call = checkFunctionArgument(L, 3)
  const wanted = count === 4 ? intArgument(L, 4) : 0
  eachValue(L, 2, () => {
    const environment =
      stringOnTop(L) ?? throwLuaError(L, 'register_action: second argument must be a table of strings')
    if (!ACTION_ENVIRONMENTS.includes(environment))
      throwLuaError(
        L,
        `Lua action environment '${environment}' is unknown. 'tcp-req', 'tcp-res', 'http-req', 'http-res' ` +
          "or 'http-after-res' are expected.",
      )
    register(L, 'action', name, call, { environment, arguments: wanted })
  })
  return 0
}

const registerService: LuaFunction = (L) => {
  checkArgumentCount(L, 3, 'register_service')
  onlyInBody(L, 'register_service')
  const name = stringArgument(L, 1)
  const environment = stringArgument(L, 2)
  const call = checkFunctionArgument(L, 3)
  const { registrations } = stateOf(L).host
  const known = ['tcp', 'http'].find((mode) => registrations.find('service', name, mode))
  if (known === undefined && environment !== 'tcp' && environment !== 'http')
    throwLuaError(L, `Lua service environment '${environment}' is unknown. 'tcp' or 'http' are expected.`)
  register(L, 'service', name, call, { environment: known ?? environment })
  return 0
}

const MOST_WORDS = 5

const registerCli: LuaFunction = (L) => {
  checkArgumentCount(L, 3, 'register_cli')
  onlyInBody(L, 'register_cli')
  if (!lua_istable(L, 1)) luaL_argerror(L, 1, '1st argument must be a table')
  const usage = stringArgument(L, 2)
  const call = checkFunctionArgument(L, 3)
  const words: string[] = []
  eachValue(L, 1, () => {
    if (words.length >= MOST_WORDS) luaL_argerror(L, 1, '1st argument must be a table with a maximum of 5 entries')
    words.push(stringOnTop(L) ?? luaL_argerror(L, 1, '1st argument must be a table filled with strings'))
  })
  addCliCommand(stateOf(L).host, register(L, 'cli', words.join(' '), call, { usage }))
  return 0
}

const registerFilter: LuaFunction = (L) => {
  checkArgumentCount(L, 3, 'register_filter')
  onlyInBody(L, 'register_filter')
  const name = stringArgument(L, 1)
  const table = checkTableArgument(L, 2)
  register(L, 'filter', name, checkFunctionArgument(L, 3), { class: table })
  return 0
}

export const CORE_REGISTER: ApiPart = {
  coreFunctions: functionTable({
    register_init: registerInit,
    register_task: registerTask,
    register_fetches: registerNamed('fetch', 'register_fetches'),
    register_converters: registerNamed('converter', 'register_converters'),
    register_action: registerAction,
    register_service: registerService,
    register_cli: registerCli,
    register_filter: registerFilter,
  }),
}
