/** vtc: regression tests in varnishtest's language, as HAProxy uses it. */
export { Failure, Skip, type Place } from './failure.js'
export { Prepared } from './prepared.js'
export { logLines, resultText } from './report.js'
export { playTest, type SimulatedTestOptions } from './simulated/play.js'
export { DEFAULT_DURATION, type Test, type TestOptions, type Verdict } from './test.js'
