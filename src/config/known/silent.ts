/**
 * Keywords that hapsim ignores without a warning, as they have no observable effect in a simulation: they concern the operating
 * system, processors, TLS libraries, memory or performance.
 */

/** Keywords of `global`. */
export const SILENT_GLOBAL: ReadonlySet<string> = new Set([
  'busy-polling',
  'chroot',
  'cpu-map',
  'cpu-policy',
  'cpu-set',
  'fd-hard-limit',
  'force-cfg-parser-pause',
  'h2-workaround-bogus-websocket-clients',
  'insecure-setuid-wanted',
  'no-memory-trimming',
  'nogetaddrinfo',
  'noreuseport',
  'nosplice',
  'numa-cpu-mapping',
  'prealloc-fd',
  'profiling.memory',
  'profiling.tasks',
  'quick-exit',
  'set-dumpable',
  'setcap',
  'ssl-default-bind-ciphers',
  'ssl-default-bind-ciphersuites',
  'ssl-default-bind-curves',
  'ssl-default-bind-options',
  'ssl-default-server-curves',
  'ssl-dh-param-file',
  'tune.epoll.mask-events',
  'tune.events.max-events-at-once',
  'tune.fd.edge-triggered',
  'tune.maxaccept',
  'tune.maxpollevents',
  'tune.memory.hot-size',
  'tune.notsent-lowat.client',
  'tune.notsent-lowat.server',
  'tune.pattern.cache-size',
  'tune.pipesize',
  'tune.rcvbuf.backend',
  'tune.rcvbuf.client',
  'tune.rcvbuf.frontend',
  'tune.rcvbuf.server',
  'tune.sndbuf.backend',
  'tune.sndbuf.client',
  'tune.sndbuf.frontend',
  'tune.sndbuf.server',
  'tune.ssl.cachesize',
  'tune.ssl.default-dh-param',
  'tune.ssl.lifetime',
  'ulimit-n',
])

/** Settings of `bind` lines. */
export const SILENT_BIND: ReadonlySet<string> = new Set(['expose-fd', 'shards', 'thread', 'v4v6'])

/** What `option` takes. */
export const SILENT_OPTIONS: ReadonlySet<string> = new Set([
  'clitcpka',
  'nolinger',
  'splice-auto',
  'splice-request',
  'splice-response',
  'srvtcpka',
  'tcp-smart-accept',
  'tcp-smart-connect',
  'tcpka',
])

/** Keywords of proxies. */
export const SILENT_PROXY: ReadonlySet<string> = new Set([
  'backlog',
  'clitcpka-cnt',
  'clitcpka-idle',
  'clitcpka-intvl',
  'srvtcpka-cnt',
  'srvtcpka-idle',
  'srvtcpka-intvl',
])
