/**
 * One Lua state of a process: `lua-load` shares state 0 among all threads, `lua-load-per-thread` has one for each thread, numbered from 1
 * (`hlua_states` in src/hlua.c).
 */
import type { Random } from '../../engine/random.js'
import type { ClassRegistry } from '../binding/lua-class.js'
import type { lua_State } from '../fengari.js'
import { defaultSettings } from '../stdlib/collector-settings.js'
import { aliveValues } from '../stdlib/heap.js'
import type { LibraryHost, LibraryState, ScriptHook } from '../stdlib/library-state.js'
import type { OpenFile } from '../stdlib/open-file.js'
import type { Coroutine } from './coroutine.js'
import { memoryOf, type Memory } from './memory.js'
import type { ScriptSocket } from './script-socket.js'
import type { ClassRefs, ScriptHost, ScriptState } from './script-state.js'
import type { StartLimit, StartState } from './start-limit.js'

/** What the parts of a state use of the process. */
export interface StateHost extends ScriptHost, LibraryHost {
  readonly startLimit: StartLimit | undefined
  /** The path of the file that chunks of that name were loaded from. */
  sourcePath(chunk: string): string
  /** The content of the file that chunks of that name were loaded from; undefined if it cannot be read. */
  readSource(file: string): Uint8Array | undefined
}

/** The number of open files from which on files that scripts no longer refer to are searched for. */
const MANY_FILES = 64

/** A Lua state with what its scripts have created. */
export class LuaState implements ScriptState, LibraryState, StartState {
  readonly initFunctions: number[] = []
  readonly classRefs = new Map<object, ClassRefs>()
  readonly memory: Memory
  readonly collector = defaultSettings()
  readonly hooks = new WeakMap<lua_State, ScriptHook>()
  startWatch: StartState['startWatch']
  readonly coroutines = new Set<Coroutine>()
  readonly sockets = new Set<ScriptSocket>()
  readonly openFiles = new Map<OpenFile, object>()
  running: Coroutine | undefined
  random: Random | undefined
  #nextFileSearch = MANY_FILES
  readonly #addresses = new WeakMap<object, string>()
  #addressCount = 0

  /**
   * @param L the main coroutine
   * @param id 0: shared by all threads, otherwise the number of its thread
   * @param classes the classes of the objects that are passed to scripts
   */
  constructor(
    readonly host: StateHost,
    readonly L: lua_State,
    readonly id: number,
    readonly classes: ClassRegistry,
  ) {
    L.l_G.hapsim = this
    this.memory = memoryOf(L.l_G, host.configuration.maxMemory)
  }

  push(L: lua_State, object: object): void {
    this.classes.push(L, object)
  }

  /** HAProxy runs Lua's collector when a task that has made connections ends. */
  closeUnreachableSockets(): void {
    const alive = this.memory.alive()
    for (const socket of [...this.sockets]) {
      if (!socket.gone && alive(socket)) continue
      this.sockets.delete(socket)
      socket.close()
    }
  }

  /** In HAProxy, Lua's collector does this. To be called between steps. */
  closeUnreachableFiles(): void {
    if (this.openFiles.size < this.#nextFileSearch) return
    const alive = aliveValues(this.L.l_G)
    for (const [file, value] of [...this.openFiles]) {
      if (alive(value)) continue
      this.openFiles.delete(file)
      file.close()
    }
    this.#nextFileSearch = Math.max(MANY_FILES, 2 * this.openFiles.size)
  }

  /** Closes all files, the last one first (`lua_close`), which writes what they have buffered. */
  closeFiles(): void {
    for (const file of [...this.openFiles.keys()].reverse()) file.close()
    this.openFiles.clear()
  }

  addressOf(object: object): string {
    const known = this.#addresses.get(object) ?? `0x${(0x560000000000 + ++this.#addressCount * 0x40).toString(16)}`
    this.#addresses.set(object, known)
    return known
  }
}
