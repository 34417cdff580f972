/** Actions of HTTP rules. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('rules of requests', 'rules of responses')
