/** `lua-load` and `tune.lua.*` in the model of a configuration. */
import type { Micros } from '../../engine/clock.js'
import type { Place } from '../syntax/place.js'
import type { Variables } from '../syntax/environment.js'

/** Values of `tune.lua.log.stderr`. */
export type LuaLogStderr = 'on' | 'auto' | 'off'

/** Lua settings of `global`. */
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
  /** undefined if not set, which HAProxy warns about */
  readonly boolSampleConversion: 'normal' | 'pre-3.1-bug' | undefined
  /** libraries that `tune.lua.openlibs` allows; undefined: all */
  readonly openLibs: readonly string[] | undefined
}

/** A `lua-load` or `lua-load-per-thread` line. */
export interface LuaLoad {
  /** as written, and relative to the working directory of the process */
  readonly file: string
  readonly path: string
  /** as messages show it: scripts of `lua-load-per-thread` by their absolute paths */
  readonly name: string
  /** working directory while it is loaded (`default-path`); '' is that of the process */
  readonly directory: string
  readonly args: readonly string[]
  readonly perThread: boolean
  readonly place: Place
  /** number of proxies before this line, which are visible to the body of the script */
  readonly proxiesBefore: number
  /** number of steps with variables before this line */
  readonly variablesBefore: number
  /** the environment at this line */
  readonly env: Variables
  /** there are `log` lines in `global` before it: logs of its body are lost then, as the targets are not active yet */
  readonly logsBefore: boolean
}

/** Something that a rule, an expression or a filter uses, and a script must register: `lua.NAME`. */
export interface LuaUse {
  readonly kind: 'action' | 'service' | 'fetch' | 'converter' | 'filter'
  /** without `lua.` */
  readonly name: string
  /** the rule set of an action as scripts name it (`http-req` …), the mode of a service; otherwise '' */
  readonly environment: string
  /** the number of arguments with which an action has been read: all words before a condition, until the scripts are loaded */
  readonly argumentCount: number
  readonly place: Place
}

/** What a script has registered. */
export interface LuaRegistration {
  readonly environment: string
  /** of an action */
  readonly argumentCount: number
}

/** The names that scripts have registered. */
export interface LuaNames {
  /** nothing is registered */
  readonly isEmpty: boolean
  /** What a use refers to; undefined: no script has registered it. Services are found in any mode. */
  find(kind: LuaUse['kind'], name: string, environment: string): LuaRegistration | undefined
  /** Names with `lua.` in the order of their registration. */
  list(kind: LuaUse['kind'], environment: string): readonly string[]
}
