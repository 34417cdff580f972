/**
 * What HAProxy's Lua classes and calls use of the Lua state that runs them and of the process around it. LuaState and LuaHost implement
 * these interfaces; only the code that starts scripts knows those classes.
 */
import type { LuaConfig, LuaLoad } from '../../config/model/lua.js'
import type { ScriptedProcess } from './scripted-process.js'
import type { Registrations } from '../calls/registrations.js'
import type { lua_State } from '../fengari.js'
import type { CoroutineHost, CoroutineState } from './coroutine.js'
import type { Output } from './output.js'
import type { ConnectionAttempt, ScriptSocket } from './script-socket.js'

/** How far the start of a process has come; HAProxy allows some calls only in one of these phases. */
export type Phase = 'body' | 'init' | 'running'

/** The process around a state. */
export interface ScriptHost extends CoroutineHost {
  readonly process: ScriptedProcess
  readonly configuration: LuaConfig
  readonly phase: Phase
  /** the `lua-load` whose script is being loaded */
  readonly loading: LuaLoad | undefined
  /** the working directory, relative to the one the process was started in: `default-path` changes it during parsing */
  readonly directory: string
  readonly output: Output
  readonly registrations: Registrations
  /** open connections of scripts */
  readonly sockets: Set<ScriptSocket>
  /** called when a script's connection is established or has failed */
  readonly onConnection: ((attempt: ConnectionAttempt) => void) | undefined
  /** deprecated attributes that have been reported */
  readonly reportedDeprecations: Set<string>
  /** Returns the state of that number, which is created on first use. */
  state(id: number): ScriptState
  /** Emits a warning of HAProxy's. While a script is loaded, it is reported at the position of its `lua-load`. */
  warn(text: string): void
  /** Emits a warning of hapsim's, which HAProxy does not have. */
  remark(text: string): void
}

/** A Lua state. */
export interface ScriptState extends CoroutineState {
  readonly host: ScriptHost
  /** references to functions passed to `core.register_init`, in order */
  readonly initFunctions: number[]
  /** open and unused connections that scripts have created */
  readonly sockets: Set<ScriptSocket>
  readonly classRefs: Map<object, ClassRefs>
  /** Pushes a new Lua object for `object`; its class is the one registered for its constructor. */
  push(L: lua_State, object: object): void
}

/** What a class has in the registry of a state; 0 if it has none. */
export interface ClassRefs {
  readonly meta: number
  readonly own: number
  /** the JavaScript objects that objects of the class represent; undefined: all of the class's type can be */
  readonly objects: WeakSet<object> | undefined
}

/** The state that `L` belongs to. */
export const stateOf = (L: lua_State): ScriptState => L.l_G.hapsim as ScriptState
