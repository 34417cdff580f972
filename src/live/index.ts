/** live: a process on real sockets and real time. The mail sink is imported separately. */
export { configurationReader } from './configuration.js'
export { findGaps } from './gaps.js'
export { StderrConsole, type OperatorConsole } from './operator-console.js'
export { exitAfterFlush, lineWriter, type LineWriter } from './output.js'
export { LiveRun, SIGNAL_EXIT_CODES, type LiveOptions, type StopSignal } from './run.js'
