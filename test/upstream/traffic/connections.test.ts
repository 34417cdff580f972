/** Connections of clients and servers: how they begin, end and are kept, in TCP and HTTP. */
import { describeTraffic } from './harness/suite.js'

describeTraffic('termination', 'tcp', 'rules of TCP', 'connections', 'names of fields', 'timeouts', 'aborts')
