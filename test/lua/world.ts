/** A simulation with one process that loads one script, for tests of the Lua host. */
import type { Haproxy } from '../../src/sim/haproxy.js'
import { Simulation } from '../../src/sim/index.js'

export interface World {
  readonly sim: Simulation
  readonly haproxy: Haproxy
  /** whether HAProxy started */
  readonly started: boolean
  readonly printed: readonly string[]
  /** alerts and warnings */
  readonly messages: readonly string[]
}

export interface WorldOptions {
  /** lines of the `global` section beside those that load the script */
  readonly global?: string
  /** `lua-load x.lua` unless given */
  readonly loads?: string
  readonly files?: Readonly<Record<string, string>>
  readonly seed?: number
  readonly environment?: Readonly<Record<string, string>>
  /** how long the body and each init function may run */
  readonly startLimit?: string
  /** called before it starts */
  readonly surroundings?: (sim: Simulation) => void
}

const configuration = (options: WorldOptions): string => `global
    tune.lua.bool-sample-conversion normal
    ${options.global ?? 'nbthread 1'}
    ${options.loads ?? 'lua-load x.lua'}
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind :80
    default_backend be
backend be
    server s1 10.0.0.1:80
`

/** Starts a process that loads `script` as x.lua, and lets some virtual seconds pass. */
export const runScript = (script: string, options: WorldOptions = {}, seconds = 10): World => {
  const sim = new Simulation({ seed: options.seed ?? 1 })
  options.surroundings?.(sim)
  const haproxy = sim.haproxy({
    config: configuration(options),
    files: { 'x.lua': script, ...options.files },
    directory: false,
    machine: { environment: options.environment ?? {} },
    ...(options.startLimit !== undefined && { startLimit: options.startLimit }),
  })
  const started = haproxy.process.start()
  if (started) sim.advance(`${seconds}s`)
  return {
    sim,
    haproxy,
    started,
    get printed() {
      return haproxy.output
    },
    get messages() {
      return haproxy.messages.filter((each) => each.severity !== 'notice').map((each) => each.text)
    },
  }
}
