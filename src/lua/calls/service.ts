/**
 * Services that scripts register, as applets of streams (`hlua_applet_tcp_…` and `hlua_applet_http_…` in src/hlua.c). Each call has a
 * coroutine, which ends with the call.
 */
import { AppletEndpoint } from '../../haproxy/applets/applet-endpoint.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import type { Variables } from '../../haproxy/samples/variables.js'
import { samplesOf } from '../../haproxy/streams/samples.js'
import type { Stream } from '../../haproxy/streams/stream.js'
import { lua } from '../fengari.js'
import { Coroutine } from '../host/coroutine.js'
import type { ScriptHost, ScriptState } from '../host/script-state.js'
import { WaitList } from '../host/wait-list.js'
import type { AppletScope } from './applet.js'
import type { Registration } from './registrations.js'
import { existingCoroutine } from './stream-coroutines.js'
import { errorOf, reportError, setTimer } from './task.js'
import type { SampleCaller } from './txn.js'

const { lua_rawgeti, LUA_REGISTRYINDEX } = lua

export abstract class ServiceCall extends AppletEndpoint implements AppletScope {
  readonly readers = new WaitList()
  readonly writers = new WaitList()
  protected readonly coroutine: Coroutine
  readonly #state: ScriptState
  #caller: SampleCaller | undefined
  /** the function has returned, or failed */
  protected isDone = false

  constructor(
    readonly host: ScriptHost,
    readonly registration: Registration,
    stream: Stream,
  ) {
    super(stream, `Lua service ${registration.name}`, host.thread)
    const { functions } = registration
    this.#state = host.state(functions.has(0) ? 0 : host.thread)
    this.coroutine = new Coroutine(this.#state, 'serviceTimeout')
    this.coroutine.task = this.task
  }

  /** Prepares the call. @param object the argument of the function */
  protected prepare(object: object): void {
    const { L } = this.coroutine
    lua_rawgeti(L, LUA_REGISTRYINDEX, this.registration.functions.get(this.#state.id)!)
    this.#state.push(L, object)
    this.coroutine.arguments = 1
  }

  /** Runs the function up to its next yield; an error is reported. */
  protected step(): 'again' | 'finished' | 'failed' {
    const { host, coroutine, registration, stream } = this
    const result = coroutine.step()
    if (result.kind === 'again') {
      setTimer(coroutine, this.task)
      return 'again'
    }
    this.isDone = true
    if (result.kind === 'finished') return 'finished'
    const applet = `Lua applet ${registration.environment} '<lua.${registration.name}>'`
    reportError(host, `${applet}: ${errorOf(result)}.`, stream.backend)
    return 'failed'
  }

  /** Drops what there is of the request. */
  protected dropRequest(): void {
    while (this.request.hasOutput) this.request.shift()
  }

  protected release(): void {
    this.coroutine.destroy()
  }

  get variables(): Variables {
    return this.stream.variables
  }

  get caller(): SampleCaller {
    return (this.#caller ??= callerOf(this.stream, this.stream.backend))
  }

  get privateOwner(): Coroutine | undefined {
    return existingCoroutine(this.stream, this.#state.id === 0)
  }
}

/** What fetches are evaluated for: the backend is the one when the call begins. */
const callerOf = (stream: Stream, proxy: Proxy): SampleCaller => ({
  proxy,
  get samples() {
    return samplesOf(stream, proxy, false)
  },
})
