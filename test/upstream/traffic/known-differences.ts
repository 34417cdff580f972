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
  'a switch of protocols without an upgrade',
  'HTTP/2 in clear text',
])
