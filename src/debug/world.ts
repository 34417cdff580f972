/** What a debugger shows of the simulation around a coroutine. */
import { coroutineOf } from '../lua/host/coroutine.js'
import type { LuaState } from '../lua/host/state.js'
import type { LuaThread } from '../lua/vm/state.js'
import { LuaTable } from '../lua/vm/table.js'
import type { Simulation } from '../sim/index.js'

/** Names and values, as they are shown. */
export const worldAround = (L: LuaThread, tests: Simulation | undefined): [name: string, value: string][] => {
  const { host, id } = L.l_G.hapsim as LuaState
  const ofTest = isTest(L)
  const { process } = host
  const scheduler = ofTest ? tests?.scheduler : process.scheduler
  const lines: [string, string][] = [
    ['virtual time', scheduler ? `${(scheduler.clock.now / 1_000_000).toFixed(6)} s` : 'no simulation yet'],
  ]
  if (scheduler?.current) lines.push(['task', scheduler.current.task.name])
  if (ofTest) return lines
  return [...lines, ['process', process.name], ['thread', String(host.thread)], ['Lua state', String(id)]]
}

/** Whether it belongs to the state of a test file. */
const isTest = ({ l_G }: LuaThread): boolean => {
  const loaded = l_G.registry.getKey('_LOADED')
  return loaded instanceof LuaTable && loaded.getKey('hapsim.testkit.assert') !== undefined
}

/** What a list of threads calls a coroutine. */
export const nameOfThread = (L: LuaThread): string => {
  const coroutine = coroutineOf(L)
  if (coroutine) return `${coroutine.task.name} (${coroutine.state.host.process.name})`
  if (L === L.l_G.mainthread) return isTest(L) ? 'tests' : `${(L.l_G.hapsim as LuaState).host.process.name}, starting`
  return isTest(L) ? 'test' : 'coroutine'
}

/** Whether it will never be gone on with. */
export const isOver = (L: LuaThread): boolean => {
  const task = coroutineOf(L)?.task as { dead: boolean } | undefined
  return task?.dead === true || L.status > 1 || L.ci === L.base_ci
}
