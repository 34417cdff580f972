/** State files: what a process takes over from the one before it, as `show servers state` of that one told it. */
export { applyStateFiles } from './load.js'
