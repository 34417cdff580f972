/**
 * Reaching into a process: running Lua among its scripts, giving their handlers made-up events, and looking at their tasks and
 * subscriptions.
 */
import type { Task } from '../engine/task.js'
import { Wake } from '../engine/task.js'
import { SERVER_EVENTS, type ServerEventName } from '../haproxy/events/events.js'
import { publish } from '../haproxy/events/server-events.js'
import { Coroutine } from '../lua/host/coroutine.js'
import { lua, luaString } from '../lua/fengari.js'
import { errorOf, setTimer } from '../lua/calls/task.js'
import type { Haproxy } from '../sim/index.js'
import { NO_BRIDGE, push, read } from './values.js'

const { lua_gettop, lua_pushcfunction } = lua

/** How long what is evaluated may take, in virtual time. */
const LONGEST = '1m'

const WRAPPER = luaString('local keep, run = ... keep(run(select(3, ...)))')

/**
 * Runs `code` as a task of the process, in the state of its scripts, and returns its values, copied; `...` are `args`. An expression
 * will do. Lets time pass until it is done, a minute at most. Throws an Error with Lua's message when it fails.
 */
export const evaluate = (haproxy: Haproxy, code: string, args: readonly unknown[]): unknown[] => {
  const { lua: host, process, simulation } = haproxy
  if (process.status !== 'running') throw new Error(`${haproxy.name} is not running: start it first`)
  if (simulation.scheduler.running)
    throw new Error('Lua cannot be evaluated from within a step: do it between two calls of advance')
  const perThread = host.configuration.loads.length > 0 && host.configuration.loads.every((load) => load.perThread)
  const coroutine = new Coroutine(host.state(perThread ? 1 : 0))
  const { L } = coroutine
  const values: unknown[] = []
  let failure: string | undefined
  host.pushSource(L, WRAPPER, '=eval')
  lua_pushcfunction(L, (from) => {
    for (let i = 1; i <= lua_gettop(from); i++) values.push(read(from, i, NO_BRIDGE))
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
    for (const arg of args) push(L, arg, NO_BRIDGE)
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
  if (!simulation.runUntil(() => task.dead, LONGEST)) {
    task.kill()
    coroutine.destroy()
    throw new Error(`no end within ${LONGEST}: ${code}`)
  }
  if (process.crashed) throw new Error(`the process has crashed: ${code}`)
  if (failure !== undefined) throw new Error(failure)
  return values
}

/** Calls a global function of the scripts, or a field of a global table: `alert`, `mailers.format`. */
export const callFunction = (haproxy: Haproxy, name: string, args: readonly unknown[]): unknown[] => {
  if (!/^[A-Za-z_]\w*([.:][A-Za-z_]\w*)*$/.test(name)) throw new RangeError(`'${name}' is not the name of a function`)
  return evaluate(haproxy, `${name}(...)`, args)
}

export interface MadeUpEvent {
  readonly cause?: string
  readonly oldState?: string
  readonly newState?: string
  readonly requeued?: number
}

/**
 * Gives handlers an event of a server that nothing in the simulation caused; the server's state stays as it is. `data` fills what
 * comes with `SERVER_STATE` (`event_data.state`).
 */
export const publishEvent = (haproxy: Haproxy, name: string, path: string, data: MadeUpEvent = {}): void => {
  const event = SERVER_EVENTS.find((each) => each === name) as ServerEventName | undefined
  if (event === undefined) throw new RangeError(`'${name}' is none of ${SERVER_EVENTS.join(', ')}`)
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

export interface TaskView {
  /** `Lua task mailers.lua:12`, `check be/srv1` … */
  readonly name: string
  readonly thread: number
  readonly runnable: boolean
  /** when it wakes by itself, in milliseconds since the simulation began */
  readonly wakesAt: number | undefined
  /** whether it is a script's and has no date to wake at */
  readonly waiting: boolean
}

export const tasksOf = (haproxy: Haproxy): TaskView[] =>
  [...haproxy.process.threads.tasks].map(({ name, thread, runnable, expires }) => ({
    name,
    thread,
    runnable,
    wakesAt: expires === undefined ? undefined : expires / 1000,
    waiting: name.startsWith('Lua task') && !runnable && expires === undefined,
  }))

/** The places of the handlers that scripts subscribed. */
export const subscriptionsOf = (haproxy: Haproxy): string[] =>
  [...haproxy.process.threads.tasks]
    .filter(({ name }) => name.startsWith('Lua event '))
    .map(({ name }) => name.slice('Lua event '.length))
