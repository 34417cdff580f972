/**
 * Representation of Lua values in JavaScript: nil is undefined, booleans are booleans, strings are JavaScript strings with one character
 * per byte. An integer is a number in the safe range and a bigint beyond, always normalized, so that `===` compares them; floats are
 * objects, because 1 and 1.0 differ.
 */
import type { LuaTable } from './table.js'
import type { LuaThread } from './state.js'
import type { Proto } from './proto.js'

export class LuaFloat {
  constructor(readonly n: number) {}
}

/** The NaN that is printed without a sign: the negation of the default one. */
export const POSITIVE_NAN = new LuaFloat(NaN)

/** A variable that closures share. */
export class UpValue {
  constructor(public v: LuaValue) {}
}

/** Code of a prototype: arguments in, the first result out; how many there were, and the others, are in the thread. */
export type Run = (L: LuaThread, closure: LuaClosure, ...args: LuaValue[]) => Result

/** A function in Lua. */
export class LuaClosure {
  id = 0
  run: Run
  constructor(
    readonly p: Proto,
    readonly upvalues: UpValue[],
  ) {
    this.run = p.run
  }
}

/** A function of the host: takes arguments from the thread's stack, leaves results there and returns their number. */
export interface NativeFunction {
  (L: LuaThread): number
  /** shortcuts for calls with that many arguments and one result, unless they set `L.nret`; {@link FALLBACK} means: call it the long way */
  direct1?: (L: LuaThread, a: LuaValue) => LuaValue | typeof FALLBACK
  direct2?: (L: LuaThread, a: LuaValue, b: LuaValue) => LuaValue | typeof FALLBACK
  direct3?: (L: LuaThread, a: LuaValue, b: LuaValue, c: LuaValue) => LuaValue | typeof FALLBACK
  /** a value that its JavaScript code keeps alive */
  holds?: LuaValue
}

/** A function of the host with upvalues. */
export class NativeClosure {
  id = 0
  constructor(
    readonly f: NativeFunction,
    readonly upvalues: LuaValue[],
  ) {}
}

export class Userdata {
  id = 0
  metatable: LuaTable | null = null
  uservalue: LuaValue = undefined
  /** number of user values in Lua 5.4: 1, or 0 for files */
  userValues = 1
  readonly data: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  constructor(readonly len: number) {}
}

/** A reference to something of the host; one object for each thing in a state. */
export class LightUserdata {
  constructor(readonly p: unknown) {}
}

export type LuaValue =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | LuaFloat
  | LuaTable
  | LuaClosure
  | NativeFunction
  | NativeClosure
  | Userdata
  | LightUserdata
  | LuaThread

/** What code returns instead of a result when its JavaScript frame must end although the Lua function has not. */
export const SUSPENDED = Symbol('suspended')
export type Suspended = typeof SUSPENDED
export type Result = LuaValue | Suspended

/** What a shortcut of a native function returns when it is not for it to answer. */
export const FALLBACK = Symbol('fallback')

/** Lua's types by the numbers of the C API. */
export const enum Type {
  NONE = -1,
  NIL = 0,
  BOOLEAN = 1,
  LIGHTUSERDATA = 2,
  NUMBER = 3,
  STRING = 4,
  TABLE = 5,
  FUNCTION = 6,
  USERDATA = 7,
  THREAD = 8,
}

export const TYPE_NAMES = [
  'nil',
  'boolean',
  'userdata',
  'number',
  'string',
  'table',
  'function',
  'userdata',
  'thread',
] as const

export const isFalse = (value: unknown): boolean => value === undefined || value === false

export const isFunction = (value: LuaValue): value is LuaClosure | NativeFunction | NativeClosure =>
  value instanceof LuaClosure || typeof value === 'function' || value instanceof NativeClosure
