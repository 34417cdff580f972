/** sim: the world around the process, and what a person holds of it. */
export * from './actors/index.js'

export { toMicros, type Duration } from './duration.js'
export { Haproxy, ServerView, StartError, type CliRecord, type HaproxyOptions, type ProcessWorld } from './haproxy.js'
export { planAction, type ActionRecord } from './actions.js'
export { Simulation, type SimulationOptions } from './simulation.js'
export { makeSurroundings, type Surroundings } from './surroundings.js'
