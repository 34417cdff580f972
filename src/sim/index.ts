/** sim: simulations, their actors, and the public interface to processes. */
export * from './actors/index.js'
export {
  CallError,
  type ActionResult,
  type CalledRequest,
  type CalledResponse,
  type CallOptions,
  type CallRequest,
  type CallResponse,
  type CallRuleSet,
  type CallValue,
  type ServiceOptions,
} from './calls/index.js'

export { toMicros, type Duration } from './duration.js'
export { addHttpServer, addTcpServer, type HttpRequestRecord, type TcpDataRecord } from './extra-servers.js'
export { type GivenFiles } from './files.js'
export { Haproxy, ServerView, StartError, type CliRecord, type HaproxyOptions, type ProcessWorld } from './haproxy.js'
export { planAction, type ActionRecord } from './actions.js'
export { Simulation, type SimulationOptions } from './simulation.js'
export { makeSurroundings, type BackendServer, type Surroundings } from './surroundings.js'
