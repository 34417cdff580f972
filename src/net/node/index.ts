/** net/node: the network interface on Node's sockets. */
export { accounts } from './accounts.js'
export { NodeCertificates } from './certificates.js'
export { descriptorError } from './descriptors.js'
export { readHostFile } from './files.js'
export { NodeNetwork } from './network.js'
export { UnixDatagrams, type SendProblem } from './unix-datagrams.js'
export type { Enter } from './connection.js'
export { listenUnserved, type UnservedSocket } from './tcp-sockets.js'
