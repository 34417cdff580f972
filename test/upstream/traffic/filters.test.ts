/** Filters of scripts, and the classes Channel and HTTPMessage. */
import { describeTraffic } from './harness/suite.js'

describeTraffic(
  'channels in actions',
  'members of HTTPMessage',
  'filters of HTTP',
  'results of filters',
  'bodies that filters change',
  'filters of TCP',
)
