/** Access to a running process: evaluating Lua among its scripts, publishing synthetic events, and inspecting tasks and subscriptions. */
import type { Task } from '../engine/task.js'
import { Wake } from '../engine/task.js'
import { SERVER_EVENTS, type ServerEventName } from '../haproxy/events/events.js'
import { publish } from '../haproxy/events/server-events.js'
import { Coroutine } from '../lua/host/coroutine.js'
import { lua, luaString } from '../lua/fengari.js'
import { errorOf, setTimer } from '../lua/calls/task.js'
import type { Haproxy } from '../sim/index.js'
import { NO_BRIDGE, pushValue, readValue } from './values.js'

const { lua_gettop, lua_pushcfunction } = lua

/** Limit of virtual time for an evaluation. */
const MAX_DURATION = '1m'

const WRAPPER = luaString('local keep, run = ... keep(run(select(3, ...)))')

/**
 * Evaluates `code`, statements or an expression, as a task in the Lua state of the scripts and returns copies of its values; `...` are
 * `args`. Advances time until it is done, at most one minute. Throws an Error with Lua's message on failure.
 */
export const evaluateLua = (haproxy: Haproxy, code: string, args: readonly unknown[]): unknown[] => {
  const { lua: host, process, simulation } = haproxy
  if (process.status !== 'running') throw new Error(`${haproxy.name} is not running: start it first`)
  if (simulation.scheduler.running)
    throw new Error('Lua cannot be evaluated within a step: call it between two calls of advance')
  const perThread = host.configuration.loads.length > 0 && host.configuration.loads.every((load) => load.perThread)
  const coroutine = new Coroutine(host.state(perThread ? 1 : 0))
  const { L } = coroutine
  const values: unknown[] = []
  let failure: string | undefined
  host.pushSource(L, WRAPPER, '=eval')
  lua_pushcfunction(L, (from) => {
    for (let i = 1; i <= lua_gettop(from); i++) values.push(readValue(from, i, NO_BRIDGE))
    return 0
  })
  if (host.pushSource(L, luaString(`return ${code}`), '=eval') !== undefined) {
    const problem = host.pushSource(L, luaString(code), '=eval')
    if (problem !== undefined) {
      coroutine.destroy()
      throw new Error(problem)
    }
  }
  try {
    for (const arg of args) pushValue(L, arg, NO_BRIDGE)
  } catch (error) {
    coroutine.destroy()
    throw error
  }
  coroutine.arguments = 2 + args.length
  const task: Task = process.threads.spawn({
    name: 'Lua task eval',
    thread: perThread ? 1 : 0,
    run: () => {
      if (task.thread === 0) task.bind(host.thread)
      const result = coroutine.step()
      if (result.kind === 'again') return setTimer(coroutine, task)
      if (result.kind !== 'finished') failure = errorOf(result).replace(/^\[state-id \d+\] runtime error: /, '')
      coroutine.destroy()
      task.kill()
    },
  })
  coroutine.task = task
  task.wake(Wake.INIT)
  if (!simulation.runUntil(() => task.dead, MAX_DURATION)) {
    task.kill()
    coroutine.destroy()
    throw new Error(`not finished within ${MAX_DURATION}: ${code}`)
  }
  if (process.crashed) throw new Error(`the process crashed: ${code}`)
  if (failure !== undefined) throw new Error(failure)
  return values
}

/** Calls a global function of the scripts, or a field of a global table: `alert`, `mailers.format`. */
export const callFunction = (haproxy: Haproxy, name: string, args: readonly unknown[]): unknown[] => {
  if (!/^[A-Za-z_]\w*([.:][A-Za-z_]\w*)*$/.test(name)) throw new RangeError(`'${name}' is not the name of a function`)
  return evaluateLua(haproxy, `${name}(...)`, args)
}

/** The state change of a synthetic event. */
export interface SyntheticEvent {
  readonly cause?: string
  readonly oldState?: string
  readonly newState?: string
  readonly requeued?: number
}

/** Publishes an event of a server without changing the server's state. `data` is the contents of `event_data.state` for `SERVER_STATE`. */
export const publishEvent = (haproxy: Haproxy, name: string, path: string, data: SyntheticEvent = {}): void => {
  const event = SERVER_EVENTS.find((each) => each === name) as ServerEventName | undefined
  if (event === undefined) throw new RangeError(`unknown event '${name}'; events are ${SERVER_EVENTS.join(', ')}`)
  const { server } = haproxy.server(path)
  const { cause = '', requeued = 0 } = data
  const state = {
    admin: false,
    check: undefined,
    cause,
    oldState: data.oldState ?? 'RUNNING',
    newState: data.newState ?? 'STOPPED',
    requeued,
  }
  publish(
    server,
    event,
    event === 'SERVER_STATE'
      ? { state }
      : event === 'SERVER_ADMIN'
        ? { admin: { cause, oldAdmin: server.admin, newAdmin: server.nextAdmin, requeued } }
        : {},
  )
}

/** A task of a process. */
export interface TaskView {
  /** `Lua task mailers.lua:12`, `check be/srv1` … */
  readonly name: string
  readonly thread: number
  readonly runnable: boolean
  /** time of the next timer, in milliseconds since the start of the simulation */
  readonly wakesAt: number | undefined
  /** whether it is a script's task without a timeout */
  readonly waiting: boolean
}

/** The tasks of a process. */
export const tasksOf = (haproxy: Haproxy): TaskView[] =>
  [...haproxy.process.threads.tasks].map(({ name, thread, runnable, expires }) => ({
    name,
    thread,
    runnable,
    wakesAt: expires === undefined ? undefined : expires / 1000,
    waiting: name.startsWith('Lua task') && !runnable && expires === undefined,
  }))

/** The locations of subscribed handlers. */
export const subscriptionsOf = (haproxy: Haproxy): string[] =>
  [...haproxy.process.threads.tasks]
    .filter(({ name }) => name.startsWith('Lua event '))
    .map(({ name }) => name.slice('Lua event '.length))
