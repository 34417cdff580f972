/** Creates a Lua state with the standard libraries and HAProxy's globals (`hlua_init_state` in src/hlua.c). */
import { CLASSES, installGlobals } from '../classes/index.js'
import { openLibraries } from '../stdlib/open.js'
import { newState } from '../vm/state.js'
import type { ScriptInstrument } from './coverage.js'
import { LuaState, type StateHost } from './state.js'

/** What a new state needs of the process. */
export interface OpeningHost extends StateHost {
  readonly pairsSeed: number | undefined
  readonly coverage: ScriptInstrument | undefined
  /** Reports exceptions that functions written in TypeScript throw within the VM. */
  trapExceptions(state: Pick<LuaState, 'L'>): void
}

/** @param id 0 for the shared state, otherwise the number of its thread */
export const openState = (host: OpeningHost, id: number): LuaState => {
  const main = newState(host.version, host.pairsSeed)
  main.l_G.instrument = host.coverage ?? null
  const state = new LuaState(host, main, id, CLASSES)
  host.trapExceptions(state)
  openLibraries(state)
  installGlobals(state)
  return state
}
