/** net/node: HAProxy's network on Node's sockets. */
export { NodeCertificates } from './certificates.js'
export { NodeNetwork } from './network.js'
export type { Enter } from './connection.js'
