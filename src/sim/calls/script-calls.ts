/** Calls of the functions that scripts have registered: fetches, converters, actions and services. */
import type { LuaAction } from '../../config/rules/actions/lua.js'
import type { UseServiceAction } from '../../config/rules/actions/service.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import type { Outcome, RunAction } from '../../haproxy/rules/action.js'
import { ACTIONS } from '../../haproxy/rules/actions/index.js'
import type { Sample } from '../../haproxy/samples/sample.js'
import type { ServiceCall } from '../../lua/calls/service.js'
import type { Registration } from '../../lua/calls/registrations.js'
import { toBytes } from '../../bytes/latin1.js'
import type { HttpAnswer } from '../actors/answer.js'
import { answerOf, CallRecord, type ActionResult } from './action-result.js'
import { makeCallProxy } from './call-context.js'
import type { CalledProcess } from './called-process.js'
import { argumentTexts, checkCallOptions, givenVariables, type CallOptions, type ServiceOptions } from './options.js'
import { ruleSetOf, ruleSetOfAction, unknownName, type Kind } from './registered.js'
import { StreamCall, type Calling } from './stream-call.js'
import { fromSample, toSample, type CallValue } from './values.js'

/** A function of a script has failed. The message is HAProxy's. */
export class CallError extends Error {
  override readonly name = 'CallError'
}

/** The most arguments of a fetch or a converter (`hlua_register_fetches`). */
const MOST_ARGUMENTS = 12

/**
 * The calls of a process. All throw a RangeError for an unknown name and invalid options, an Error if the process does not run or a step is
 * running, and a {@link CallError} if the function fails.
 */
export class ScriptCalls {
  readonly #proxies: { http?: Proxy; tcp?: Proxy } = {}

  constructor(readonly process: CalledProcess) {}

  /** The value of a fetch; undefined: it has returned none. */
  fetch(name: string, options: CallOptions = {}): CallValue | undefined {
    checkCallOptions('fetch', options)
    const [{ name: bare }] = this.#find('fetch', name)
    const args = sampleArguments(options)
    return this.#evaluate('Lua sample-fetch', name, options, ({ context, samples }) =>
      context.scripts!.fetch(bare, args, samples),
    )
  }

  /** The value of a converter for an input. */
  converter(name: string, input: CallValue, options: CallOptions = {}): CallValue | undefined {
    checkCallOptions('converter', options)
    const [{ name: bare }] = this.#find('converter', name)
    const args = sampleArguments(options)
    const sample = toSample('the input of a converter', input)
    return this.#evaluate('Lua converter', name, options, ({ context, samples }) =>
      context.scripts!.convert(bare, sample, args, samples),
    )
  }

  /** What an action does. */
  action(name: string, options: CallOptions = {}): ActionResult {
    checkCallOptions('action', options)
    const registered = this.#find('action', name)
    const ruleSet = ruleSetOfAction(name, registered, options)
    const { name: bare, arguments: count } = registered.find(({ environment }) => environment === ruleSet)!
    const args = argumentTexts(options)
    if (args.length !== count)
      throw new RangeError(`${name} takes ${count === 1 ? '1 argument' : `${count} arguments`}, not ${args.length}`)
    const record = new CallRecord(this.process)
    const action: LuaAction = { kind: 'lua', name: bare, args }
    const errors = new Errors(this.process, `Lua function '${bare}': `)
    const run: RunAction = (given, scope) => {
      const outcome = errors.during(() => ACTIONS.get('lua')!(given, scope))
      if (outcome !== 'yield') record.take(scope.stream!, outcome, scope.isResponse)
      return outcome
    }
    const call = this.#start({ name, ruleSet, action, run, variables: givenVariables(options, ruleSet) }, options)
    call.complete()
    errors.throw()
    return record.result(call, this.#notCalled(name))
  }

  /** The answer of a service for HTTP, undefined: none; or the bytes that one for TCP sends. */
  service(name: string, options: ServiceOptions = {}): HttpAnswer | Uint8Array | undefined {
    checkCallOptions('service', options)
    const [{ name: bare, environment }] = this.#find('service', name)
    const isHttp = environment === 'http'
    if (isHttp && options.data !== undefined)
      throw new RangeError(`${name} is a service for HTTP: it is called for a 'request'`)
    if (!isHttp && options.request !== undefined)
      throw new RangeError(`${name} is a service for TCP: it is called for the 'data' that a client sends`)
    const ruleSet = isHttp ? 'http-req' : 'tcp-req'
    const action: UseServiceAction = { kind: 'use-service', service: name }
    const errors = new Errors(this.process, `Lua applet ${environment} '<lua.${bare}>': `)
    const variables = givenVariables(options, ruleSet)
    const startedAt = this.process.proxyContext.clock.now
    const call = this.#start({ name, ruleSet, action, run: ACTIONS.get('use-service')!, variables }, options)
    errors.during(() => call.complete(isHttp ? undefined : () => waitsForClient(call)))
    errors.throw()
    if (isHttp) return answerOf(call.client.received, startedAt, this.process.proxyContext.clock.now)
    return toBytes(call.client.received.data)
  }

  /** Calls a fetch or a converter in a rule. */
  #evaluate(
    what: string,
    name: string,
    options: CallOptions,
    evaluate: (scope: Parameters<RunAction>[1]) => Sample | undefined,
  ): CallValue | undefined {
    const ruleSet = ruleSetOf(options)
    const errors = new Errors(this.process, `${what} '${name.slice('lua.'.length)}': `)
    let result: { readonly sample: Sample | undefined } | undefined
    const run = (_: unknown, scope: Parameters<RunAction>[1]): Outcome => {
      result = { sample: errors.during(() => evaluate(scope)) }
      return 'continue'
    }
    const variables = givenVariables(options, ruleSet)
    this.#start({ name, ruleSet, action: { kind: 'call' }, run, variables }, options).complete()
    errors.throw()
    if (!result) throw this.#notCalled(name)
    return result.sample && fromSample(result.sample)
  }

  #start(calling: Calling, options: CallOptions): StreamCall {
    const proxyOf = (mode: 'http' | 'tcp') => (this.#proxies[mode] ??= makeCallProxy(this.process.proxyContext, mode))
    return new StreamCall(this.process, proxyOf, calling, options)
  }

  #notCalled(name: string): Error {
    return new Error(
      this.process.isRunning ? `${name} was not called` : `${this.process.name} has ended within ${name}`,
    )
  }

  /** The functions of a name: actions may be registered for several rule sets. */
  #find(kind: Kind, name: string): [Registration, ...Registration[]] {
    const { process } = this
    if (!process.isRunning) throw new Error(`${process.name} is not running: start it first`)
    if (process.isInStep)
      throw new Error(`${name} cannot be called within a step: call it between two calls of advance`)
    const all = [...process.registrations.all].filter((each) => each.kind === kind)
    const [first, ...others] = all.filter((each) => `lua.${each.name}` === name)
    if (first) return [first, ...others]
    throw new RangeError(unknownName(kind, name, [...process.registrations.all]))
  }
}

const sampleArguments = (options: CallOptions): string[] => {
  const args = argumentTexts(options)
  if (args.length > MOST_ARGUMENTS)
    throw new RangeError(`fetches and converters take at most ${MOST_ARGUMENTS} arguments, not ${args.length}`)
  return args
}

/** Whether a service for TCP waits for more of the client. */
const waitsForClient = ({ stream }: StreamCall): boolean => {
  const service = stream.back.endpoint as ServiceCall | undefined
  if (service?.readers.isEmpty !== false || service.task.runnable) return false
  return stream.request.buffer.isEmpty && !stream.task.runnable
}

/** HAProxy's messages about a function, of which the first becomes the error of its call. */
class Errors {
  #first: string | undefined

  constructor(
    readonly process: CalledProcess,
    /** how they begin */
    readonly prefix: string,
  ) {}

  /** Takes note of those that are written in the meantime. */
  during<T>(action: () => T): T {
    const { messages } = this.process
    const before = messages.length
    const result = action()
    this.#first ??= messages
      .slice(before)
      .find(({ severity, text }) => severity === 'alert' && text.startsWith(this.prefix))?.text
    return result
  }

  throw(): void {
    if (this.#first !== undefined) throw new CallError(this.#first)
  }
}
