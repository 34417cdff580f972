/**
 * The Lua VM of a test file: a Lua state separate from those of scripts, on the same VM implementation. (fengari-interop passes objects to
 * Fengari's own core, which is not used here; objects are bound by lua/binding/lua-class.ts instead.) Its libraries are those of scripts: time
 * and randomness come from a simulation, files are read from the disk; writing files and running programs needs permission.
 */
import { ClassRegistry } from '../lua/binding/lua-class.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../lua/fengari.js'
import { syntaxErrorFrame, type FailedFrame, type LuaFailure } from '../lua/host/failure.js'
import type { LuaHost, PrintRecord } from '../lua/index.js'
import { LuaState } from '../lua/host/state.js'
import { openLibraries } from '../lua/stdlib/open.js'
import { inspect, newState, type Inspector } from '../lua/vm/state.js'
import { Haproxy, Simulation, type SimulationOptions } from '../sim/index.js'
import { BoundObjects } from './bound-objects.js'
import type { ProcessDefaults } from './haproxy-options.js'
import { installAssertions, pushModule, runModule } from './modules.js'
import { simulationOptions } from './objects.js'
import type { RunnerOptions } from './options.js'
import { problemOf, type Problem } from './problem.js'
import type { SnapshotComparison } from './snapshot.js'
import { TimeLimit } from './time-limit.js'
import { NO_BRIDGE, readValue } from './values.js'

const {
  lua_call,
  lua_createtable,
  lua_getfield,
  lua_getglobal,
  lua_gettop,
  lua_newthread,
  lua_pop,
  lua_pushcfunction,
  lua_pushstring,
  lua_rawgeti,
  lua_resume,
  lua_setfield,
  lua_tostring,
  LUA_REGISTRYINDEX,
} = lua
const { luaL_ref, luaL_unref } = lauxlib

/** Maximum number of script errors kept for a failure. */
const MAX_FAILURES = 3

export interface VmOptions {
  /** settings of all processes, also applied to the Lua of tests */
  readonly processes: ProcessDefaults
  /** called with every line printed by tests */
  readonly print: (line: string) => void
  /** the host's clock in milliseconds */
  readonly clock: () => number
  /** the default seed of simulations */
  readonly seed: number
  /** prepended to `package.path` and `package.cpath` */
  readonly lpath: string
  readonly cpath: string
  /** observes the Lua of tests and scripts */
  readonly inspector?: Inspector | undefined
  /** called with every simulation created by tests */
  readonly onSimulation: (simulation: Simulation) => void
  /** called with the absolute path of every file that tests and their simulations try to open */
  readonly onFileAccess?: ((file: string) => void) | undefined
}

/** Default time limit of a test or hook, in milliseconds of real time. */
export const DEFAULT_TIMEOUT = 10_000

/** busted's defaults, for projects with sources in src/ */
const DEFAULT_LPATH = './src/?.lua;./src/?/?.lua;./src/?/init.lua'
const DEFAULT_CPATH = './csrc/?.so;./csrc/?/?.so;'

/** Creates the VM of a test file. */
export const makeVm = (
  file: string,
  options: Omit<RunnerOptions, 'reporter'> & Pick<VmOptions, 'print' | 'onSimulation'>,
): TestVm =>
  new TestVm({
    processes: {
      directory: options.directory ?? '.',
      environment: options.environment ?? {},
      modules: options.modules === true,
      allow: { exec: options.allow?.exec === true, write: options.allow?.write === true },
      exec: options.allow?.exec ? options.exec : undefined,
      startLimit: options.startLimit,
    },
    clock: options.clock,
    seed: options.seed ?? 1,
    print: options.print,
    onSimulation: options.onSimulation,
    lpath: options.lpath ?? DEFAULT_LPATH,
    cpath: options.cpath ?? DEFAULT_CPATH,
    inspector: options.inspector,
    onFileAccess: options.onFileAccess && ((path) => options.onFileAccess!(file, path)),
  })

/** A compile error and its location. */
export interface CompileError {
  readonly error: string
  readonly frame: FailedFrame | undefined
}

export class TestVm {
  readonly L: lua_State
  /** the simulation returned by the next call of `hapsim.simulation` */
  nextSimulation: Simulation | undefined
  /** converts objects between Lua and TypeScript */
  readonly objects: BoundObjects
  readonly #host: LuaHost
  readonly #state: LuaState
  /** simulations whose files must be closed */
  readonly #simulations: Simulation[] = []
  readonly #options: VmOptions
  readonly #limit: TimeLimit
  /** the first errors of scripts in this test */
  #failures: LuaFailure[] = []

  constructor(options: VmOptions) {
    this.#options = options
    this.#limit = new TimeLimit(options.clock)
    const world = new Simulation({ seed: options.seed })
    world.trace.listen((record) => {
      if (record.type === 'print') options.print((record as PrintRecord).text)
    })
    world.onFileAccess = options.onFileAccess
    const { directory, environment, modules, allow } = options.processes
    this.#host = world.haproxy({ config: '', directory, machine: { environment }, modules, allow }).lua
    const state = new LuaState(this.#host, newState('5.4', undefined), 0, new ClassRegistry([]))
    this.#state = state
    this.L = state.L
    this.#host.trapExceptions(state)
    if (options.inspector) inspect(state.L, options.inspector)
    openLibraries(state)
    this.#prependPaths({ path: options.lpath, cpath: options.cpath })
    this.objects = new BoundObjects(state.L, {
      processes: options.processes,
      onResult: (result) => {
        if (result instanceof Haproxy) this.#collectFailures(result)
      },
    })
    installAssertions(this.#host, this.L)
    this.#install('hapsim.lua', 'hapsim', {
      simulation: (from) => {
        const wanted = lua_gettop(from) > 0 ? readValue(from, 1, this.objects) : undefined
        return this.objects.enter(from, () => this.#simulation(simulationOptions(wanted)))
      },
    })
  }

  /** Runs `action`, then closes the files left open by scripts of simulations created in it. */
  closingFiles<T>(action: () => T): T {
    const before = this.#simulations.length
    try {
      return action()
    } finally {
      for (const simulation of this.#simulations.splice(before)) simulation.closeFiles()
    }
  }

  /** Closes the files left open by the test file. */
  end(): void {
    this.#state.closeFiles()
  }

  /** Compiles a file; returns the reference of its function, or the error. */
  load(file: string): number | CompileError {
    const error = this.#host.pushFile(this.L, file)
    if (error === undefined) return luaL_ref(this.L, LUA_REGISTRYINDEX)
    const source = this.#host.readSource(file)
    return { error, frame: source && syntaxErrorFrame(error, `@${file}`, source) }
  }

  /**
   * Compiles a text.
   *
   * @param chunkname including Lua's leading `=`
   */
  loadText(text: string, chunkname: string): number | CompileError {
    const source = luaString(text)
    const error = this.#host.pushSource(this.L, source, chunkname)
    if (error === undefined) return luaL_ref(this.L, LUA_REGISTRYINDEX)
    return { error, frame: syntaxErrorFrame(error, chunkname, source) }
  }

  /** Loads the module `dsl` with the functions that report to the runner. */
  installDsl(words: Readonly<Record<string, LuaFunction>>): void {
    this.#install('testkit/dsl.lua', 'hapsim.testkit.dsl', words)
  }

  /** Loads the module `snapshot` with the function that compares a text with a snapshot. */
  installSnapshots(compare: (text: string, name: string | undefined) => SnapshotComparison): void {
    this.#install('testkit/snapshot.lua', 'hapsim.testkit.snapshot', {
      compare: (from) => {
        const text = readValue(from, 1, NO_BRIDGE) as string
        const name = readValue(from, 2, NO_BRIDGE) as string | undefined
        const { kind, message } = compare(text, name)
        lua_pushstring(from, luaString(kind))
        lua_pushstring(from, luaString(message))
        return 2
      },
    })
  }

  /** Saves globals and loaded modules; returns a function that restores them. */
  insulate(): () => void {
    const { L } = this
    pushModule(L, 'hapsim.testkit.dsl')
    lua_getfield(L, -1, 'save')
    lua_call(L, 0, 1)
    const restore = luaL_ref(L, LUA_REGISTRYINDEX)
    lua_pop(L, 1)
    return () => {
      lua_rawgeti(L, LUA_REGISTRYINDEX, restore)
      lua_call(L, 0, 0)
      luaL_unref(L, LUA_REGISTRYINDEX, restore)
    }
  }

  /**
   * Calls a function by reference in a new coroutine; returns undefined on success. It is aborted after `limit` milliseconds of real time.
   */
  call(reference: number, limit: number): Problem | undefined {
    const { L } = this
    const coroutine = lua_newthread(L)
    const own = luaL_ref(L, LUA_REGISTRYINDEX)
    this.#limit.begin(L, coroutine, limit)
    lua_rawgeti(coroutine, LUA_REGISTRYINDEX, reference)
    const before = this.objects.running
    this.objects.running = coroutine
    const status = lua_resume(coroutine, L, 0)
    this.objects.running = before
    const late = this.#limit.end()
    this.#host.rethrowException()
    const problem = late ?? this.#problem(coroutine, status)
    luaL_unref(L, LUA_REGISTRYINDEX, own)
    this.#host.output.flush()
    return problem
  }

  /** Discards errors of scripts before the next test. */
  clearFailures(): void {
    this.#failures = []
  }

  /** Prepends paths as busted does: `;;` in the result is reduced to `;`. */
  #prependPaths(paths: Readonly<Record<'path' | 'cpath', string>>): void {
    const { L } = this
    lua_getglobal(L, 'package')
    for (const [field, first] of Object.entries(paths)) {
      if (first === '') continue
      lua_getfield(L, -1, field)
      const defaults = jsString(lua_tostring(L, -1)!)
      lua_pushstring(L, luaString(`${first};${defaults}`.replaceAll(';;', ';')))
      lua_setfield(L, -3, field)
      lua_pop(L, 1)
    }
    lua_pop(L, 1)
  }

  #problem(coroutine: lua_State, status: number): Problem | undefined {
    const problem = problemOf(this.L, coroutine, status, (file) => this.#host.readSource(file))
    const scripts = this.#failures
    return problem && scripts.length > 0 ? { ...problem, scripts } : problem
  }

  /** Collects the first errors of a process's scripts. */
  #collectFailures({ lua: host }: Haproxy): void {
    host.inspector = this.#options.inspector
    host.onFailure ??= (failure) => {
      if (this.#failures.length < MAX_FAILURES) this.#failures.push(failure)
    }
  }

  #simulation(options: SimulationOptions): Simulation {
    const simulation = this.nextSimulation ?? new Simulation({ seed: this.#options.seed, ...options })
    this.nextSimulation = undefined
    simulation.onFileAccess = this.#options.onFileAccess
    simulation.interrupt = this.#limit.interrupt
    this.#simulations.push(simulation)
    this.#options.onSimulation(simulation)
    return simulation
  }

  /** Runs a module of lua/ with native functions. */
  #install(file: string, name: string, functions: Readonly<Record<string, LuaFunction>>): void {
    const { L } = this
    runModule(this.#host, L, file, name, () => {
      lua_createtable(L, 0, Object.keys(functions).length)
      for (const [key, call] of Object.entries(functions)) {
        lua_pushcfunction(L, call)
        lua_setfield(L, -2, key)
      }
    })
  }
}
