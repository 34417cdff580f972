/** State files: the states of servers that a process loads, as `show servers state` of an earlier process printed them. */
export { applyStateFiles } from './load.js'
