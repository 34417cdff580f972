/** What the debugger shows of the simulation. */
import { coroutineOf } from '../lua/host/yielding.js'
import type { LuaState } from '../lua/host/state.js'
import type { LuaThread } from '../lua/vm/state.js'
import { LuaTable } from '../lua/vm/table.js'
import type { Simulation } from '../sim/index.js'

/** The scope `Simulation` of a coroutine: names with formatted values. @param tests the last simulation of the test file */
export const simulationVariables = (L: LuaThread, tests: Simulation | undefined): [name: string, value: string][] => {
  const { host, id } = L.l_G.hapsim as LuaState
  const inTest = isTest(L)
  const { process } = host
  const scheduler = inTest ? tests?.scheduler : process.scheduler
  const lines: [string, string][] = [
    ['virtual time', scheduler ? `${(scheduler.clock.now / 1_000_000).toFixed(6)} s` : 'no simulation yet'],
  ]
  if (scheduler?.current) lines.push(['task', scheduler.current.task.name])
  if (inTest) return lines
  return [...lines, ['process', process.name], ['thread', String(host.thread)], ['Lua state', String(id)]]
}

/** Whether a coroutine belongs to the state of a test file. */
const isTest = ({ l_G }: LuaThread): boolean => {
  const loaded = l_G.registry.getKey('_LOADED')
  return loaded instanceof LuaTable && loaded.getKey('hapsim.testkit.assert') !== undefined
}

/** The name of a coroutine in the list of threads. */
export const threadName = (L: LuaThread): string => {
  const coroutine = coroutineOf(L)
  if (coroutine) return `${coroutine.task.name} (${coroutine.state.host.process.name})`
  if (L === L.l_G.mainthread) return isTest(L) ? 'tests' : `${(L.l_G.hapsim as LuaState).host.process.name}, starting`
  return isTest(L) ? 'test' : 'coroutine'
}

/** Whether a coroutine has ended and will not be resumed. */
export const hasEnded = (L: LuaThread): boolean => {
  const task = coroutineOf(L)?.task as { dead: boolean } | undefined
  return task?.dead === true || L.status > 1 || L.ci === L.base_ci
}
