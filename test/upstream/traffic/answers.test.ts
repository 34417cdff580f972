/** Pages of errors, what is added to messages, log lines. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('answers')
