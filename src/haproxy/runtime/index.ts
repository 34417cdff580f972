/** runtime: the runtime API (`stats socket`). */
export { RuntimeApi } from './api.js'
export { Registry, type Call, type Command } from './registry.js'
export type { Answer, Job, JobOutput } from './job.js'
export { LEVELS, type Level, type Session } from './session.js'
