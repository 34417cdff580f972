/** Raw messages, valid and malformed, of clients and servers. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('raw requests', 'raw responses')
