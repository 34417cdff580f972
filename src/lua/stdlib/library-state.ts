/**
 * What the standard library uses of the Lua state in which it is opened and of the process. LuaState and LuaHost implement these
 * interfaces.
 */
import type { LuaConfig } from '../../config/model/lua.js'
import type { Random } from '../../engine/random.js'
import type { Descriptor } from '../../haproxy/files.js'
import type { ScriptedProcess } from '../host/scripted-process.js'
import type { lua_State } from '../fengari.js'
import type { Permissions } from '../host/permissions.js'
import type { Memory } from '../host/memory.js'
import type { Output } from '../host/output.js'
import type { LuaVersion } from '../vm/state.js'
import type { CollectorSettings } from './collector-settings.js'
import type { OpenFile } from './open-file.js'

/** The process around a state. */
export interface LibraryHost {
  readonly process: ScriptedProcess
  readonly configuration: LuaConfig
  readonly version: LuaVersion
  /** permissions of scripts to access the host */
  readonly allow: Permissions
  /** folder of the Lua modules that replace C modules; undefined: they are not asked for */
  readonly standIns: string | undefined
  /** the standard input; undefined: empty */
  readonly input: Descriptor | undefined
  readonly output: Output
  /** the working directory, relative to the one the process was started in */
  readonly directory: string
  /** for names of temporary files */
  readonly temporaryNames: Random
  /** Resolves a file name against the working directory. */
  resolvePath(name: string): string
  /** Pushes the function that a file contains. Returns an error message if it cannot be read or compiled. */
  pushFile(L: lua_State, name: string, path?: string): string | undefined
  /** Does the same for a text. @param chunkname with Lua's leading `@` or `=` */
  pushSource(L: lua_State, source: Uint8Array, chunkname: string): string | undefined
  /** Closes files that scripts have left open. */
  closeFiles(): void
}

/** A hook that a script has set. */
export interface ScriptHook {
  /** of the function in the registry; undefined: the script has disabled hooks */
  readonly reference: number | undefined
  readonly mask: string
  readonly count: number
}

/** A Lua state. */
export interface LibraryState {
  readonly L: lua_State
  /** 0: shared by all threads, otherwise the number of its thread */
  readonly id: number
  readonly host: LibraryHost
  readonly memory: Memory
  readonly collector: CollectorSettings
  /** hooks of scripts, by coroutine */
  readonly hooks: WeakMap<lua_State, ScriptHook>
  /** files that scripts have opened, and the values that represent them */
  readonly openFiles: Map<OpenFile, object>
  /** the coroutine whose step runs; undefined between steps and while HAProxy starts */
  readonly running: object | undefined
  /** source of the seeds of `math.random` */
  random: Random | undefined
  /** Returns a deterministic address for an object of the host. */
  addressOf(object: object): string
}

/** The state that `L` belongs to. */
export const libraryStateOf = (L: lua_State): LibraryState => L.l_G.hapsim as LibraryState
