/** `show` commands about the process, its version, environment and backends, and the level of the session. */
import { HAPROXY_VERSION } from '../release.js'
import { infoFields, infoText, preciseInfoFields, STATS_SCHEMA } from '../stats/index.js'
import type { CommandCall, Family } from './registry.js'
import { showServersConn, showServersState } from './servers-state.js'
import { showStat } from './show-stat.js'

export const showFamily: Family = [
  { words: ['show', 'info'], run: (call) => showInfo(call) },
  { words: ['show', 'stat'], run: showStat },
  { words: ['show', 'schema', 'json'], run: () => showSchema() },
  { words: ['show', 'servers', 'state'], run: showServersState },
  { words: ['show', 'servers', 'conn'], run: showServersConn },
  { words: ['show', 'version'], run: () => `${HAPROXY_VERSION}\n` },
  { words: ['show', 'backend'], run: (call) => showBackend(call) },
  { words: ['show', 'cli', 'level'], run: ({ session }) => `${session.level}\n` },
  { words: ['show', 'env'], run: (call) => showEnv(call) },
]

const showInfo = ({ process, args }: CommandCall): string => {
  const kind = args.includes('json') ? 'json' : args.includes('typed') ? 'typed' : 'text'
  const fields = args.includes('float') ? preciseInfoFields(process) : infoFields(process)
  return infoText({ kind, described: args.includes('desc') }, fields)
}

/** HAProxy's text has a space in this place. */
const showSchema = (): string => `${JSON.stringify(STATS_SCHEMA).replace('"Avg","Unknown"', '"Avg", "Unknown"')}\n`

const showBackend = ({ process }: CommandCall): string =>
  ['# name', ...process.proxies.filter((proxy) => proxy.backend).map((proxy) => proxy.name)].join('\n') + '\n'

const showEnv = ({ process, args }: CommandCall): string => {
  const { environment } = process
  const [name] = args
  if (name === undefined) return [...environment].map(([key, value]) => `${key}=${value}\n`).join('')
  const value = environment.get(name)
  return value === undefined ? 'Variable not found\n' : `${name}=${value}\n`
}
