/** Calls of registered functions without a whole request. */
export type { ActionResult, CalledRequest, CalledResponse } from './action-result.js'
export type { CalledProcess } from './called-process.js'
export { withCallersStack } from './caller-stack.js'
export type { CallRequest, CallResponse } from './messages.js'
export type { CallOptions, CallRuleSet, ServiceOptions } from './options.js'
export { CallError, ScriptCalls } from './script-calls.js'
export type { CallValue } from './values.js'
