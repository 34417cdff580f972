/** What `lua-load` and `tune.lua.*` say, in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { Place } from '../syntax/place.js'
import type { Variables } from '../syntax/environment.js'

/** Values of `tune.lua.log.stderr`. */
export type LuaLogStderr = 'on' | 'auto' | 'off'

export interface LuaConfig {
  /** `lua-load` and `lua-load-per-thread` in the order of the text */
  readonly loads: readonly LuaLoad[]
  readonly prependPaths: readonly { readonly path: string; readonly type: 'path' | 'cpath'; readonly place: Place }[]
  /** instructions between two forced yields; undefined: HAProxy's default (10000 under lua-load-per-thread or with one thread, 500 else) */
  readonly forcedYield: number | undefined
  /** 0: none */
  readonly burstTimeout: Micros
  readonly sessionTimeout: Micros
  readonly serviceTimeout: Micros
  /** 0: none */
  readonly taskTimeout: Micros
  /** bytes; 0: no limit */
  readonly maxMemory: number
  readonly logLoggers: boolean
  readonly logStderr: LuaLogStderr
  /** undefined when not set, which HAProxy warns of */
  readonly boolSampleConversion: 'normal' | 'pre-3.1-bug' | undefined
  /** libraries that `tune.lua.openlibs` allows; undefined: all */
  readonly openLibs: readonly string[] | undefined
}

export interface LuaLoad {
  /** as written, and where it is, from where the process was started */
  readonly file: string
  readonly path: string
  /** the folder that the process is in while it is loaded (`default-path`); '' is where it was started */
  readonly directory: string
  readonly args: readonly string[]
  readonly perThread: boolean
  readonly place: Place
  /** how many proxies of the configuration stand before this line: those that the body of the script can see */
  readonly proxiesBefore: number
  /** the environment at this line */
  readonly env: Variables
  /** whether `log` lines of `global` are before it: what its body logs is lost then, as they do not count yet */
  readonly logsBefore: boolean
}
