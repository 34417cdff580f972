/** live: a process on real sockets and real time. */
export { gapsOf } from './gaps.js'
export { MailSink, type MailSinkOptions } from './mail-sink.js'
export { Operator, type Spokesman } from './operator.js'
export { leave, lineWriter, type LineWriter } from './output.js'
export { LiveRun, type LiveOptions, type StopSignal } from './run.js'
