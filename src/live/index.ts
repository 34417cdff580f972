/** live: a process on real sockets and real time. The mail sink is loaded by itself, where it is asked for. */
export { configurationReader } from './configuration.js'
export { gapsOf } from './gaps.js'
export { Operator, type Spokesman } from './operator.js'
export { leave, lineWriter, type LineWriter } from './output.js'
export { LiveRun, SIGNALLED, type LiveOptions, type StopSignal } from './run.js'
