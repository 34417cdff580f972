/** Actions, filters, fetches and converters that scripts have registered, called for streams (`hlua_action` and the sample wrappers in src/hlua.c). */
import { luaEnvironment, type LuaAction } from '../../config/rules/actions/lua.js'
import type { LuaFilter } from '../../config/model/filters.js'
import type { Filter } from '../../haproxy/filters/filter.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import type { ActionScope, Outcome, StreamScripts } from '../../haproxy/rules/action.js'
import type { SampleContext } from '../../haproxy/samples/context.js'
import { duplicate, type Sample } from '../../haproxy/samples/sample.js'
import { NEVER } from '../../haproxy/streams/channel.js'
import { StreamSamples } from '../../haproxy/streams/samples.js'
import type { Applet, Stream } from '../../haproxy/streams/stream.js'
import { pushSample, sampleArgument } from '../binding/samples.js'
import { lua } from '../fengari.js'
import type { StepResult } from '../host/coroutine.js'
import type { ScriptHost } from '../host/script-state.js'
import { push } from '../vm/api/push.js'
import { FilterDefinitions } from './filter-definitions.js'
import { HttpServiceCall } from './http-service.js'
import type { Registration, RegistrationKind } from './registrations.js'
import { coroutineFor, type StreamCoroutine } from './stream-coroutines.js'
import { errorOf, reportError } from './task.js'
import { TcpServiceCall } from './tcp-service.js'
import { Txn } from './txn.js'

const { lua_gettop, lua_pop, lua_rawgeti, lua_tointeger, LUA_REGISTRYINDEX } = lua

/** The results of actions by their numbers in the table `act`; others continue. */
const OUTCOMES: readonly Outcome[] = ['continue', 'stop', 'yield', 'error', 'done', 'deny', 'abort', 'invalid']

/** How messages about failed calls begin, and say that yielding is not allowed. */
interface Wording {
  readonly what: string
  readonly yielded: string
}

const ACTION: Wording = {
  what: 'Lua function',
  yielded: 'yield not allowed',
}
const FETCH: Wording = {
  what: 'Lua sample-fetch',
  yielded: 'yield not allowed',
}
const CONVERTER: Wording = {
  what: 'Lua converter',
  yielded: 'yield functions like core.tcp() or core.sleep() are not allowed',
}

export class TrafficFunctions implements StreamScripts {
  readonly filters: FilterDefinitions
  readonly #services = new Map<string, Applet>()

  constructor(readonly host: ScriptHost) {
    this.filters = new FilterDefinitions(host)
  }

  attachFilter(config: LuaFilter, stream: Stream): Filter | 'refused' | undefined {
    return this.filters.attach(config, stream)
  }

  runAction({ name, args }: LuaAction, scope: ActionScope): Outcome {
    const { rule, proxy, isResponse, isFinal } = scope
    const stream = scope.stream!
    const registration = this.#find('action', name, luaEnvironment(rule.ruleSet))
    const on = coroutineFor(this.host, stream, registration)
    const { coroutine, state } = on
    if (!coroutine.running) {
      begin(on, registration)
      state.push(coroutine.L, new Txn(stream, proxy, isResponse ? 'response' : 'request', true))
      for (const text of args) push(coroutine.L, text)
      coroutine.arguments = 1 + args.length
    }
    const result = coroutine.step(!isFinal)
    if (result.kind === 'again') return this.#suspend(on, stream, isResponse)
    if (result.kind !== 'finished') {
      this.#report(ACTION, name, result, proxy)
      return 'continue'
    }
    const { L } = coroutine
    const outcome = lua_gettop(L) > 0 ? (OUTCOMES[Number(lua_tointeger(L, -1))] ?? 'continue') : 'continue'
    if (outcome !== 'yield') return outcome
    if (!isFinal) return this.#suspend(on, stream, isResponse)
    this.#report(ACTION, name, { kind: 'yielded' }, proxy)
    return 'continue'
  }

  /** The action is run again when the script asks for it at the latest. */
  #suspend({ coroutine }: StreamCoroutine, { request, response, now }: Stream, isResponse: boolean): 'yield' {
    const channel = isResponse ? response : request
    const expires = channel.isLate(now) ? NEVER : channel.analyseExpires
    channel.analyseExpires = Math.min(expires, coroutine.wakeAt ?? NEVER)
    return 'yield'
  }

  fetch(name: string, args: readonly string[], context: SampleContext): Sample | undefined {
    if (!(context instanceof StreamSamples)) return undefined
    const { owner: stream, proxy, direction } = context
    const registration = this.#find('fetch', name)
    const on = coroutineFor(this.host, stream, registration)
    const { coroutine, state } = on
    if (!coroutine.running) {
      begin(on, registration)
      state.push(coroutine.L, new Txn(stream, proxy, direction, false))
      for (const text of args) push(coroutine.L, text)
      coroutine.arguments = 1 + args.length
    }
    return this.#takeSample(on, FETCH, name, proxy)
  }

  convert(name: string, sample: Sample, args: readonly string[], context: SampleContext): Sample | undefined {
    if (!(context instanceof StreamSamples)) return undefined
    const { owner: stream } = context
    const registration = this.#find('converter', name)
    const on = coroutineFor(this.host, stream, registration)
    const { coroutine } = on
    if (!coroutine.running) {
      begin(on, registration)
      pushSample(coroutine.L, sample)
      for (const text of args) push(coroutine.L, text)
      coroutine.arguments = 1 + args.length
    }
    return this.#takeSample(on, CONVERTER, name, stream.backend)
  }

  /** Runs the function to its end and returns its last result, if there is one. */
  #takeSample({ coroutine }: StreamCoroutine, wording: Wording, name: string, proxy: Proxy): Sample | undefined {
    const result = coroutine.step(false)
    if (result.kind !== 'finished') {
      this.#report(wording, name, result, proxy)
      return undefined
    }
    const { L } = coroutine
    if (lua_gettop(L) === 0) return undefined
    const sample = sampleArgument(L, -1)
    lua_pop(L, 1)
    return duplicate(sample)
  }

  service(name: string): Applet | undefined {
    let service = this.#services.get(name)
    if (service) return service
    const { registrations } = this.host
    const registration = registrations.find('service', name, 'tcp') ?? registrations.find('service', name, 'http')
    if (!registration) return undefined
    const Call = registration.environment === 'http' ? HttpServiceCall : TcpServiceCall
    service = { name: `<lua.${name}>`, open: (stream) => new Call(this.host, registration, stream) }
    this.#services.set(name, service)
    return service
  }

  #find(kind: RegistrationKind, name: string, environment = ''): Registration {
    // the configuration has been checked against what is registered
    return this.host.registrations.find(kind, name, environment)!
  }

  #report(wording: Wording, name: string, result: StepResult, proxy: Proxy): void {
    const { what, yielded } = wording
    const text = result.kind === 'yielded' ? yielded : errorOf(result)
    reportError(this.host, `${what} '${name}': ${text}.`, proxy)
  }
}

/** Pushes the function that is to be called. */
const begin = ({ coroutine, state }: StreamCoroutine, { functions }: Registration): void => {
  lua_rawgeti(coroutine.L, LUA_REGISTRYINDEX, functions.get(state.id)!)
}
