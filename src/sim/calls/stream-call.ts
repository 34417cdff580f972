/**
 * One call: a stream without a network, whose only rule calls a function of a script. Analysers, rules and coroutines are those of all other
 * streams, so the function may do what it may do there, and waits as it does there.
 */
import type { Action, Rule } from '../../config/model/rules.js'
import { LUA_RULE_SETS } from '../../config/rules/actions/lua.js'
import type { VariableName } from '../../config/samples/variables.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import { AppletEndpoint } from '../../haproxy/applets/applet-endpoint.js'
import type { RunAction } from '../../haproxy/rules/action.js'
import type { Sample } from '../../haproxy/samples/sample.js'
import { beginStream } from '../../haproxy/streams/new-stream.js'
import { runStream } from '../../haproxy/streams/process.js'
import { Session } from '../../haproxy/streams/session.js'
import { Stream } from '../../haproxy/streams/stream.js'
import { toMicros, type Duration } from '../duration.js'
import { CallContext } from './call-context.js'
import { NO_PLACE, type CalledProcess } from './called-process.js'
import { ClientEnd } from './client-end.js'
import { parseRequest, parseResponse, type CallResponse } from './messages.js'
import { addressOption, dataBytes, type CallOptions, type CallRuleSet } from './options.js'
import { ServerEnd } from './server-end.js'

/** How long a call may take, in virtual time. */
const DEFAULT_LIMIT = '1m'

/** How long the stream of a call that is given up has to end. */
const END_LIMIT = '1s'

/** What a call does in its rule. */
export interface Calling {
  /** the function with `lua.`, for messages */
  readonly name: string
  readonly ruleSet: CallRuleSet
  readonly action: Action
  readonly run: RunAction
  readonly variables: readonly (readonly [VariableName, Sample])[]
}

export class StreamCall {
  readonly client: ClientEnd
  readonly stream: Stream
  #server: ServerEnd | undefined
  readonly #limit: Duration

  /** Throws a RangeError for invalid options. */
  constructor(
    readonly owner: CalledProcess,
    proxyOf: (mode: 'http' | 'tcp') => Proxy,
    readonly calling: Calling,
    options: CallOptions,
  ) {
    const { traffic } = owner
    const isHttp = isHttpCall(calling.ruleSet, options)
    const proxy = proxyOf(isHttp ? 'http' : 'tcp')
    const from = addressOption(options.from ?? '127.0.0.1', 40000)
    const to = addressOption(options.to ?? '127.0.0.1', 80)
    this.#limit = options.limit ?? DEFAULT_LIMIT
    toMicros(this.#limit)
    const { limits } = traffic
    const request = isHttp ? parseRequest(options.request ?? {}, limits) : dataBytes(options.data ?? '')
    const response =
      typeof request === 'string'
        ? dataBytes((options.response ?? '') as string)
        : parseResponse((options.response ?? {}) as CallResponse, request.head.method, limits)
    const rule: Rule = {
      ruleSet: LUA_RULE_SETS[calling.ruleSet],
      name: calling.name,
      action: calling.action,
      condition: undefined,
      isFinal: false,
      place: NO_PLACE,
    }
    const actions = new Map([[calling.action.kind, withVariables(calling)]])
    const context = new CallContext(traffic, proxy, rule, actions, toMicros(options.inspectDelay ?? 0))
    const session = new Session(traffic.process, proxy, undefined, from, to)
    session.handshakeTime = 0
    session.protocol = isHttp ? 'http' : 'tcp'
    this.client = new ClientEnd(request, from, to)
    this.stream = new Stream(context, session, isHttp, runStream)
    this.stream.isIgnored = true
    this.stream.target = {
      name: '<server of a call>',
      open: (stream) => (this.#server = new ServerEnd(stream, response)),
    }
    this.stream.isAssigned = true
  }

  /** What has reached the server of a TCP connection, as a byte string. */
  get forwarded(): string {
    return this.#server?.received ?? ''
  }

  /**
   * Advances time until it is over. Throws an Error if it is not within the limit.
   * @param mustEnd whether the client of a TCP connection has nothing more to send, and the function waits for it
   */
  complete(mustEnd: () => boolean = () => false): void {
    const { stream, client, owner } = this
    stream.front.endpoint = client
    client.owner = stream
    beginStream(stream)
    if (client.receive(stream.request)) client.lastRead = stream.now
    stream.wake()
    const isOver = (): boolean => client.isOver || !owner.isRunning
    if (owner.runUntil(() => isOver() || (client.isSent && mustEnd()), this.#limit)) {
      if (!isOver()) this.#end(isOver)
      return
    }
    const { endpoint } = stream.back
    const tasks = endpoint instanceof AppletEndpoint ? [stream.task, endpoint.task] : [stream.task]
    const place = tasks.map((task) => owner.placeOf(task)).find((each) => each !== undefined)
    const where = place === undefined ? '' : `: it waits at ${place}`
    this.#end(isOver)
    const limit = typeof this.#limit === 'number' ? `${this.#limit}ms` : this.#limit
    throw new Error(`${this.calling.name} has not ended within ${limit} of virtual time${where}`)
  }

  #end(isOver: () => boolean): void {
    this.stream.endForServer('killed')
    this.owner.runUntil(isOver, END_LIMIT)
  }
}

/** Sets the variables before the function is called for the first time. */
const withVariables =
  ({ run, variables }: Calling): RunAction =>
  (action, scope) => {
    if (scope.isFirst) for (const [name, sample] of variables) scope.samples.variables.set(name, sample)
    return run(action, scope)
  }

/** Whether the function is called for HTTP messages: so are those in rules on requests and responses, and others where they are given. */
export const isHttpCall = (ruleSet: CallRuleSet, { request, response, data }: CallOptions): boolean => {
  const isGiven = request !== undefined || (typeof response === 'object' && !(response instanceof Uint8Array))
  if (isGiven && data !== undefined) throw new RangeError("a TCP connection has 'data', and its response is text")
  if (!ruleSet.startsWith('tcp') && (data !== undefined || (response !== undefined && !isGiven)))
    throw new RangeError(
      `rules ${ruleSet} are about HTTP messages: a request, and a response with a status, headers or a body`,
    )
  return isGiven || !ruleSet.startsWith('tcp')
}
