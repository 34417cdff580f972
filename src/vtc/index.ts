/** vtc: regression tests in varnishtest's language, as HAProxy uses it. */
export { Failure, Skip, type Place } from './failure.js'
export { Prepared } from './prepared.js'
export { logLines, reportOf, resultText, type TestReport } from './report.js'
export { playTest, type SimulatedTestOptions } from './simulated/play.js'
export { vtc, type VtcOptions, type VtcResult } from './simulated/vtc.js'
export type { Test, TestOptions, Verdict } from './test.js'
