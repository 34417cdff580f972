/**
 * The Lua of a test file: a state of its own, apart from those of the scripts, on the same VM. (fengari-interop would bring
 * objects of TypeScript into Fengari's own core, which is not what runs here; objects are bound with lua/bind.ts instead.)
 * Its libraries are those that scripts have: time and chance are a simulation's, files are read from the disk and never written.
 */
import { readFileSync } from 'node:fs'
import { LuaClass, throwError } from '../lua/bind.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../lua/fengari.js'
import type { LuaFailure } from '../lua/failure.js'
import type { LuaHost, PrintRecord } from '../lua/index.js'
import { LuaState } from '../lua/state.js'
import { openLibraries } from '../lua/stdlib/open.js'
import { inspect, newState, type Inspector, type LuaThread } from '../lua/vm/state.js'
import { Haproxy, Simulation, type SimulationOptions } from '../sim/index.js'
import { checkArguments, CONNECTION, isConnection, kindsOf, Values, type Kind } from './objects.js'
import { problemOf, type Problem } from './problem.js'
import type { Comparison } from './snapshot.js'
import { camelCase, NO_BRIDGE, push, read, type Bridge } from './values.js'

const {
  lua_call,
  lua_error,
  lua_getfield,
  lua_gettop,
  lua_isyieldable,
  lua_newthread,
  lua_pcall,
  lua_pop,
  lua_pushcfunction,
  lua_pushstring,
  lua_pushvalue,
  lua_rawgeti,
  lua_resume,
  lua_setfield,
  lua_setglobal,
  lua_sethook,
  lua_settop,
  lua_tostring,
  lua_type,
  lua_yield,
  LUA_MASKCOUNT,
  LUA_OK,
  LUA_REGISTRYINDEX,
  LUA_TTABLE,
} = lua
const { luaL_ref, luaL_unref } = lauxlib

/** Instructions between two looks at the clock. */
const LOOK = 100_000
/** Errors of scripts that are kept for a failure. */
const MOST_FAILURES = 3
/** Steps of a simulation between two looks at the clock. */
const STEPS = 512

/** An error of Lua on its way through TypeScript; `reference` is its value in the registry. */
class LuaThrown extends Error {
  constructor(readonly reference: number) {
    super('an error of Lua')
  }
}

/** A test took more of the host's time than it may. */
class TooLong extends Error {}

export interface VmOptions {
  /** from which names of files start */
  readonly directory: string
  /** told of every line that tests print */
  readonly print: (line: string) => void
  /** the host's clock, in milliseconds */
  readonly clock: () => number
  /** what a simulation has unless a test says otherwise */
  readonly seed: number
  /** looks on while tests and scripts run */
  readonly inspector?: Inspector | undefined
  /** told of every simulation that tests make */
  readonly made: (simulation: Simulation) => void
  /** told of every file that tests and their simulations look for on the disk, by its whole path */
  readonly asked?: ((file: string) => void) | undefined
}

const LIBRARY = new URL('../../lua/', import.meta.url)
const MODULES = ['values', 'say', 'assert', 'assertions', 'match', 'spy'] as const
const sources = new Map<string, Uint8Array>()

const OPTIONS: ReadonlySet<string> = new Set([
  'seed',
  'epoch',
  'maxStall',
  'latencySeed',
  'pairsSeed',
  'instructionCost',
])

/** What `hapsim.simulation` was given, checked. */
const simulationOptions = (given: unknown = {}): SimulationOptions => {
  if (typeof given !== 'object') throw new RangeError('hapsim.simulation takes a table of options, or nothing')
  const unknown = Object.keys(given as object).find((name) => !OPTIONS.has(name))
  if (unknown !== undefined) throw new RangeError(`hapsim.simulation knows no option '${unknown}'`)
  return given as SimulationOptions
}

export class TestVm implements Bridge {
  readonly L: lua_State
  /** the simulation that the next call of `hapsim.simulation` gets */
  given: Simulation | undefined
  readonly #host: LuaHost
  readonly #options: VmOptions
  readonly #kinds: ReadonlyMap<unknown, LuaClass<object>>
  readonly #connection: LuaClass<object>
  readonly #objects = new WeakMap<object, number>()
  #running: lua_State
  /** the first errors in scripts of this test */
  #failures: LuaFailure[] = []
  #deadline = Infinity
  #limit = 0

  constructor(options: VmOptions) {
    this.#options = options
    const world = new Simulation({ seed: options.seed })
    world.trace.listen((record) => {
      if (record.type === 'print') options.print((record as PrintRecord).text)
    })
    world.fileAsked = options.asked
    const around = world.haproxy({ config: '', directory: options.directory })
    this.#host = around.lua
    const state = new LuaState(this.#host, newState('5.4', undefined) as unknown as lua_State, 0)
    this.L = state.L
    this.#running = state.L
    this.#host.catchBugs(state)
    if (options.inspector) inspect(state.L as unknown as LuaThread, options.inspector)
    openLibraries(state)
    this.#kinds = new Map(kindsOf(options.directory).map(([type, kind]) => [type, this.#classOf(kind)]))
    this.#connection = this.#classOf(CONNECTION)
    this.#install()
  }

  /** Compiles a file; returns the reference of its function, or what is wrong with it. */
  load(file: string): number | { readonly error: string } {
    const error = this.#host.pushFile(this.L, file)
    return error === undefined ? luaL_ref(this.L, LUA_REGISTRYINDEX) : { error }
  }

  /** Gives the module `dsl` what it tells the runner by. */
  installWords(words: Readonly<Record<string, LuaFunction>>): void {
    const { L } = this
    lua.lua_createtable(L, 0, 8)
    for (const [name, call] of Object.entries(words)) {
      lua_pushcfunction(L, call)
      lua_setfield(L, -2, name)
    }
    this.#runModule('testkit/dsl.lua', 'hapsim.testkit.dsl', true)
  }

  /** Gives the module `snapshot` what compares a text with a snapshot. */
  installSnapshots(compare: (text: string, name: string | undefined) => Comparison): void {
    const { L } = this
    lua.lua_createtable(L, 0, 1)
    lua_pushcfunction(L, (from) => {
      const { kind, message } = compare(
        read(from, 1, NO_BRIDGE) as string,
        read(from, 2, NO_BRIDGE) as string | undefined,
      )
      lua_pushstring(from, luaString(kind))
      lua_pushstring(from, luaString(message))
      return 2
    })
    lua_setfield(L, -2, 'compare')
    this.#runModule('testkit/snapshot.lua', 'hapsim.testkit.snapshot', true)
  }

  /** Remembers globals and loaded modules; returns how to put them back. */
  insulate(): () => void {
    const { L } = this
    this.#pushModule('hapsim.testkit.dsl')
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

  /** Pushes what the hidden module `name` returned. */
  #pushModule(name: string): void {
    const { L } = this
    lua_getfield(L, LUA_REGISTRYINDEX, '_LOADED')
    lua_getfield(L, -1, name)
    lua.lua_remove(L, -2)
  }

  /**
   * Calls the function with that reference in a coroutine of its own. Returns undefined when all was well. It is ended after `limit`
   * milliseconds of the host's time.
   */
  call(reference: number, limit: number, ...args: readonly unknown[]): Problem | undefined {
    const { L } = this
    const coroutine = lua_newthread(L)
    const own = luaL_ref(L, LUA_REGISTRYINDEX)
    this.#limit = limit
    this.#deadline = this.#options.clock() + limit
    for (const each of [L, coroutine])
      lua_sethook(each, (running) => this.#look(running, coroutine), LUA_MASKCOUNT, LOOK)
    lua_rawgeti(coroutine, LUA_REGISTRYINDEX, reference)
    for (const arg of args) push(coroutine, arg, this)
    const before = this.#running
    this.#running = coroutine
    const status = lua_resume(coroutine, L, args.length)
    this.#running = before
    const late = this.#late
    this.#deadline = Infinity
    this.#host.throwBug()
    const problem = late ? this.#tooLong() : this.#problem(coroutine, status)
    luaL_unref(L, LUA_REGISTRYINDEX, own)
    this.#host.output.end()
    return problem
  }

  pushObject(L: lua_State, object: object): boolean {
    const known = this.#objects.get(object)
    if (known !== undefined) {
      lua_rawgeti(L, LUA_REGISTRYINDEX, known)
      return true
    }
    const type = this.#kinds.get(object.constructor) ?? (isConnection(object) ? this.#connection : undefined)
    if (type === undefined) return false
    type.push(L, object)
    lua_pushvalue(L, -1)
    this.#objects.set(object, luaL_ref(L, LUA_REGISTRYINDEX))
    return true
  }

  callback(reference: number): (...args: unknown[]) => unknown {
    return (...args) => {
      const L = this.#running
      const base = lua_gettop(L)
      lua.lua_checkstack(L, args.length + 4)
      lua_rawgeti(L, LUA_REGISTRYINDEX, reference)
      for (const arg of args) push(L, arg, this)
      if (lua_pcall(L, args.length, 1, 0) !== LUA_OK) throw new LuaThrown(luaL_ref(L, LUA_REGISTRYINDEX))
      const result = read(L, -1, this)
      lua_settop(L, base)
      return result
    }
  }

  /** Forgets errors in scripts: another test begins. */
  forget(): void {
    this.#failures = []
  }

  #problem(coroutine: lua_State, status: number): Problem | undefined {
    const problem = problemOf(this.L, coroutine, status, (file) => this.#host.readSource(file))
    const scripts = this.#failures
    return problem && scripts.length > 0 ? { ...problem, scripts } : problem
  }

  get #late(): boolean {
    return this.#options.clock() > this.#deadline
  }

  #tooLong(): Problem {
    return { kind: 'timeout', message: `no end after ${this.#limit / 1000} s` }
  }

  /** Ends what has run for too long: its coroutine is left where it stands, so that no pcall can catch that. */
  #look(L: lua_State, coroutine: lua_State): void {
    if (!this.#late) return
    if (L === coroutine && lua_isyieldable(L)) {
      lua_yield(L, 0)
      return
    }
    lua_pushstring(L, luaString(this.#tooLong().message))
    lua_error(L)
  }

  /** A class of Lua for a kind of object. */
  #classOf(kind: Kind): LuaClass<object> {
    const methods = new Map(
      Object.entries(kind.methods).map(([name, call]) => [name, this.#method(() => type, name, call)]),
    )
    const type: LuaClass<object> = new LuaClass<object>(kind.name, {
      metamethods: {
        __index: (L) => {
          const object = type.check(L, 1)
          const name = camelCase(jsString(lua_tostring(L, 2) ?? new Uint8Array()))
          const method = methods.get(name)
          if (method) lua_pushcfunction(L, method)
          else if (Object.hasOwn(kind.properties, name)) push(L, kind.properties[name]!(object as never), this)
          else throwError(L, `a ${kind.name} has no '${name}'`)
          return 1
        },
        __newindex: (L) => throwError(L, `fields of a ${kind.name} cannot be set`),
        __tostring: (L) => {
          lua_pushstring(L, luaString(kind.name))
          return 1
        },
      },
    })
    return type
  }

  #method(type: () => LuaClass<object>, name: string, call: (object: never, ...args: never[]) => unknown): LuaFunction {
    return (L) => {
      if (lua_type(L, 1) !== LUA_TTABLE) throwError(L, `call it with a colon: object:${name}(…)`)
      const object = type().check(L, 1)
      return this.#enter(L, () => {
        const args: unknown[] = []
        for (let i = 2; i <= lua_gettop(L); i++) args.push(read(L, i, this))
        checkArguments(name, args)
        if (object instanceof Simulation && name === 'advance') return this.#advance(object, args[0] as string | number)
        return call(object as never, ...(args as never[]))
      })
    }
  }

  /** Lets time pass, and looks at the host's clock now and then. */
  #advance(simulation: Simulation, duration: string | number): void {
    let steps = 0
    simulation.runUntil(() => {
      if (++steps % STEPS === 0 && this.#late) throw new TooLong(this.#tooLong().message)
      return false
    }, duration)
  }

  /** Does something in TypeScript on behalf of Lua; what is thrown there becomes an error of Lua. */
  #enter(L: lua_State, action: () => unknown): number {
    const before = this.#running
    this.#running = L
    let result: unknown
    let problem: unknown
    try {
      result = action()
    } catch (error) {
      problem = error ?? new Error('nothing was thrown')
    }
    this.#running = before
    if (problem instanceof LuaThrown) {
      lua_rawgeti(L, LUA_REGISTRYINDEX, problem.reference)
      luaL_unref(L, LUA_REGISTRYINDEX, problem.reference)
      return lua_error(L)
    }
    if (problem !== undefined) throwError(L, problem instanceof Error ? problem.message : String(problem))
    if (result instanceof Haproxy) this.#watch(result)
    const values = result instanceof Values ? result.list : [result]
    for (const value of values) push(L, value, this)
    return values.length
  }

  /** Keeps the first errors of a process's scripts. */
  #watch({ lua: host }: Haproxy): void {
    host.inspector = this.#options.inspector
    host.onFailure ??= (failure) => {
      if (this.#failures.length < MOST_FAILURES) this.#failures.push(failure)
    }
  }

  /** What a test's state has that a script's has not. */
  #install(): void {
    const { L } = this
    for (const name of MODULES) {
      const key = name === 'say' ? name : `hapsim.testkit.${name}`
      this.#runModule(`testkit/${name}.lua`, key)
    }
    this.#pushModule('hapsim.testkit.assert')
    lua_setglobal(L, 'assert')
    this.#pushModule('hapsim.testkit.spy')
    for (const name of ['spy', 'stub', 'mock', 'match']) {
      lua_getfield(L, -1, name)
      lua_setglobal(L, name)
    }
    lua_pop(L, 1)
    for (const [module, name] of [
      ['luassert', 'assert'],
      ['luassert.spy', 'spy'],
      ['luassert.stub', 'stub'],
      ['luassert.mock', 'mock'],
      ['luassert.match', 'match'],
    ] as const) {
      lua_getfield(L, LUA_REGISTRYINDEX, '_LOADED')
      lua.lua_getglobal(L, name)
      lua_setfield(L, -2, module)
      lua_pop(L, 1)
    }
    lua.lua_createtable(L, 0, 1)
    lua_pushcfunction(L, (from) => {
      const options = lua_gettop(from) > 0 ? read(from, 1, this) : undefined
      return this.#enter(from, () => this.#simulation(simulationOptions(options)))
    })
    lua_setfield(L, -2, 'simulation')
    this.#runModule('hapsim.lua', 'hapsim', true)
  }

  #simulation(options: SimulationOptions): Simulation {
    const simulation = this.given ?? new Simulation({ seed: this.#options.seed, ...options })
    this.given = undefined
    simulation.fileAsked = this.#options.asked
    this.#options.made(simulation)
    return simulation
  }

  /** Runs a file of ours and keeps what it returns as module `key`. @param withValue whether it gets the value on top */
  #runModule(file: string, key: string, withValue = false): void {
    const { L } = this
    let source = sources.get(file)
    if (source === undefined) sources.set(file, (source = readFileSync(new URL(file, LIBRARY))))
    const problem = this.#host.pushSource(L, source, `=[hapsim ${file}]`)
    if (problem !== undefined) throw new Error(problem)
    if (withValue) lua.lua_insert(L, -2)
    lua_call(L, withValue ? 1 : 0, 1)
    lua_getfield(L, LUA_REGISTRYINDEX, '_LOADED')
    lua.lua_insert(L, -2)
    lua_setfield(L, -2, key)
    lua_pop(L, 1)
  }
}
