/** Actions of HTTP rules in detail, replies of scripts, and cookies. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('actions', 'replies of actions', 'cookies')
