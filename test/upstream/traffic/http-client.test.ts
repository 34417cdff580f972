/** Requests of scripts (`core.httpclient`). */
import { describeTraffic } from './harness/suite.js'

describeTraffic('the HTTP client')
