/** Headers of the PROXY protocol, and of NetScaler's Client IP protocol. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('PROXY protocol', 'NetScaler')
