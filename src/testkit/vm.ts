/**
 * The Lua of a test file: a state of its own, apart from those of the scripts, on the same VM. (fengari-interop would bring
 * objects of TypeScript into Fengari's own core, which is not what runs here; objects are bound with lua/binding/lua-class.ts instead.)
 * Its libraries are those that scripts have: time and chance are a simulation's, files are read from the disk; writing them and running
 * programs is refused unless the command allows it.
 */
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../lua/fengari.js'
import { ClassRegistry } from '../lua/binding/lua-class.js'
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
import type { Comparison } from './snapshot.js'
import { TimeLimit } from './time-limit.js'
import { NO_BRIDGE, read } from './values.js'

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

/** Errors of scripts that are kept for a failure. */
const MOST_FAILURES = 3

export interface VmOptions {
  /** what is decided for all processes, and holds for the Lua of tests, too */
  readonly processes: ProcessDefaults
  /** told of every line that tests print */
  readonly print: (line: string) => void
  /** the host's clock, in milliseconds */
  readonly clock: () => number
  /** what a simulation has unless a test says otherwise */
  readonly seed: number
  /** put before `package.path` and `package.cpath` */
  readonly lpath: string
  readonly cpath: string
  /** looks on while tests and scripts run */
  readonly inspector?: Inspector | undefined
  /** told of every simulation that tests make */
  readonly made: (simulation: Simulation) => void
  /** told of every file that tests and their simulations look for on the disk, by its whole path */
  readonly asked?: ((file: string) => void) | undefined
}

/** Milliseconds of the host that a test or a hook may take. */
export const USUAL_TIMEOUT = 10_000

/** busted's: modules of a project that has its sources in src/ */
const USUAL_LPATH = './src/?.lua;./src/?/?.lua;./src/?/init.lua'
const USUAL_CPATH = './csrc/?.so;./csrc/?/?.so;'

/** The Lua for a file that is run with these options. */
export const makeVm = (
  file: string,
  options: Omit<RunnerOptions, 'reporter'> & Pick<VmOptions, 'print' | 'made'>,
): TestVm =>
  new TestVm({
    processes: {
      directory: options.directory ?? '.',
      environment: options.environment ?? {},
      allow: { exec: options.allow?.exec === true, write: options.allow?.write === true },
      exec: options.allow?.exec ? options.exec : undefined,
      startLimit: options.startLimit,
    },
    clock: options.clock,
    seed: options.seed ?? 1,
    print: options.print,
    made: options.made,
    lpath: options.lpath ?? USUAL_LPATH,
    cpath: options.cpath ?? USUAL_CPATH,
    inspector: options.inspector,
    asked: options.asked && ((asked) => options.asked!(file, asked)),
  })

/** What is wrong with a chunk, and where it is. */
export interface NotCompiled {
  readonly error: string
  readonly frame: FailedFrame | undefined
}

export class TestVm {
  readonly L: lua_State
  /** the simulation that the next call of `hapsim.simulation` gets */
  given: Simulation | undefined
  /** what the test's Lua and TypeScript have of each other */
  readonly objects: BoundObjects
  readonly #host: LuaHost
  readonly #state: LuaState
  /** those whose files are to be closed */
  readonly #simulations: Simulation[] = []
  readonly #options: VmOptions
  readonly #limit: TimeLimit
  /** the first errors in scripts of this test */
  #failures: LuaFailure[] = []

  constructor(options: VmOptions) {
    this.#options = options
    this.#limit = new TimeLimit(options.clock)
    const world = new Simulation({ seed: options.seed })
    world.trace.listen((record) => {
      if (record.type === 'print') options.print((record as PrintRecord).text)
    })
    world.onFileAccess = options.asked
    const { directory, environment, allow } = options.processes
    this.#host = world.haproxy({ config: '', directory, machine: { environment }, allow }).lua
    const state = new LuaState(this.#host, newState('5.4', undefined), 0, new ClassRegistry([]))
    this.#state = state
    this.L = state.L
    this.#host.trapExceptions(state)
    if (options.inspector) inspect(state.L, options.inspector)
    openLibraries(state)
    this.#prependPaths({ path: options.lpath, cpath: options.cpath })
    this.objects = new BoundObjects(state.L, {
      processes: options.processes,
      limit: this.#limit,
      given: (result) => {
        if (result instanceof Haproxy) this.#watch(result)
      },
    })
    installAssertions(this.#host, this.L)
    this.#install('hapsim.lua', 'hapsim', {
      simulation: (from) => {
        const wanted = lua_gettop(from) > 0 ? read(from, 1, this.objects) : undefined
        return this.objects.enter(from, () => this.#simulation(simulationOptions(wanted)))
      },
    })
  }

  /** Closes the files that scripts of the simulations have left open that `action` makes. */
  closingFiles<T>(action: () => T): T {
    const before = this.#simulations.length
    try {
      return action()
    } finally {
      for (const simulation of this.#simulations.splice(before)) simulation.closeFiles()
    }
  }

  /** Closes the files that the test file itself has left open. */
  end(): void {
    this.#state.closeFiles()
  }

  /** Compiles a file; returns the reference of its function, or what is wrong with it. */
  load(file: string): number | NotCompiled {
    const error = this.#host.pushFile(this.L, file)
    if (error === undefined) return luaL_ref(this.L, LUA_REGISTRYINDEX)
    const source = this.#host.readSource(file)
    return { error, frame: source && syntaxErrorFrame(error, `@${file}`, source) }
  }

  /** The same of a text. @param chunkname with Lua's leading `=` */
  loadText(text: string, chunkname: string): number | NotCompiled {
    const source = luaString(text)
    const error = this.#host.pushSource(this.L, source, chunkname)
    if (error === undefined) return luaL_ref(this.L, LUA_REGISTRYINDEX)
    return { error, frame: syntaxErrorFrame(error, chunkname, source) }
  }

  /** Gives the module `dsl` what it tells the runner by. */
  installWords(words: Readonly<Record<string, LuaFunction>>): void {
    this.#install('testkit/dsl.lua', 'hapsim.testkit.dsl', words)
  }

  /** Gives the module `snapshot` what compares a text with a snapshot. */
  installSnapshots(compare: (text: string, name: string | undefined) => Comparison): void {
    this.#install('testkit/snapshot.lua', 'hapsim.testkit.snapshot', {
      compare: (from) => {
        const text = read(from, 1, NO_BRIDGE) as string
        const name = read(from, 2, NO_BRIDGE) as string | undefined
        const { kind, message } = compare(text, name)
        lua_pushstring(from, luaString(kind))
        lua_pushstring(from, luaString(message))
        return 2
      },
    })
  }

  /** Remembers globals and loaded modules; returns how to put them back. */
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
   * Calls the function with that reference in a coroutine of its own. Returns undefined when all was well. It is ended after `limit`
   * milliseconds of the host's time.
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

  /** Forgets errors in scripts: another test begins. */
  forget(): void {
    this.#failures = []
  }

  /** As busted does: where two semicolons come together, Lua's own mark for its usual path, one is left. */
  #prependPaths(paths: Readonly<Record<'path' | 'cpath', string>>): void {
    const { L } = this
    lua_getglobal(L, 'package')
    for (const [field, first] of Object.entries(paths)) {
      if (first === '') continue
      lua_getfield(L, -1, field)
      const usual = jsString(lua_tostring(L, -1)!)
      lua_pushstring(L, luaString(`${first};${usual}`.replaceAll(';;', ';')))
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

  /** Keeps the first errors of a process's scripts. */
  #watch({ lua: host }: Haproxy): void {
    host.inspector = this.#options.inspector
    host.onFailure ??= (failure) => {
      if (this.#failures.length < MOST_FAILURES) this.#failures.push(failure)
    }
  }

  #simulation(options: SimulationOptions): Simulation {
    const simulation = this.given ?? new Simulation({ seed: this.#options.seed, ...options })
    this.given = undefined
    simulation.onFileAccess = this.#options.asked
    this.#simulations.push(simulation)
    this.#options.made(simulation)
    return simulation
  }

  /** Runs a module of lua/ that is given functions of ours. */
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
