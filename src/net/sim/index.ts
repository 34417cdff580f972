/** The simulated network: hosts, links, and what can be broken. */
export { Endpoint } from './endpoint.js'
export { destination, Host, plain, type Fault } from './host.js'
export { type Latency } from './link.js'
export { SimNetwork, type SimNetworkOptions } from './network.js'
export { ALERT_BYTES, checkedTlsServer, type TlsServer } from './tls.js'
