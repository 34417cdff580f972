/**
 * Lua tasks as tasks of the engine (`hlua_process_task`, `hlua_register_task` in src/hlua.c). An error ends the task in which it occurs and
 * no other.
 */
import { Wake, type Task } from '../../engine/task.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import { lua, type lua_State } from '../fengari.js'
import { Coroutine, type StepResult } from '../host/coroutine.js'
import { functionPlace } from '../host/errors.js'
import { stateOf, type ScriptHost } from '../host/script-state.js'

const { lua_gettop, lua_pushvalue, lua_xmove } = lua

const LOG_ERR = 3

/**
 * Reports an error to the log targets and to the operator (`SEND_ERR`).
 * @param proxy whose log targets are used; undefined: those of the process
 */
export const reportError = (host: ScriptHost, text: string, proxy?: Proxy): void => {
  host.process.logger.send(proxy, LOG_ERR, text)
  host.process.logger.message('alert', text)
}

/** Creates a task for the function at index 1, whose arguments follow it on the stack, and wakes it. */
export const startTask = (L: lua_State): void => {
  const state = stateOf(L)
  const { host } = state
  const coroutine = new Coroutine(state)
  const count = lua_gettop(L)
  for (let index = 1; index <= count; index++) lua_pushvalue(L, index)
  lua_xmove(L, coroutine.L, count)
  coroutine.arguments = count - 1
  coroutine.task = host.process.threads.spawn({
    name: `Lua task ${functionPlace(L, 1)}`,
    // 0, the number of the shared state, means any thread
    thread: state.id,
    run: (task) => runTask(host, coroutine, task),
  })
  coroutine.task.wake(Wake.INIT)
}

const runTask = (host: ScriptHost, coroutine: Coroutine, task: Task): void => {
  if (task.thread === 0) task.bind(host.thread)
  const result = coroutine.step()
  if (result.kind === 'again') return setTimer(coroutine, task)
  if (result.kind !== 'finished') reportError(host, `Lua task: ${taskErrorOf(result)}.`)
  coroutine.destroy()
  task.kill()
}

/** Sets the timer of a task whose coroutine has yielded. */
export const setTimer = (coroutine: Coroutine, task: Task): void => {
  if (coroutine.wakeAt === undefined) task.cancelTimer()
  else task.wakeAt(coroutine.wakeAt)
}

/** HAProxy's message for a step that has failed. */
export const errorOf = (result: StepResult): string => {
  if (result.kind === 'error') return result.text
  return result.kind === 'out of memory' ? 'out of memory error' : result.kind
}

/** The same for tasks and handlers of events, which do not report a lack of memory as such. */
export const taskErrorOf = (result: StepResult): string =>
  result.kind === 'out of memory' ? 'unknown error' : errorOf(result)
