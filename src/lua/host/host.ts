/**
 * The Lua of a process: its states, and how scripts are loaded into them and initialized (`hlua_load_state`, `hlua_post_init` and
 * `hlua_init_state` in src/hlua.c).
 */
import type { LuaConfig, LuaLoad, LuaNames } from '../../config/model/lua.js'
import type { Diagnostic } from '../../config/syntax/diagnostics.js'
import type { Random } from '../../engine/random.js'
import type { Task } from '../../engine/task.js'
import { inFolder, type Descriptor } from '../../haproxy/files.js'
import type { ScriptExtension } from '../../haproxy/script-extension.js'
import { registeredNames, Registrations } from '../calls/registrations.js'
import { TrafficFunctions } from '../calls/traffic.js'
import { lua, luaString, type lua_State } from '../fengari.js'
import { looksInside } from '../vm/parser.js'
import { inspect, type Inspector, type LuaVersion } from '../vm/state.js'
import { pushCompiled, ScriptCache } from './compile.js'
import type { ScriptInstrument } from './coverage.js'
import { errorText } from './errors.js'
import { failedFrames, moduleErrorFrame, syntaxErrorFrame, type LuaFailure } from './failure.js'
import { fileError } from './files.js'
import { DEFAULT_INSTRUCTION_COST, LuaMeter } from './meter.js'
import { openState, type OpeningHost } from './open-state.js'
import { Output } from './output.js'
import type { Permissions } from './permissions.js'
import type { ConnectionAttempt, ScriptSocket } from './script-socket.js'
import { runBody, runInitFunctions } from './script-start.js'
import type { Phase } from './script-state.js'
import type { ScriptedProcess } from './scripted-process.js'
import type { StartLimit } from './start-limit.js'
import type { LuaState } from './state.js'
import { placeOfTask, stuckTasks, type StuckTask } from './stuck.js'

const { lua_atnativeerror, lua_pushstring, lua_touserdata } = lua

/** Instructions between two forced yields (`hlua_get_nb_instruction`): of a thread's own state, and the minimum of a shared state. */
const INSTRUCTIONS_PER_YIELD = 10_000
const MIN_INSTRUCTIONS_PER_YIELD = 500

const BOOL_SAMPLE_CONVERSION =
  'config : hlua: please set "tune.lua.bool-sample-conversion" tunable to either "normal" or "pre-3.1-bug" explicitly ' +
  'to avoid ambiguities. This must be set before any "lua-load" or "lua-load-per-thread" directive. ' +
  'Defaulting to "pre-3.1-bug".'

/** Options of a Lua host. */
export interface LuaHostOptions {
  /** the cache of compiled scripts (default: one that all processes share) */
  readonly cache?: ScriptCache
  /** measures the coverage of scripts */
  readonly coverage?: ScriptInstrument | undefined
  /** nanoseconds of virtual time per instruction (default 10); 0: none */
  readonly instructionCost?: number
  /** what scripts may do outside of the simulation (default: nothing) */
  readonly allow?: Permissions
  /** folder of the Lua modules that replace C modules (default: none) */
  readonly standIns?: string | undefined
  /** the standard input (default: empty) */
  readonly input?: Descriptor | undefined
  /** the version of Lua (default: 5.4, with which HAProxy's packages are built) */
  readonly version?: LuaVersion
  /** shuffles the order in which `pairs` visits string keys (default: the order of insertion) */
  readonly pairsSeed?: number | undefined
  /** limits the run time of bodies and init functions (default: no limit) */
  readonly startLimit?: StartLimit | undefined
}

/** The cache that processes without a separate one share; it affects only how long loading takes (compile.ts). */
const sharedCache = new ScriptCache()

/** Creates the Lua host of a process. */
export const createLuaHost = (process: ScriptedProcess, options: LuaHostOptions = {}): LuaHost =>
  new LuaHost(process, options)

/** The Lua of a process. */
export class LuaHost implements ScriptExtension, OpeningHost {
  readonly configuration: LuaConfig
  readonly output: Output
  readonly registrations = new Registrations()
  readonly functions = new TrafficFunctions(this)
  /** converts instructions to virtual time */
  readonly meter: LuaMeter
  readonly allow: Permissions
  readonly input: Descriptor | undefined
  readonly standIns: string | undefined
  readonly temporaryNames: Random
  /** the contents of loaded files, by the names that messages use */
  readonly scripts = new Map<string, Uint8Array>()
  readonly sockets = new Set<ScriptSocket>()
  phase: Phase = 'body'
  directory = ''
  loading: LuaLoad | undefined
  readonly reportedDeprecations = new Set<string>()
  /** inspects scripts while they run; to be set before the process starts */
  inspector: Inspector | undefined
  /** called with errors that end a part of a script, and with its stack; the stack is collected only if this is set */
  onFailure: ((failure: LuaFailure) => void) | undefined
  onConnection: ((attempt: ConnectionAttempt) => void) | undefined
  readonly version: LuaVersion
  readonly pairsSeed: number | undefined
  readonly coverage: ScriptInstrument | undefined
  readonly startLimit: StartLimit | undefined
  /** paths of loaded files by the names of their chunks, where the two differ */
  readonly #paths = new Map<string, string>()
  /** warnings of the script that is being loaded */
  readonly #warnings: { readonly text: string; readonly fromHapsim?: true }[] = []
  readonly #cache: ScriptCache
  /** by number; states that do not exist are holes */
  readonly #states: (LuaState | undefined)[] = []
  /** scripts of `lua-load-per-thread` */
  readonly #perThread: LuaLoad[] = []
  #warnedAboutConversion = false
  #startingThread = 1
  #exception: unknown

  constructor(
    readonly process: ScriptedProcess,
    options: LuaHostOptions,
  ) {
    this.configuration = process.configuration.global.lua
    this.meter = new LuaMeter(options.instructionCost ?? DEFAULT_INSTRUCTION_COST)
    this.allow = options.allow ?? {}
    this.version = options.version ?? '5.4'
    this.pairsSeed = options.pairsSeed
    this.input = options.input
    this.standIns = options.standIns
    this.temporaryNames = process.random.stream('lua/names')
    this.output = new Output(process.trace, process.name)
    this.coverage = options.coverage
    this.startLimit = options.startLimit
    this.#cache = options.cache ?? options.coverage?.cache ?? sharedCache
  }

  /** The current thread, from 1. */
  get thread(): number {
    return this.process.scheduler.current?.thread ?? this.#startingThread
  }

  state(id: number): LuaState {
    return (this.#states[id] ??= this.#open(id))
  }

  /** If one of several scripts uses functions such as `debug.getlocal`, all of them must be compiled for inspection. */
  #open(id: number): LuaState {
    const state = openState(this, id)
    const { loads } = this.configuration
    const needsInspection =
      loads.length > 1 &&
      loads.some(({ file, path }) => {
        const source = this.process.files.read(path)
        const compiled = typeof source !== 'string' && this.#cache.compile(source, `@${file}`, this.version)
        return compiled !== false && 'proto' in compiled && looksInside(compiled.proto)
      })
    if (needsInspection) state.L.l_G.inspected = true
    if (this.inspector) inspect(state.L, this.inspector)
    return state
  }

  instructionsPerYield(id: number): number {
    const { forcedYield } = this.configuration
    if (forcedYield) return forcedYield
    if (id > 0) return INSTRUCTIONS_PER_YIELD
    return Math.max(MIN_INSTRUCTIONS_PER_YIELD, Math.floor(INSTRUCTIONS_PER_YIELD / this.process.threads.count))
  }

  warn(text: string): void {
    if (this.phase === 'body') this.#warnings.push({ text: `config : ${text}` })
    else this.process.logger.message('warning', text)
  }

  remark(text: string): void {
    if (this.phase === 'body') this.#warnings.push({ text, fromHapsim: true })
    else this.process.logger.hapsimWarning(text)
  }

  /** Tasks, handlers and commands that nothing can wake any more. */
  get stuckTasks(): StuckTask[] {
    return this.#states.flatMap((state) => (state ? stuckTasks(state) : []))
  }

  /** Where a task waits in a script, as in `auth.lua:12`. */
  placeOfTask(task: Task): string | undefined {
    for (const state of this.#states) {
      const place = state && placeOfTask(state, task)
      if (place !== undefined) return place
    }
    return undefined
  }

  load(script: LuaLoad): readonly Diagnostic[] {
    const diagnostics: Diagnostic[] = []
    const add = (severity: Diagnostic['severity'], text: string) =>
      diagnostics.push({ severity, place: script.place, text })
    if (!this.#warnedAboutConversion && this.configuration.boolSampleConversion === undefined) {
      this.#warnedAboutConversion = true
      add('warning', BOOL_SAMPLE_CONVERSION)
    }
    if (script.perThread) this.#perThread.push(script)
    this.loading = script
    this.directory = script.directory
    const error = runBody(this, this.state(script.perThread ? 1 : 0), script)
    this.directory = ''
    this.loading = undefined
    for (const each of this.#warnings.splice(0)) diagnostics.push({ severity: 'warning', place: script.place, ...each })
    if (error !== undefined) add('alert', `config : parsing [${script.place.file}:${script.place.line}] : ${error}`)
    return diagnostics
  }

  init(): boolean {
    this.phase = 'init'
    const shared = this.#states[0]
    if (shared && !this.#initializeFilters(shared)) return false
    if (shared && !runInitFunctions(this, shared)) return false
    const threads = this.#perThread.length > 0 ? this.process.threads.count : 0
    for (let thread = 2; thread <= threads; thread++) {
      this.#startingThread = thread
      for (const script of this.#perThread) {
        const error = runBody(this, this.state(thread), script)
        if (error === undefined) continue
        this.process.logger.message('alert', `Lua init: ${error}`)
        return false
      }
    }
    for (let thread = 1; thread <= threads; thread++) {
      this.#startingThread = thread
      if (!runInitFunctions(this, this.state(thread))) return false
    }
    this.#startingThread = 1
    const errors = this.registrations.errors(this.process.threads.count)
    for (const text of errors) this.process.logger.message('alert', text)
    if (errors.length > 0) return false
    for (let thread = 1; thread <= threads; thread++) if (!this.#initializeFilters(this.state(thread))) return false
    this.phase = 'running'
    return true
  }

  /** Initializes the filters whose classes are registered in a state. Returns false if one fails; HAProxy writes the alerts in one line. */
  #initializeFilters(state: LuaState): boolean {
    const { proxies, logger, machine } = this.process
    for (const proxy of proxies) {
      if (proxy.config.disabled) continue
      const error = this.functions.filters.initialize(proxy, state)
      if (error === undefined) continue
      const where = `proxy '${proxy.name}'${state.id === 0 ? '' : ` for thread ${state.id - 1}`}`
      logger.message('alert', `${error}[ALERT]    (${machine.pid}) : Failed to initialize filters for ${where}.`)
      if (state.id > 0) logger.message('alert', `failed to initialize thread ${state.id - 1}.`)
      return false
    }
    return true
  }

  get names(): LuaNames {
    return registeredNames(this.registrations)
  }

  closeConnections(): void {
    for (const socket of [...this.sockets]) socket.close()
  }

  /** Closes the files that scripts have left open, as at the end of a process. */
  closeFiles(): void {
    for (const state of this.#states) state?.closeFiles()
  }

  stop(): void {
    this.closeConnections()
    this.closeFiles()
    this.output.flush()
    this.#states.length = 0
  }

  /**
   * Pushes the function that a file contains. Returns an error message if the file cannot be read or compiled.
   *
   * @param name the file as messages name it
   */
  pushFile(L: lua_State, name: string, path = this.resolvePath(name)): string | undefined {
    const source = this.process.files.read(path)
    if (typeof source === 'string') return fileError(name, source)
    if (path !== name) this.#paths.set(name, path)
    const error = this.pushSource(L, source, `@${name}`)
    if (error === undefined) this.scripts.set(name, source)
    return error
  }

  pushSource(L: lua_State, source: Uint8Array, chunkname: string): string | undefined {
    const compiled = this.#cache.compile(source, chunkname, this.version)
    if ('error' in compiled) return compiled.error
    pushCompiled(L, compiled.proto)
    return undefined
  }

  /** An exception is an error of hapsim, not of the script. */
  rethrowException(): void {
    if (this.#exception === undefined) return
    const exception = this.#exception
    this.#exception = undefined
    throw exception
  }

  reportFailure(L: lua_State): void {
    if (!this.onFailure) return
    const read = (file: string) => this.readSource(file)
    const message = errorText(L) ?? '(an object)'
    const moduleFrame = moduleErrorFrame(message, read)
    this.onFailure({ message, frames: [...(moduleFrame ? [moduleFrame] : []), ...failedFrames(L, read)] })
  }

  reportSyntaxError(message: string, name: string): void {
    const source = this.readSource(name)
    const frame = source && syntaxErrorFrame(message, `@${name}`, source)
    if (frame) this.onFailure?.({ message, frames: [frame] })
  }

  resolvePath(name: string): string {
    return inFolder(this.directory, name)
  }

  sourcePath(chunk: string): string {
    return this.#paths.get(chunk) ?? chunk
  }

  readSource(file: string): Uint8Array | undefined {
    const source = this.process.files.read(this.sourcePath(file))
    return typeof source === 'string' ? undefined : source
  }

  /** Makes exceptions available to {@link rethrowException}. An overflow of JavaScript's stack becomes a Lua error. */
  trapExceptions(state: Pick<LuaState, 'L'>): void {
    lua_atnativeerror(state.L, (L) => {
      const exception = lua_touserdata(L, 1)
      if (exception instanceof RangeError && /call stack/.test(exception.message)) {
        lua_pushstring(L, luaString('stack overflow'))
        return 1
      }
      this.#exception ??= exception
      lua_pushstring(L, luaString(String(exception)))
      return 1
    })
  }
}
