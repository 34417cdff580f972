/** Keywords that HAProxy does not register, so that `haproxy -dKall` does not list them. */
import { words } from './words.js'

/** Keywords of `global`, and section keywords. */
export const BUILTIN_GLOBAL: readonly string[] = words(`
  global busy-polling set-dumpable insecure-fork-wanted insecure-setuid-wanted nosplice nogetaddrinfo noreuseport
  tune.runqueue-depth tune.maxpollevents tune.maxaccept tune.recv_enough tune.bufsize tune.maxrewrite tune.idletimer
  tune.rcvbuf.client tune.rcvbuf.server tune.sndbuf.client tune.sndbuf.server tune.pipesize tune.http.cookielen
  tune.http.logurilen tune.http.maxhdr tune.comp.maxlevel tune.pattern.cache-size uid gid external-check user group
  maxconn ssl-server-verify maxconnrate maxsessrate maxsslrate maxcomprate maxpipes maxzlibmem maxcompcpuusage ulimit-n
  chroot description node unix-bind log log-send-hostname server-state-base server-state-file log-tag spread-checks
  max-spread-checks cpu-map strict-limits numa-cpu-mapping defaults listen frontend backend peers resolvers
  cluster-secret no-quic limited-quic stats-file`)

/** Keywords of proxies, and section keywords. */
export const BUILTIN_PROXY: readonly string[] = words(`
  listen frontend backend defaults server default-server server-template bind monitor-net monitor-uri mode id description
  disabled enabled acl dynamic-cookie-key cookie email-alert persist appsession load-server-state-from-file
  server-state-file-name max-session-srv-conns capture retries http-request http-response http-after-response
  http-send-name-header block redirect use_backend use-server force-persist ignore-persist stick-table stick stats option
  default_backend http-reuse monitor transparent maxconn backlog fullconn dispatch balance hash-type hash-balance-factor
  unique-id-format unique-id-header log-format log-format-sd log-tag log source usesrc error-log-format`)
