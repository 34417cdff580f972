/** Aliases of log-formats: proxies, servers, counters, and the end of the session. */
import type { Aliases } from './alias.js'

export const SESSION_ALIASES: Aliases = {
  f: (line, { frontend }) => line.value(frontend.name),
  ft: (line, { frontend, isTls }) => {
    line.beginText()
    line.rawValue(frontend.name)
    if (isTls) line.char('~')
  },
  b: (line, { backend }) => line.value(backend.name),
  s: (line, { target }) => line.value(target.name),
  ac: (line, { connections }) => line.integer(connections),
  fc: (line, { frontend }) => line.integer(frontend.connections),
  bc: (line, { backend }) => line.integer(backend.connections),
  sc: (line, { target }) => line.integer(target.connections),
  rc: (line, { retries, isRedispatched }) => {
    if (isRedispatched) line.mark('+')
    line.integer(retries)
  },
  sq: (line, { serverQueue }) => line.integer(serverQueue),
  bq: (line, { backendQueue }) => line.integer(backendQueue),
  ts: (line, { termination }) => line.rawValue(termination),
  tsc: (line, { termination, cookieState }) => line.rawValue(termination + cookieState),
  rt: (line, _, request) => line.hexInteger(request, 4),
  lc: (line, { frontend }) => line.hexInteger(frontend.lines, 4),
  H: (line, { process }) => line.value(process.machine.hostname),
  pid: (line, { process }) => line.hexInteger(process.machine.pid, 4),
  // an empty identifier counts as missing
  ID: (line, { uniqueId }) => line.value(uniqueId === '' ? undefined : uniqueId),
  OG: (line, { origin }) => line.value(origin),
}
