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
  // data that are held back for ever (docs/differences.md)
  'Channel: line after the end of the input',
  'filter: a request body that is never forwarded',
  'filter: http_payload of a request ends',
  'filter of TCP: everything is held back',
  // order of what filters do and what is sent (docs/differences.md)
  'filter: http_end of a response replies',
  'filter: a response that ends with the connection gets a length',
  'filter of TCP: end_analyze of a request fails',
  // connections to servers after errors inside (docs/differences.md)
  'HTTPMessage: append, prepend, insert, http_payload of a request',
  'filter: a body that is longer than announced',
  'a switch of protocols without an upgrade',
  // replies of actions that are no valid responses (docs/differences.md)
  'a reply with status 100, to a request',
  'a reply with status 100, for a response',
  'a reply with status 101, to a request',
  'a reply with status 101, for a response',
  'a reply with another transfer coding, to a request',
  'a reply with another transfer coding, for a response',
  'a reply after the response',
  // others
  'HTTP/2 in clear text',
])
