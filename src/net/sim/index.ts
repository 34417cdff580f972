/** The simulated network: hosts, links and fault injection. */
export { Endpoint } from './endpoint.js'
export { effectiveDestination, Host, unmapIpv4, type Fault } from './host.js'
export { type Latency } from './link.js'
export { SimNetwork, type SimNetworkOptions } from './network.js'
export { ALERT_BYTES, validateTlsServer, type TlsServer } from './tls.js'
