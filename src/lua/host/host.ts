/**
 * The Lua host of a process: its states, how scripts are loaded into them and how they initialise (`hlua_load_state`,
 * `hlua_post_init` and `hlua_init_state` in src/hlua.c).
 */
import type { Diagnostic } from '../../config/syntax/diagnostics.js'
import type { LuaConfig, LuaLoad } from '../../config/model/lua.js'
import type { Random } from '../../engine/random.js'
import type { ScriptedProcess } from './scripted-process.js'
import { inFolder, type Descriptor } from '../../haproxy/files.js'
import type { ProcessExtension } from '../../haproxy/world.js'
import { pushCompiled, ScriptCache } from './compile.js'
import type { ScriptInstrument } from './coverage.js'
import { errorText } from './errors.js'
import { failedFrames, moduleErrorFrame, syntaxErrorFrame, type LuaFailure } from './failure.js'
import { fileError } from './files.js'
import { lua, luaString, type lua_State } from '../fengari.js'
import { DEFAULT_INSTRUCTION_COST, LuaMeter } from './meter.js'
import type { Permissions } from './permissions.js'
import { Output } from './output.js'
import { Registrations } from '../calls/registrations.js'
import { looksInside } from '../vm/parser.js'
import { inspect, type Inspector, type LuaVersion } from '../vm/state.js'
import { openState, type OpeningHost } from './open-state.js'
import { runBody, runInitFunctions } from './script-start.js'
import type { StartLimit } from './start-limit.js'
import type { ConnectionAttempt, ScriptSocket } from './script-socket.js'
import type { Phase } from './script-state.js'
import type { LuaState } from './state.js'
import { stuckTasks, type StuckTask } from './stuck.js'

const { lua_atnativeerror, lua_pushstring, lua_touserdata } = lua

/** Instructions between two forced yields (`hlua_get_nb_instruction`). */
const MOST_INSTRUCTIONS = 10_000
const FEWEST_INSTRUCTIONS = 500

const BOOL_SAMPLE_CONVERSION =
  'config : hlua: please set "tune.lua.bool-sample-conversion" tunable to either "normal" or "pre-3.1-bug" explicitly ' +
  'to avoid ambiguities. This must be set before any "lua-load" or "lua-load-per-thread" directive. ' +
  'Defaulting to "pre-3.1-bug".'

export interface LuaHostOptions {
  /** where compiled scripts are kept; shared by all processes unless given */
  readonly cache?: ScriptCache
  /** counts what runs of the scripts */
  readonly coverage?: ScriptInstrument | undefined
  /** nanoseconds of virtual time that an instruction takes (default 10); 0: none */
  readonly instructionCost?: number
  /** what scripts may do outside of the simulation (default: nothing) */
  readonly allow?: Permissions
  /** the standard input (default: empty) */
  readonly input?: Descriptor | undefined
  /** the language (default: 5.4, as HAProxy's packages are built with) */
  readonly version?: LuaVersion
  /** shuffles the order of `pairs` over string keys (default: order of insertion) */
  readonly pairsSeed?: number | undefined
  /** what the body and the init functions of a script may take (default: no limit) */
  readonly startLimit?: StartLimit | undefined
}

/** Compiled scripts of all processes: a memo, see compile.ts. */
const sharedCache = new ScriptCache()

export const createLuaHost = (process: ScriptedProcess, options: LuaHostOptions = {}): LuaHost =>
  new LuaHost(process, options)

export class LuaHost implements ProcessExtension, OpeningHost {
  readonly configuration: LuaConfig
  readonly output: Output
  readonly registrations = new Registrations()
  /** what its instructions cost */
  readonly meter: LuaMeter
  /** what of the host's world scripts may touch */
  readonly allow: Permissions
  /** the standard input; undefined: empty */
  readonly input: Descriptor | undefined
  /** for names of temporary files */
  readonly names: Random
  /** the files that were loaded, by the names that messages call them by */
  readonly scripts = new Map<string, Uint8Array>()
  /** connections of scripts that are in use */
  readonly sockets = new Set<ScriptSocket>()
  phase: Phase = 'body'
  /** the folder that the process is in, from where it was started: `default-path` changes it while the configuration is read */
  folder = ''
  /** the script whose body runs while the configuration is read */
  loading: LuaLoad | undefined
  /** attributes whose deprecation was said */
  readonly reportedDeprecations = new Set<string>()
  /** looks on while scripts run; to be set before it starts */
  inspector: Inspector | undefined
  /** told of errors that end something of a script's, with what was under way then; nothing is collected for nobody */
  onFailure: ((failure: LuaFailure) => void) | undefined
  /** where files are that were loaded, by the names of their chunks, where those differ */
  readonly #places = new Map<string, string>()
  /** called when a connection of a script is made, or will not be */
  onConnection: ((attempt: ConnectionAttempt) => void) | undefined
  /** what scripts said about themselves while the configuration was read */
  readonly #warnings: { readonly text: string; readonly own?: true }[] = []
  readonly #cache: ScriptCache
  /** the language of its scripts */
  readonly version: LuaVersion
  readonly pairsSeed: number | undefined
  readonly coverage: ScriptInstrument | undefined
  readonly startLimit: StartLimit | undefined
  /** by number; holes where there is none */
  readonly #states: (LuaState | undefined)[] = []
  /** scripts of `lua-load-per-thread` */
  readonly #perThread: LuaLoad[] = []
  #warnedOfConversion = false
  #threadAtStart = 1
  #bug: unknown

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
    this.names = process.random.stream('lua/names')
    this.output = new Output(process.trace, process.name)
    this.coverage = options.coverage
    this.startLimit = options.startLimit
    this.#cache = options.cache ?? options.coverage?.cache ?? sharedCache
  }

  /** The thread that runs now, from 1. */
  get thread(): number {
    return this.process.scheduler.current?.thread ?? this.#threadAtStart
  }

  /** The state of that number; made when first asked for. */
  state(id: number): LuaState {
    return (this.#states[id] ??= this.#open(id))
  }

  /** A script that looks into running functions is to find those, too, that are loaded before it. */
  #open(id: number): LuaState {
    const state = openState(this, id)
    const { loads } = this.configuration
    const looking =
      loads.length > 1 &&
      loads.some(({ file, path }) => {
        const source = this.process.files.read(path)
        const compiled = typeof source !== 'string' && this.#cache.compile(source, `@${file}`, this.version)
        return compiled !== false && 'proto' in compiled && looksInside(compiled.proto)
      })
    if (looking) state.L.l_G.inspected = true
    if (this.inspector) inspect(state.L, this.inspector)
    return state
  }

  /** How many instructions run between two forced yields in the state of that number. */
  instructionsPerYield(id: number): number {
    const { forcedYield } = this.configuration
    if (forcedYield) return forcedYield
    if (id > 0) return MOST_INSTRUCTIONS
    return Math.max(FEWEST_INSTRUCTIONS, Math.floor(MOST_INSTRUCTIONS / this.process.threads.count))
  }

  /** Warns the operator from within the body of a script: it is said in its place. */
  warn(text: string): void {
    if (this.phase === 'body') this.#warnings.push({ text: `config : ${text}` })
    else this.process.logger.say('warning', text)
  }

  /** What of its scripts nothing can wake any more. */
  get stuckTasks(): StuckTask[] {
    return this.#states.flatMap((state) => (state ? stuckTasks(state) : []))
  }

  /** Says a warning of hapsim's own about a script. */
  remark(text: string): void {
    if (this.phase === 'body') this.#warnings.push({ text, own: true })
    else this.process.logger.remark(text)
  }

  load(script: LuaLoad): readonly Diagnostic[] {
    const diagnostics: Diagnostic[] = []
    const say = (severity: Diagnostic['severity'], text: string) =>
      diagnostics.push({ severity, place: script.place, text })
    if (!this.#warnedOfConversion && this.configuration.boolSampleConversion === undefined) {
      this.#warnedOfConversion = true
      say('warning', BOOL_SAMPLE_CONVERSION)
    }
    if (script.perThread) this.#perThread.push(script)
    this.loading = script
    this.folder = script.directory
    const error = runBody(this, this.state(script.perThread ? 1 : 0), script)
    this.folder = ''
    this.loading = undefined
    for (const each of this.#warnings.splice(0)) diagnostics.push({ severity: 'warning', place: script.place, ...each })
    if (error !== undefined) say('alert', `config : parsing [${script.place.file}:${script.place.line}] : ${error}`)
    return diagnostics
  }

  init(): boolean {
    this.phase = 'init'
    const shared = this.#states[0]
    if (shared && !runInitFunctions(this, shared)) return false
    const threads = this.#perThread.length > 0 ? this.process.threads.count : 0
    for (let thread = 2; thread <= threads; thread++) {
      this.#threadAtStart = thread
      for (const script of this.#perThread) {
        const error = runBody(this, this.state(thread), script)
        if (error === undefined) continue
        this.process.logger.say('alert', `Lua init: ${error}`)
        return false
      }
    }
    for (let thread = 1; thread <= threads; thread++) {
      this.#threadAtStart = thread
      if (!runInitFunctions(this, this.state(thread))) return false
    }
    this.#threadAtStart = 1
    const complaints = this.registrations.complaints(this.process.threads.count)
    for (const text of complaints) this.process.logger.say('alert', text)
    this.phase = 'running'
    return complaints.length === 0
  }

  closeConnections(): void {
    for (const socket of [...this.sockets]) socket.close()
  }

  /** Closes the files of scripts, as the end of the process does. */
  closeFiles(): void {
    for (const state of this.#states) state?.closeFiles()
  }

  stop(): void {
    this.closeConnections()
    this.closeFiles()
    this.output.end()
    this.#states.length = 0
  }

  /**
   * Pushes the function that a file holds; returns what is wrong with it otherwise.
   *
   * @param name what the file is called in messages
   * @param path where it is
   */
  pushFile(L: lua_State, name: string, path = this.pathOf(name)): string | undefined {
    const source = this.process.files.read(path)
    if (typeof source === 'string') return fileError(name, source)
    if (path !== name) this.#places.set(name, path)
    const problem = this.pushSource(L, source, `@${name}`)
    if (problem === undefined) this.scripts.set(name, source)
    return problem
  }

  /** The same of a text. @param chunkname with Lua's leading `@` or `=` */
  pushSource(L: lua_State, source: Uint8Array, chunkname: string): string | undefined {
    const compiled = this.#cache.compile(source, chunkname, this.version)
    if ('error' in compiled) return compiled.error
    pushCompiled(L, compiled.proto)
    return undefined
  }

  /** Throws again what a JavaScript function threw within the VM: that is an error of hapsim, not of the script. */
  throwBug(): void {
    if (this.#bug === undefined) return
    const bug = this.#bug
    this.#bug = undefined
    throw bug
  }

  /** @internal an error has ended what ran in `L`; its message is on top of the stack */
  noteFailure(L: lua_State): void {
    if (!this.onFailure) return
    const read = (file: string) => this.readSource(file)
    const message = errorText(L) ?? '(an object)'
    const ofModule = moduleErrorFrame(message, read)
    this.onFailure({ message, frames: [...(ofModule ? [ofModule] : []), ...failedFrames(L, read)] })
  }

  /** @internal a script could not be compiled. @param name what the file is called in messages */
  noteSyntaxError(message: string, name: string): void {
    const source = this.readSource(name)
    const frame = source && syntaxErrorFrame(message, `@${name}`, source)
    if (frame) this.onFailure?.({ message, frames: [frame] })
  }

  /** Where a file is that a script names, from where the process was started. */
  pathOf(name: string): string {
    return inFolder(this.folder, name)
  }

  /** Where the file is that chunks of that name came from. */
  placeOf(chunk: string): string {
    return this.#places.get(chunk) ?? chunk
  }

  /** The bytes of the file that chunks of that name came from, if it can be read. */
  readSource(file: string): Uint8Array | undefined {
    const source = this.process.files.read(this.placeOf(file))
    return typeof source === 'string' ? undefined : source
  }

  /** @internal makes errors of JavaScript visible; running out of stack is Lua's own error */
  catchBugs(state: Pick<LuaState, 'L'>): void {
    lua_atnativeerror(state.L, (L) => {
      const error = lua_touserdata(L, 1)
      if (error instanceof RangeError && /call stack/.test(error.message)) {
        lua_pushstring(L, luaString('stack overflow'))
        return 1
      }
      this.#bug ??= error
      lua_pushstring(L, luaString(String(error)))
      return 1
    })
  }
}
