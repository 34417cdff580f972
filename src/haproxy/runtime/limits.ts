/** Limits that the runtime API changes, and counters that it clears (src/proxy.c, src/cli.c, src/stats.c). */
import { atoi } from '../../bytes/integers.js'
import type { RateLimits } from '../../config/model/configuration.js'
import type { Proxy } from '../proxy/proxy.js'
import { PERMISSION_DENIED } from './lookup.js'
import { notEmulated } from './not-emulated.js'
import type { CommandCall, Family } from './registry.js'
import { hasLevel } from './session.js'

/** Clients that the limits have kept waiting are served where the new ones allow it (`dequeue_all_listeners`, src/listener.c). */
const serveWaiting = (proxies: readonly Proxy[]): void => {
  for (const { listeners } of proxies) for (const { control } of listeners) control?.serveWaiting()
}

const setFrontendMaxconn = ({ process, args }: CommandCall): string => {
  const [name, value] = args
  if (name === undefined) return 'A frontend name is expected.\n'
  const frontend = process.frontendNamed(name)
  if (!frontend) return 'No such frontend.\n'
  if (value === undefined) return 'Integer value expected.\n'
  const maxconn = atoi(value)
  if (maxconn < 0) return 'Value out of range.\n'
  frontend.maxconn = maxconn
  serveWaiting([frontend])
  return ''
}

const setGlobalMaxconn = ({ process, args }: CommandCall): string => {
  if (args[0] === undefined) return 'Expects an integer value.\n'
  const value = atoi(args[0])
  if (value > process.limits.hardMaxconn) return 'Value out of range.\n'
  process.limits.setMaxconn(value > 0 ? value : process.limits.hardMaxconn)
  serveWaiting(process.proxies)
  return ''
}

const RATES: Readonly<Record<string, keyof RateLimits>> = {
  connections: 'connections',
  sessions: 'sessions',
  'ssl-sessions': 'sslSessions',
  'http-compression': 'compression',
}

const RATE_USAGE =
  "'set rate-limit' only supports :\n" +
  "   - 'connections global' to set the per-process maximum connection rate\n" +
  "   - 'sessions global' to set the per-process maximum session rate\n" +
  "   - 'ssl-sessions global' to set the per-process maximum SSL session rate\n" +
  "   - 'http-compression global' to set the per-process maximum compression speed in kB/s\n"

const setRateLimit = ({ process, args }: CommandCall): string => {
  const [what = '', scope, value] = args
  const rate = Object.hasOwn(RATES, what) ? RATES[what] : undefined
  if (rate === undefined || scope !== 'global') return RATE_USAGE
  if (value === undefined) return 'Expects an integer value.\n'
  const limit = atoi(value)
  if (limit < 0) return 'Value out of range.\n'
  const { limits } = process
  limits.rates = { ...limits.rates, [rate]: rate === 'compression' ? limit * 1024 : limit }
  serveWaiting(process.proxies)
  return ''
}

/** Without `all`, only maxima and the counters of modules are reset. */
const clearCounters = ({ process, session, args }: CommandCall): string => {
  const all = args[0] === 'all'
  if (!hasLevel(session, all ? 'admin' : 'operator')) return PERMISSION_DENIED
  process.counters.clearMaxima()
  process.runtime.clearCounters(all)
  for (const proxy of process.proxies) {
    proxy.clearCounters(all)
    for (const server of proxy.servers) server.clearCounters(all)
    for (const listener of proxy.listeners) listener.clearCounters(all)
  }
  if (all) process.resolvers.clearCounters()
  return ''
}

/** Dynamic cookies need traffic. */
const dynamicCookie = ({ process, words }: CommandCall): string => {
  const name = words[3]
  if (name === undefined) return 'A backend name is expected.\n'
  return process.backendNamed(name) ? notEmulated(words.slice(0, 3).join(' ')) : 'No such backend.\n'
}

export const limitFamily: Family = [
  { words: ['set', 'maxconn', 'frontend'], run: setFrontendMaxconn },
  { words: ['set', 'maxconn', 'global'], run: setGlobalMaxconn },
  { words: ['set', 'rate-limit'], run: setRateLimit },
  { words: ['clear', 'counters'], run: clearCounters },
  { words: ['enable', 'dynamic-cookie', 'backend'], run: dynamicCookie },
  { words: ['disable', 'dynamic-cookie', 'backend'], run: dynamicCookie },
  { words: ['set', 'dynamic-cookie-key', 'backend'], run: dynamicCookie },
]
