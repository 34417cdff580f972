/** Cases in which the simulation still differs from the real HAProxy, by probable cause. Remove those that have come to agree. */
export const KNOWN_DIFFERENCES: ReadonlySet<string> = new Set([
  // queues, which are not emulated yet
  'no place in the queue in time',
  'served after waiting in the queue',
  'a full queue',
  'a limit of connections of the server, and a queue',
  'a limit of connections of the server, and a timeout of the queue',
  'a client that leaves the queue',
  'a client that leaves the queue, abortonclose',
  'connect: the queue has no timeout',
  'queue',
  'queue: in the backend, by the number of its connections',
  'a client closes in the queue',
  'a client closes in the queue, option abortonclose',
  'a client resets in the queue',
  'a client resets in the queue, option abortonclose',
  // filters, and channels of connections whose input has ended
  'Channel: line after the end of the input',
  'HTTPMessage: append, prepend, insert, http_payload of a request',
  'filter: a request body that is never forwarded',
  'filter: http_payload of a request ends',
  'filter: http_end of a response replies',
  'filter: a body that is longer than announced',
  'filter: a response that ends with the connection gets a length',
  'filter of TCP: end_analyze of a request fails',
  'filter of TCP: everything is held back',
  // replies of actions that are no valid responses (docs/differences.md)
  'a reply with status 100, to a request',
  'a reply with status 100, for a response',
  'a reply with status 101, to a request',
  'a reply with status 101, for a response',
  'a reply with another transfer coding, to a request',
  'a reply with another transfer coding, for a response',
  'a reply after the response',
  // others
  'a switch of protocols without an upgrade',
  'HTTP/2 in clear text',
])
