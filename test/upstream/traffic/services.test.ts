/** Services of scripts. */
import { describeTraffic } from './harness/suite.js'

describeTraffic(
  'services for HTTP',
  'members of AppletHTTP',
  'responses of services',
  'services for TCP',
  'hostile services',
)
