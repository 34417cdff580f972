/** TCP connections that continue as HTTP. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('upgrades')
