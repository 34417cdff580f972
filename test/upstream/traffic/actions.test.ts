/** Actions of HTTP rules in detail. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('actions')
