/**
 * The coroutines of a stream: one in the shared state and one in that of its thread, each shared by all actions, fetches and converters that
 * are called for the stream (`hlua_stream_ctx_prepare` in src/hlua.c).
 */
import type { Stream } from '../../haproxy/streams/stream.js'
import { Coroutine } from '../host/coroutine.js'
import type { ScriptHost, ScriptState } from '../host/script-state.js'
import type { Registration } from './registrations.js'

/** A coroutine of a stream, with its state. */
export interface StreamCoroutine {
  readonly coroutine: Coroutine
  readonly state: ScriptState
}

class StreamCoroutines {
  #shared: StreamCoroutine | undefined
  #own: StreamCoroutine | undefined

  constructor(
    readonly host: ScriptHost,
    readonly stream: Stream,
  ) {}

  get(isShared: boolean): StreamCoroutine {
    if (isShared) return (this.#shared ??= this.#create(0))
    return (this.#own ??= this.#create(this.host.thread))
  }

  /** The coroutine, if a function of such a state has run for the stream. */
  existing(isShared: boolean): StreamCoroutine | undefined {
    return isShared ? this.#shared : this.#own
  }

  #create(id: number): StreamCoroutine {
    const state = this.host.state(id)
    const coroutine = new Coroutine(state, 'sessionTimeout', undefined, true)
    coroutine.task = this.stream.task
    return { coroutine, state }
  }

  release(): void {
    this.#shared?.coroutine.destroy()
    this.#own?.coroutine.destroy()
  }
}

/** The coroutine that runs a registered function for a stream. */
export const coroutineFor = (host: ScriptHost, stream: Stream, { functions }: Registration): StreamCoroutine => {
  const coroutines = (stream.scriptState ??= new StreamCoroutines(host, stream)) as StreamCoroutines
  return coroutines.get(functions.has(0))
}

/** The coroutine of a stream in the shared state, or in that of its thread; undefined if no function has run there for the stream. */
export const existingCoroutine = (stream: Stream, isShared: boolean): Coroutine | undefined =>
  (stream.scriptState as StreamCoroutines | undefined)?.existing(isShared)?.coroutine
