/**
 * One Lua state of a process: `lua-load` shares state 0 among all threads, `lua-load-per-thread` has one for each thread,
 * numbered from 1 (`hlua_states` in src/hlua.c).
 */
import type { Random } from '../../engine/random.js'
import type { ClassRefs } from '../classes/bind.js'
import type { Coroutine } from './coroutine.js'
import type { lua_State } from '../fengari.js'
import { memoryOf, type Memory } from './memory.js'
import { usualSettings } from '../stdlib/collector-settings.js'
import { aliveValues } from '../stdlib/heap.js'
import type { ScriptSocket } from '../classes/socket-stream.js'
import type { ScriptHook } from '../stdlib/debug.js'
import type { OpenFile } from '../stdlib/open-file.js'
import type { LuaHost } from './host.js'
import type { StartWatch } from './start-limit.js'

/** Open files from which on it is looked which of them scripts still hold. */
const MANY_FILES = 64

export class LuaState {
  /** references to functions given to `core.register_init`, in order */
  readonly initFunctions: number[] = []
  /** what each class has in the registry of this state */
  readonly classRefs = new Map<object, ClassRefs>()

  readonly memory: Memory
  readonly collector = usualSettings()
  /** functions that scripts have set as hooks: references in the registry, by coroutine */
  readonly hooks = new WeakMap<lua_State, ScriptHook>()
  /** watches the body or the init function that runs */
  startWatch: StartWatch | undefined
  /** those of tasks, handlers and commands, until they have ended */
  readonly coroutines = new Set<Coroutine>()
  /** connections that scripts have made */
  readonly sockets = new Set<ScriptSocket>()
  /** files that scripts have opened, and the values that stand for them */
  readonly openFiles = new Map<OpenFile, object>()
  #filesBeforeLook = MANY_FILES
  readonly #addresses = new WeakMap<object, string>()
  #addressCount = 0

  /** whose step this is; undefined between steps and while HAProxy starts */
  running: Coroutine | undefined
  /** where `math.random` draws from */
  random: Random | undefined

  constructor(
    readonly host: LuaHost,
    /** the main coroutine */
    readonly L: lua_State,
    /** 0: shared, else the number of the thread */
    readonly id: number,
  ) {
    L.l_G.hapsim = this
    this.memory = memoryOf(this, host.configuration.maxMemory)
  }

  /** Closes the connections that no script holds any more: HAProxy has Lua collect them when a task that made one ends. */
  closeForgotten(): void {
    const alive = this.memory.alive()
    for (const socket of [...this.sockets]) {
      if (!socket.gone && alive(socket)) continue
      this.sockets.delete(socket)
      socket.close()
    }
  }

  /** Closes files that no script holds any more, once there are many: Lua's collector does so in HAProxy. To be called between steps. */
  closeForgottenFiles(): void {
    if (this.openFiles.size < this.#filesBeforeLook) return
    const alive = aliveValues(this.L.l_G)
    for (const [file, value] of [...this.openFiles]) {
      if (alive(value)) continue
      this.openFiles.delete(file)
      file.close()
    }
    this.#filesBeforeLook = Math.max(MANY_FILES, 2 * this.openFiles.size)
  }

  /** Closes all files, the last one first (`lua_close`): what was written to them arrives. */
  closeFiles(): void {
    for (const file of [...this.openFiles.keys()].reverse()) file.close()
    this.openFiles.clear()
  }

  /** What stands for the address of an object of the host: numbered when first asked for, so that runs are alike. */
  addressOf(object: object): string {
    const known = this.#addresses.get(object) ?? `0x${(0x560000000000 + ++this.#addressCount * 0x40).toString(16)}`
    this.#addresses.set(object, known)
    return known
  }
}

/** The state that a coroutine belongs to. */
export const stateOf = (L: lua_State): LuaState => L.l_G.hapsim as LuaState
