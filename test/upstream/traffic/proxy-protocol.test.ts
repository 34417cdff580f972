/** Headers of the PROXY protocol. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('PROXY protocol')
