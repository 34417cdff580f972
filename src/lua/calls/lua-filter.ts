/** A filter of a script on a stream: the object that `new` has returned, and the calls of its callbacks (`hlua_filter_callback`, src/hlua.c). */
import { Filter, FilterResult } from '../../haproxy/filters/filter.js'
import type { Channel } from '../../haproxy/streams/channel.js'
import type { Stream } from '../../haproxy/streams/stream.js'
import { getFieldSafely } from '../binding/safe-field.js'
import { lauxlib, lua, luaString, type lua_State } from '../fengari.js'
import { Coroutine, type StepResult } from '../host/coroutine.js'
import type { ScriptState } from '../host/script-state.js'
import { toInt } from '../vm/integer.js'
import { errorOf, reportError } from './task.js'
import { Txn } from './txn.js'

const {
  lua_getfield,
  lua_gettop,
  lua_insert,
  lua_isfunction,
  lua_istable,
  lua_pushlightuserdata,
  lua_rawgeti,
  lua_setfield,
  lua_settop,
  lua_tointeger,
  LUA_REGISTRYINDEX,
} = lua
const { luaL_unref } = lauxlib

/** Callbacks that a class of filters may have. */
export const CALLBACKS = [
  'start_analyze',
  'end_analyze',
  'http_headers',
  'http_payload',
  'http_end',
  'tcp_payload',
] as const

export type Callback = (typeof CALLBACKS)[number]

/** The field of an object that refers to its filter. */
export const FILTER_FIELD = luaString('__filter')

/** The fields of a TXN with the channel or the message that a callback gets. */
const ARGUMENTS = {
  channel: [luaString('req'), luaString('res')],
  message: [luaString('http_req'), luaString('http_res')],
} as const

/** What is offered to the payload callback that runs. */
interface Payload {
  /** where it is in the buffer of the channel */
  offset: number
  length: number
}

export class LuaFilter extends Filter {
  /** a payload callback runs, or was the last one that did (`HLUA_FLT_CTX_FL_PAYLOAD`) */
  isInPayload = false
  readonly #payloads: readonly Payload[] = [
    { offset: 0, length: 0 },
    { offset: 0, length: 0 },
  ]
  readonly #coroutines: readonly Coroutine[]

  /** @param object a reference to the object in the registry of the state */
  constructor(
    readonly name: string,
    readonly state: ScriptState,
    readonly object: number,
    callbacks: ReadonlySet<Callback>,
    stream: Stream,
  ) {
    super()
    this.#coroutines = [0, 1].map(() => {
      const coroutine = new Coroutine(state, 'sessionTimeout', undefined, true)
      coroutine.task = stream.task
      return coroutine
    })
    if (callbacks.has('start_analyze'))
      this.startAnalysis = (stream, channel) => {
        this.isInPayload = false
        return this.#result(stream, channel, 'start_analyze', 'channel')
      }
    if (callbacks.has('end_analyze'))
      this.endAnalysis = (stream, channel) => {
        this.isInPayload = false
        return this.#result(stream, channel, 'end_analyze', 'channel')
      }
    if (callbacks.has('http_headers'))
      this.filterHeaders = (stream, channel) => {
        this.isInPayload = false
        return this.#result(stream, channel, 'http_headers', 'message')
      }
    if (callbacks.has('http_payload'))
      this.filterHttpPayload = (stream, channel, offset, length) =>
        this.#filterPayload(stream, channel, 'http_payload', 'message', { offset, length })
    if (callbacks.has('http_end'))
      this.endMessage = (stream, channel) => {
        this.isInPayload = false
        return this.#result(stream, channel, 'http_end', 'message')
      }
    if (callbacks.has('tcp_payload'))
      this.filterTcpPayload = (stream, channel, offset, length) =>
        this.#filterPayload(stream, channel, 'tcp_payload', 'channel', { offset, length })
  }

  /** The data of a channel that are offered to the payload callback. */
  payloadOf({ isResponse }: Channel): Readonly<Payload> {
    return this.#payloads[Number(isResponse)]!
  }

  /** The callback has made the payload longer, or shorter. */
  resize(channel: Channel, growth: number): void {
    this.resized(channel, growth)
    this.#payloads[Number(channel.isResponse)]!.length += growth
  }

  /** The callback forwards the first bytes of the payload at once. */
  forward(channel: Channel, bytes: number): void {
    const payload = this.#payloads[Number(channel.isResponse)]!
    this.setOffset(channel, this.offsetOf(channel) + bytes)
    payload.offset += bytes
    payload.length -= bytes
  }

  /** The callback has inserted bytes before the payload and forwards them at once. */
  sent(channel: Channel, bytes: number): void {
    this.resized(channel, bytes)
    this.setOffset(channel, this.offsetOf(channel) + bytes)
    this.#payloads[Number(channel.isResponse)]!.offset += bytes
  }

  override detach(): void {
    luaL_unref(this.state.L, LUA_REGISTRYINDEX, this.object)
    for (const coroutine of this.#coroutines) coroutine.destroy()
  }

  /** Runs a callback whose result is that of the filter; without one it continues. */
  #result(stream: Stream, channel: Channel, callback: Callback, argument: keyof typeof ARGUMENTS): number {
    const { result, L } = this.#call(stream, channel, callback, argument)
    if (result !== FilterResult.CONTINUE || lua_gettop(L) === 0) return result
    const returned = toInt(lua_tointeger(L, -1))
    lua_settop(L, 0)
    return returned
  }

  /** Runs a callback that returns how many bytes are forwarded; without a result, all of them. A negative number counts as all, too. */
  #filterPayload(
    stream: Stream,
    channel: Channel,
    callback: Callback,
    argument: keyof typeof ARGUMENTS,
    offered: Payload,
  ): number {
    const payload = this.#payloads[Number(channel.isResponse)]!
    Object.assign(payload, offered)
    this.isInPayload = true
    const { result, L } = this.#call(stream, channel, callback, argument)
    if (result < 0) return result
    if (lua_gettop(L) === 0) return payload.length
    const returned = toInt(lua_tointeger(L, -1))
    lua_settop(L, 0)
    return returned < 0 ? payload.length : Math.min(returned, payload.length)
  }

  /** Calls a callback. Its results are on the stack of `L` if the filter continues. */
  #call(
    stream: Stream,
    channel: Channel,
    callback: Callback,
    argument: keyof typeof ARGUMENTS,
  ): { readonly result: number; readonly L: lua_State } {
    const index = Number(channel.isResponse)
    const coroutine = this.#coroutines[index]!
    const { L } = coroutine
    lua_rawgeti(L, LUA_REGISTRYINDEX, this.object)
    const error = getFieldSafely(L, callback)
    if (error !== undefined || !lua_isfunction(L, -1)) {
      if (error !== undefined) this.#report(`Lua filter '${this.name}': ${error}.`, stream)
      lua_settop(L, 0)
      return { result: FilterResult.CONTINUE, L }
    }
    lua_insert(L, -2)
    this.state.push(L, new Txn(stream, stream.backend, channel.isResponse ? 'response' : 'request', true, true))
    lua_getfield(L, -1, ARGUMENTS[argument][index]!)
    if (lua_istable(L, -1)) {
      lua_pushlightuserdata(L, this)
      lua_setfield(L, -2, FILTER_FIELD)
    }
    coroutine.arguments = 3
    const step = coroutine.step(false)
    if (step.kind !== 'finished') {
      this.#report(failure(this.name, callback, step), stream)
      return { result: step.kind === 'error' ? FilterResult.ERROR : FilterResult.CONTINUE, L: coroutine.L }
    }
    if (coroutine.wakeAt !== undefined) channel.analyseExpires = coroutine.wakeAt
    return { result: FilterResult.CONTINUE, L: coroutine.L }
  }

  #report(text: string, stream: Stream): void {
    reportError(this.state.host, text, stream.backend)
  }
}

/** HAProxy's message about a callback that has failed. */
const failure = (name: string, callback: string, step: StepResult): string => {
  switch (step.kind) {
    case 'execution timeout':
    case 'burst timeout':
      return `Lua filter '${name}' : '${callback}' callback ${step.kind}.`
    case 'yielded':
      return `Lua filter '${name}': yield functions like core.tcp() or core.sleep() are not allowed from '${callback}' callback.`
    default:
      return `Lua filter '${name}' : ${errorOf(step)}.`
  }
}
