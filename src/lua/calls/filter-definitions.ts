/**
 * The lines `filter lua.NAME` of a configuration: the copies of the class that each of them works with, made by the function that was given to
 * `core.register_filter`, and the objects that are made of them for streams (`hlua_filter_init`, `hlua_filter_new` in src/hlua.c).
 */
import type { LuaFilter as LuaFilterConfig } from '../../config/model/filters.js'
import type { Filter } from '../../haproxy/filters/filter.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import type { Stream } from '../../haproxy/streams/stream.js'
import { getFieldSafely } from '../binding/safe-field.js'
import { pushString } from '../binding/results.js'
import { lauxlib, lua, type lua_State } from '../fengari.js'
import { errorText } from '../host/errors.js'
import type { ScriptHost, ScriptState } from '../host/script-state.js'
import { withStartLimit, type StartState } from '../host/start-limit.js'
import { Halt } from '../vm/errors.js'
import { CALLBACKS, FILTER_FIELD, LuaFilter, type Callback } from './lua-filter.js'
import type { Registration } from './registrations.js'
import { coroutineFor, type StreamCoroutine } from './stream-coroutines.js'
import { errorOf, reportError } from './task.js'

const {
  lua_createtable,
  lua_gettop,
  lua_insert,
  lua_isfunction,
  lua_istable,
  lua_newtable,
  lua_next,
  lua_pcall,
  lua_pop,
  lua_pushlightuserdata,
  lua_pushnil,
  lua_pushstring,
  lua_pushvalue,
  lua_rawgeti,
  lua_rawset,
  lua_rawseti,
  lua_settop,
  lua_tointeger,
  lua_type,
  LUA_ERRERR,
  LUA_ERRMEM,
  LUA_MULTRET,
  LUA_OK,
  LUA_REGISTRYINDEX,
  LUA_TNUMBER,
} = lua
const { luaL_ref } = lauxlib

/** The filter takes part in HTTP streams (`FLT_CFG_FL_HTX`). */
const HANDLES_HTTP = 1

interface Definition {
  readonly callbacks: ReadonlySet<Callback>
  readonly flags: number
  /** references to its copies of the class, by the number of the state */
  readonly classes: Map<number, number>
}

export class FilterDefinitions {
  readonly #all = new Map<LuaFilterConfig, Definition>()

  constructor(readonly host: ScriptHost) {}

  /** Reads which callbacks a class has (`hlua_filter_parse_fct`). */
  #define(state: ScriptState, registration: Registration): Definition {
    const { L } = state
    const callbacks = new Set<Callback>()
    lua_rawgeti(L, LUA_REGISTRYINDEX, registration.classes.get(state.id)!)
    for (const callback of CALLBACKS) {
      if (getFieldSafely(L, callback) === undefined && lua_isfunction(L, -1)) callbacks.add(callback)
      lua_pop(L, 1)
    }
    const hasFlags = getFieldSafely(L, 'flags') === undefined && lua_type(L, -1) === LUA_TNUMBER
    const flags = hasFlags ? Number(lua_tointeger(L, -1)) : 0
    lua_settop(L, 0)
    return { callbacks, flags, classes: new Map() }
  }

  /**
   * Initializes the filters of a proxy in a state, if their class is registered there. Returns what is wrong, in HAProxy's words.
   */
  initialize(proxy: Proxy, state: ScriptState & StartState): string | undefined {
    for (const config of proxy.config.rules?.filters ?? []) {
      if (config.kind !== 'lua') continue
      const registration = this.host.registrations.find('filter', config.name)
      if (!registration?.classes.has(state.id)) continue
      let definition = this.#all.get(config)
      if (!definition) this.#all.set(config, (definition = this.#define(state, registration)))
      const copy = copyClass(state.L, registration.classes.get(state.id)!)
      definition.classes.set(state.id, copy)
      const error = parseArguments(state, registration.functions.get(state.id)!, copy, config.args)
      if (error !== undefined) return `Lua filter '${config.name}' : ${error}`
    }
    return undefined
  }

  /** Makes the object of a stream; undefined if `new` returns no table, or fails in another way than by an error. */
  attach(config: LuaFilterConfig, stream: Stream): Filter | 'refused' | undefined {
    const { name } = config
    const definition = this.#all.get(config)
    if (!definition || (stream.isHttp && !(definition.flags & HANDLES_HTTP))) return undefined
    const on = coroutineFor(this.host, stream, this.host.registrations.find('filter', name)!)
    const { coroutine, state } = on
    lua_rawgeti(coroutine.L, LUA_REGISTRYINDEX, definition.classes.get(state.id)!)
    const problem = getFieldSafely(coroutine.L, 'new')
    if (problem !== undefined || !lua_isfunction(coroutine.L, -1)) {
      lua_settop(coroutine.L, 0)
      this.#report(`Lua filter '${name}': ${problem ?? "'new' field is not a function"}.`, stream)
      return undefined
    }
    lua_insert(coroutine.L, -2)
    coroutine.arguments = 1
    const object = this.#create(on, name, stream)
    lua_settop(coroutine.L, 0)
    if (typeof object !== 'number') return object
    const filter = new LuaFilter(name, state, object, definition.callbacks, stream)
    const { L } = coroutine
    lua_rawgeti(L, LUA_REGISTRYINDEX, object)
    lua_pushstring(L, FILTER_FIELD)
    lua_pushlightuserdata(L, filter)
    lua_rawset(L, -3)
    lua_settop(L, 0)
    return filter
  }

  /** Runs `new`. Returns a reference to the object. */
  #create({ coroutine }: StreamCoroutine, name: string, stream: Stream): number | 'refused' | undefined {
    const result = coroutine.step(false)
    const { L } = coroutine
    switch (result.kind) {
      case 'finished':
        if (lua_gettop(L) === 0 || !lua_istable(L, 1)) return undefined
        lua_pushvalue(L, 1)
        return luaL_ref(L, LUA_REGISTRYINDEX)
      case 'error':
        this.#report(`Lua filter '${name}' : ${errorOf(result)}.`, stream)
        return 'refused'
      case 'execution timeout':
      case 'burst timeout':
        this.#report(`Lua filter '${name}' : 'new' ${result.kind}.`, stream)
        return undefined
      case 'yielded':
        this.#report(
          `Lua filter '${name}': yield functions like core.tcp() or core.sleep() are not allowed from 'new' function.`,
          stream,
        )
        return undefined
      default:
        this.#report(`Lua filter '${name}' : ${errorOf(result)}.`, stream)
        return undefined
    }
  }

  #report(text: string, stream: Stream): void {
    reportError(this.host, text, stream.backend)
  }
}

/** Copies the fields of a class. Returns a reference to the copy. */
const copyClass = (L: lua_State, reference: number): number => {
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference)
  lua_newtable(L)
  for (lua_pushnil(L); lua_next(L, -3);) {
    lua_pushvalue(L, -2)
    lua_insert(L, -2)
    lua_rawset(L, -4)
  }
  const copy = luaL_ref(L, LUA_REGISTRYINDEX)
  lua_settop(L, 0)
  return copy
}

/** Calls the function of a filter with its class and a table of the arguments. Returns what is wrong. */
const parseArguments = (
  state: ScriptState & StartState,
  call: number,
  copy: number,
  args: readonly string[],
): string | undefined => {
  const { L, host } = state
  lua_rawgeti(L, LUA_REGISTRYINDEX, call)
  lua_rawgeti(L, LUA_REGISTRYINDEX, copy)
  lua_createtable(L, args.length, 0)
  for (const [at, text] of args.entries()) {
    pushString(L, text)
    lua_rawseti(L, -2, at + 1)
  }
  const status = withStartLimit(state, () => lua_pcall(L, 2, LUA_MULTRET, 0))
  host.rethrowException()
  if (status instanceof Halt) return status.reason
  const text = status === LUA_OK ? undefined : (errorText(L) ?? '(null)')
  if (status !== LUA_OK) host.reportFailure(L)
  lua_settop(L, 0)
  if (status === LUA_OK) return undefined
  if (status === LUA_ERRMEM) return 'out of memory error'
  return `${status === LUA_ERRERR ? 'message handler' : 'runtime'} error : ${text}`
}
