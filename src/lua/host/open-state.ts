/** Makes a Lua state: the standard libraries and HAProxy's globals (`hlua_init_state` in src/hlua.c). */
import { pushAct, pushFilter } from '../classes/act.js'
import { pushCore } from '../classes/core.js'
import { pushMap } from '../classes/map.js'
import { pushCertCache, pushRegex } from '../classes/not-yet.js'
import { lua, luaString } from '../fengari.js'
import type { LuaHost } from './host.js'
import { LuaState } from './state.js'
import { openLibraries } from '../stdlib/open.js'
import { newState } from '../vm/state.js'

const { lua_setglobal } = lua

const CORE = luaString('core')
const ACT = luaString('act')
const FILTER = luaString('filter')
const MAP = luaString('Map')
const REGEX = luaString('Regex')
const CERT_CACHE = luaString('CertCache')

/** @param id 0 for the shared state, else the number of its thread */
export const openState = (host: LuaHost, id: number): LuaState => {
  const main = newState(host.version, host.pairsSeed)
  main.l_G.instrument = host.coverage ?? null
  const state = new LuaState(host, main, id)
  const { L } = state
  host.catchBugs(state)
  openLibraries(state)
  pushCore(L, id)
  lua_setglobal(L, CORE)
  pushAct(L)
  lua_setglobal(L, ACT)
  pushFilter(L)
  lua_setglobal(L, FILTER)
  pushMap(L)
  lua_setglobal(L, MAP)
  pushRegex(L)
  lua_setglobal(L, REGEX)
  pushCertCache(L)
  lua_setglobal(L, CERT_CACHE)
  return state
}
