/** `show stat`: the statistics of frontends, listeners, servers and backends (`cli_parse_show_stat` in src/stats.c). */
import { atoi } from '../../bytes/integers.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { ServerAdmin, ServerState } from '../server/status.js'
import {
  backendStats,
  frontendStats,
  listenerStats,
  serverStats,
  statText,
  STAT_TYPES,
  type StatForm,
  type StatObject,
  type StatSide,
} from '../stats/index.js'
import { notEmulated } from './not-emulated.js'
import type { CommandCall } from './registry.js'

interface Wanted {
  readonly form: StatForm
  /** undefined: all */
  readonly bound: { readonly iid: number; readonly types: number; readonly sid: number } | undefined
  readonly hideMaintenance: boolean
  readonly hideDown: boolean
}

export const showStat = ({ process, session, args, words }: CommandCall): string => {
  const wanted = parseWanted(process.proxies, [...args])
  if (wanted === undefined) return notEmulated(words.join(' '))
  if (typeof wanted === 'string') return wanted
  const proxies = process.proxies.filter(
    (proxy) => !proxy.config.disabled && (!wanted.bound || wanted.bound.iid === -1 || wanted.bound.iid === proxy.uuid),
  )
  const objects = objectsOf(proxies, wanted)
  return statText(wanted.form, session.socketLevel === 'user' ? withoutLegends(objects) : objects)
}

/** Removes the columns that a socket of level `user` does not show (`STAT_F_SHLGNDS`). */
const withoutLegends = function* (objects: Iterable<StatObject>): Iterable<StatObject> {
  for (const object of objects) {
    const row = { ...object.row }
    delete row.addr
    delete row.cookie
    delete row.algo
    yield { ...object, row }
  }
}

/** Returns HAProxy's error as a text; undefined for what is not emulated. */
const parseWanted = (proxies: readonly Proxy[], args: string[]): Wanted | string | undefined => {
  if (args[0] === 'domain') {
    if (args[1] === 'resolvers') return undefined
    if (args[1] !== 'proxy') return 'Invalid statistics domain.\n'
    args.splice(0, 2)
  }
  let bound: Wanted['bound']
  if (args.length >= 3) {
    const [name, types, sid] = args.splice(0, 3) as [string, string, string]
    const iid = proxies.find((proxy) => proxy.name === name)?.uuid ?? atoi(name)
    if (iid === 0) return 'No such proxy.\n'
    bound = { iid, types: atoi(types), sid: atoi(sid) }
  }
  return {
    form: {
      kind: args.includes('json') ? 'json' : args.includes('typed') ? 'typed' : 'csv',
      described: args.includes('desc'),
    },
    bound,
    hideMaintenance: args.includes('no-maint'),
    hideDown: args.includes('up'),
  }
}

/** Each proxy with its frontend, its listeners where they are counted apart, its servers and its backend. */
const objectsOf = function* (proxies: readonly Proxy[], wanted: Wanted): Iterable<StatObject> {
  const { bound } = wanted
  const wants = (side: StatSide): boolean => bound === undefined || (bound.types & (1 << STAT_TYPES[side])) !== 0
  const wantsNumber = (sid: number): boolean => !bound || bound.sid === -1 || bound.sid === sid
  for (const proxy of proxies) {
    if (proxy.frontend && wants('F')) yield { side: 'F', proxy, row: frontendStats(proxy) }
    if (proxy.config.options.has('socket-stats') && wants('L'))
      for (const listener of proxy.listeners)
        if (wantsNumber(listener.id))
          yield { side: 'L', proxy, row: listenerStats(listener, proxy, proxy.process.clock.now) }
    if (wants('S'))
      for (const server of proxy.servers)
        if (wantsNumber(server.puid) && !isHidden(server, wanted)) yield { side: 'S', proxy, row: serverStats(server) }
    if (proxy.backend && wants('B'))
      yield { side: 'B', proxy, row: backendStats(proxy, wanted.hideMaintenance || wanted.hideDown) }
  }
}

const isHidden = (server: Server, { hideMaintenance, hideDown }: Wanted): boolean => {
  const inMaintenance = (server.admin & ServerAdmin.MAINT) !== 0
  if ((hideMaintenance || hideDown) && inMaintenance) return true
  if (!hideDown || server.state !== ServerState.STOPPED) return false
  let checked = server
  while (checked.track) checked = checked.track
  return !checked.check?.enabled || checked.check.health === 0
}
