/**
 * Commands of the runtime API that scripts register (`hlua_cli_parse_fct` and `hlua_cli_io_handler_fct` in src/hlua.c). The function runs in
 * its own coroutine with an AppletTCP and the words of the command as arguments, and may yield. The next command of the session is
 * processed when it returns.
 */
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import type { Task } from '../../engine/task.js'
import { processContext } from '../../haproxy/samples/context.js'
import type { Variables } from '../../haproxy/samples/variables.js'
import type { CommandCall, Job, JobOutput } from '../../haproxy/runtime/index.js'
import { lua, luaString } from '../fengari.js'
import { Coroutine } from '../host/coroutine.js'
import type { ScriptHost } from '../host/script-state.js'
import { WaitList } from '../host/wait-list.js'
import { Applet, type AppletStream } from './applet.js'
import type { Registration } from './registrations.js'
import { errorOf, reportError, setTimer } from './task.js'
import type { SampleCaller } from './txn.js'

const { lua_pushstring, lua_rawgeti, LUA_REGISTRYINDEX } = lua

/** Adds the command to the runtime API. HAProxy's own command of that name takes precedence. */
export const addCliCommand = (host: ScriptHost, registration: Registration): void => {
  const words = registration.name.split(' ')
  const { registry } = host.process.runtime
  if (registry.get(words)) return
  registry.add({ words, usage: registration.usage, run: (call) => new LuaCliJob(host, registration, call) })
}

class LuaCliJob implements Job, AppletStream {
  readonly isResumedAtEnd = true
  /** no other functions run for a session with the runtime API */
  readonly privateOwner = undefined
  readonly readers = new WaitList()
  readonly writers = new WaitList()
  #output: JobOutput | undefined
  #coroutine: Coroutine | undefined
  #task: Task | undefined

  constructor(
    readonly host: ScriptHost,
    readonly registration: Registration,
    readonly call: CommandCall,
  ) {}

  /** Runs the first step immediately, as HAProxy does: a command that does not yield has answered when this returns. */
  start(output: JobOutput): void {
    this.#output = output
    const { functions } = this.registration
    const state = this.host.state(functions.has(0) ? 0 : this.host.thread)
    const coroutine = new Coroutine(state, 'sessionTimeout')
    this.#coroutine = coroutine
    this.#task = this.host.process.threads.spawn({
      name: `Lua cli ${this.registration.name}`,
      thread: this.host.thread,
      run: () => this.#step(),
    })
    coroutine.task = this.#task
    const { L } = coroutine
    lua_rawgeti(L, LUA_REGISTRYINDEX, functions.get(state.id)!)
    state.push(L, new Applet(this))
    for (const word of this.call.words) lua_pushstring(L, luaString(word))
    coroutine.arguments = 1 + this.call.words.length
    this.#step()
  }

  inputCame(): void {
    this.readers.wake()
  }

  roomMade(): void {
    this.writers.wake()
  }

  abandon(): void {
    this.#task?.kill()
    this.#coroutine?.destroy()
    this.#coroutine = undefined
  }

  get inputEnded(): boolean {
    return this.#output!.inputEnded
  }

  get waiting(): number {
    return this.#output!.waiting
  }

  get variables(): Variables {
    return this.call.session.variables
  }

  get caller(): SampleCaller {
    const { process } = this.host
    return { proxy: undefined, samples: { ...processContext(process, 'CLI'), variables: this.variables } }
  }

  get isWritten(): boolean {
    return this.#output!.hasRoom
  }

  write(text: string, from: number): number {
    this.#output!.writeBytes(toBytes(text.slice(from)))
    return text.length
  }

  readLine(): string {
    return fromBytes(this.#output!.readLine())
  }

  read(limit: number): string {
    return fromBytes(this.#output!.read(limit))
  }

  #step(): void {
    const coroutine = this.#coroutine
    if (!coroutine) return
    const result = coroutine.step()
    if (result.kind === 'again') return setTimer(coroutine, this.#task!)
    if (result.kind !== 'finished') {
      const name = `<lua.cli.${this.registration.name.replaceAll(' ', '.')}>`
      reportError(this.host, `Lua cli '${name}': ${errorOf(result)}.`)
    }
    this.abandon()
    this.#output!.end()
  }
}
