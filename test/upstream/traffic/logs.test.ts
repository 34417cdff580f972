/** Log lines of traffic: when they are written, and what they show. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('logs', 'formats of log lines', 'events at the end', 'observed traffic')
