/** Actions of HTTP rules in detail, and cookies. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('actions', 'cookies')
