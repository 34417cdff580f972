/** The simulated network: hosts, links, and what can be broken. */
export { Host, type Fault } from './host.js'
export { Link, LOOPBACK_LATENCY, REMOTE_LATENCY, type Latency } from './link.js'
export { SimNetwork, type SimNetworkOptions } from './network.js'
