/** debug: an editor's debugger for scripts and tests, by the Debug Adapter Protocol. */
export { Connection } from './connection.js'
export { Debugger } from './debugger.js'
export type { Listen } from './messages.js'
