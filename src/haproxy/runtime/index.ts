/** runtime: the runtime API (`stats socket`). */

export { type CommandCall, type Command, type Registry } from './registry.js'
export type { Answer, Job, JobOutput } from './job.js'
export { type Level, type CliSession } from './session.js'
