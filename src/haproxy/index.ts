/** haproxy: one simulated HAProxy process. It does not know Lua, which is one of its extensions. */
export type { ExternalCommand, CommandEnd, CommandOutcome, CommandRunner, RunningCommand } from './checks/external.js'
export { type Observation } from './checks/observe.js'
export { dumpStates } from './dump-states.js'
export * from './events/events.js'

export { isListening } from './listeners/listening.js'
export * from './logs/logger.js'
export type { ProcessContext } from './context.js'

export * from './proxy/control.js'
export { HAPROXY_VERSION, RELEASE_DATE } from './release.js'
export * from './runtime/index.js'
export { SAMPLES } from './samples/registry.js'
export * from './server/control.js'
export { softStop } from './soft-stop.js'
export type { ConfigurationCheckResult } from './start.js'
export * from './stats/index.js'
export type * from './world.js'
