/** haproxy: one simulated HAProxy process. It knows no Lua: whoever extends it registers here. */
export * from './events.js'
export { Listener } from './listener.js'
export * from './log.js'
export * from './process.js'
export { Proxy } from './proxy.js'
export { Server, ServerAdmin, ServerState, SERVER_STATE_NAMES } from './server.js'
