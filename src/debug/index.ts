/** Debugger for scripts and tests, which editors use through the Debug Adapter Protocol. */
export { EditorConnection } from './connection.js'
export { Debugger } from './debugger.js'
export type { Listen } from './messages.js'
