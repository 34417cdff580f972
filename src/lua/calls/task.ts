/**
 * Lua tasks and the handlers of events as tasks of the engine (`hlua_process_task`, `hlua_register_task` in src/hlua.c).
 * What goes wrong in one ends that one; the rest goes on.
 */
import { Wake, type Task } from '../../engine/task.js'
import { Coroutine, type StepResult } from '../host/coroutine.js'
import { functionPlace } from '../host/errors.js'
import { lua, type lua_State } from '../fengari.js'
import type { LuaHost } from '../host/host.js'
import { stateOf } from '../host/state.js'

const { lua_gettop, lua_pushvalue, lua_xmove } = lua

const LOG_ERR = 3

/** Says what went wrong to the logs and to the operator (`SEND_ERR`). */
export const sayError = (host: LuaHost, text: string): void => {
  host.process.logger.send(undefined, LOG_ERR, text)
  host.process.logger.say('alert', text)
}

/** Makes a task of the function at index 1 and its arguments after it, and wakes it. */
export const startTask = (L: lua_State): void => {
  const state = stateOf(L)
  const coroutine = new Coroutine(state)
  const count = lua_gettop(L)
  for (let index = 1; index <= count; index++) lua_pushvalue(L, index)
  lua_xmove(L, coroutine.L, count)
  coroutine.arguments = count - 1
  coroutine.task = state.host.process.threads.spawn({
    name: `Lua task ${functionPlace(L, 1)}`,
    // any thread for the shared state
    thread: state.id,
    run: (task) => runTask(coroutine, task),
  })
  coroutine.task.wake(Wake.INIT)
}

const runTask = (coroutine: Coroutine, task: Task): void => {
  const { host } = coroutine.state
  if (task.thread === 0) task.bind(host.thread)
  const result = coroutine.step()
  if (result.kind === 'again') return sleep(coroutine, task)
  if (result.kind !== 'finished') sayError(host, `Lua task: ${errorOf(result)}.`)
  coroutine.destroy()
  task.kill()
}

/** Sets the timer of a task that has yielded. */
export const sleep = (coroutine: Coroutine, task: Task): void => {
  if (coroutine.wakeAt === undefined) task.cancelTimer()
  else task.wakeAt(coroutine.wakeAt)
}

/** What HAProxy says of a step that went wrong. */
export const errorOf = (result: StepResult): string => (result.kind === 'error' ? result.text : result.kind)
