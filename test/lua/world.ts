/** A process made by hand for tests of the Lua host: a configuration of defaults, files in memory, a network without anyone. */
import type { Configuration, LuaConfig, LuaLoad } from '../../src/config/model.js'
import { Random, Scheduler, SECOND, Trace, VirtualClock, type TraceRecord } from '../../src/engine/index.js'
import { HaproxyProcess, type Files } from '../../src/haproxy/index.js'
import { createLuaHost, type LuaHost } from '../../src/lua/index.js'
import type { Network } from '../../src/net/network.js'

export const NO_NETWORK: Network = {
  listen: () => {
    throw new Error('nobody listens in this test')
  },
  connect: () => {
    throw new Error('nobody connects in this test')
  },
  resolve: () => [],
}

export const LUA_DEFAULTS: LuaConfig = {
  loads: [],
  prependPaths: [],
  forcedYield: undefined,
  burstTimeout: SECOND,
  sessionTimeout: 4 * SECOND,
  serviceTimeout: 4 * SECOND,
  taskTimeout: 0,
  maxMemory: 0,
  logLoggers: true,
  logStderr: 'auto',
  boolSampleConversion: 'normal',
  openLibs: undefined,
}

const load = (file: string, perThread: boolean, args: readonly string[], line: number): LuaLoad => ({
  file,
  args,
  perThread,
  place: { file: 't.cfg', line },
  proxiesBefore: 0,
})

export interface WorldOptions {
  readonly files: Readonly<Record<string, string>>
  /** `lua-load`: file, arguments */
  readonly loads?: readonly (readonly [file: string, ...args: string[]])[]
  readonly perThread?: readonly (readonly [file: string, ...args: string[]])[]
  readonly lua?: Partial<LuaConfig>
  readonly configuration?: Partial<Configuration>
  readonly global?: Partial<Configuration['global']>
  readonly threads?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly network?: Network
  readonly seed?: number
}

export class World {
  readonly clock = new VirtualClock()
  readonly trace = new Trace(this.clock)
  readonly scheduler = new Scheduler({ clock: this.clock, trace: this.trace })
  readonly records: TraceRecord[] = []
  readonly process: HaproxyProcess
  host!: LuaHost

  constructor(options: WorldOptions) {
    this.trace.listen((record) => this.records.push(record))
    const loads = [
      ...(options.loads ?? []).map(([file, ...args], i) => load(file, false, args, i + 2)),
      ...(options.perThread ?? []).map(([file, ...args], i) => load(file, true, args, i + 20)),
    ]
    const bytes = new Map(Object.entries(options.files).map(([name, text]) => [name, new TextEncoder().encode(text)]))
    const files: Files = { read: (path) => bytes.get(path.replace(/^\.\//, '')) ?? 'ENOENT' }
    this.process = new HaproxyProcess({
      name: 'haproxy',
      configuration: {
        global: {
          nbthread: options.threads ?? 1,
          maxconn: undefined,
          node: undefined,
          description: undefined,
          logs: [],
          logTag: 'haproxy',
          spreadChecks: 0,
          maxSpreadChecks: undefined,
          statsSockets: [],
          statsTimeout: 10 * SECOND,
          lua: { ...LUA_DEFAULTS, ...options.lua, loads },
          ...options.global,
        },
        proxies: [],
        mailers: [],
        diagnostics: [],
        ...options.configuration,
      } as Configuration,
      scheduler: this.scheduler,
      random: new Random(options.seed ?? 1),
      network: options.network ?? NO_NETWORK,
      files,
      machine: { hostname: 'host', cpus: 1, pid: 1234, environment: options.environment ?? {} },
      extend: (process) => (this.host = createLuaHost(process)),
    })
  }

  start(): boolean {
    return this.process.start()
  }

  /** Runs for some virtual seconds. */
  run(seconds: number): this {
    this.scheduler.runUntil(this.clock.now + Math.round(seconds * SECOND))
    return this
  }

  /** Lines on standard output. */
  get printed(): string[] {
    return this.host.output.printed.filter((each) => each.stream === 'stdout').map((each) => each.text)
  }

  get messages(): string[] {
    return this.process.logger.messages.filter((each) => each.severity !== 'notice').map((each) => each.text)
  }
}

/** Starts a process with one script and lets it run. */
export const runScript = (script: string, options: Partial<WorldOptions> = {}, seconds = 10): World => {
  const world = new World({ loads: [['x.lua']], ...options, files: { 'x.lua': script, ...options.files } })
  if (world.start()) world.run(seconds)
  return world
}
