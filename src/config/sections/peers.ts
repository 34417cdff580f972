/** The section `peers` (cfg_parse_peers in src/cfgparse.c). Tables are not shared with other processes. */
import { makeBinds, readBindAddresses, readBindLine } from '../bind/line.js'
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import { readLogLine } from '../proxy/log.js'
import { abort, type Section } from '../section.js'
import { readSectionServer, readServerLine } from '../server/line.js'
import type { ServerSettings } from '../server/draft.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter } from '../syntax/names.js'
import { parseInteger } from '../syntax/units.js'
import { readStickTable } from '../tables/stick-table.js'
import { PeerDraft, PEERS, PeersDraft, type PeersListener } from './peers-draft.js'
import { checkPeers } from './peers-validity.js'

type Keyword = (context: ParseContext, line: Line, section: PeersDraft) => LineResult

const read: SectionParser = (context, line) => {
  if (line.at(0) === 'peers') return begin(context, line)
  const keyword = KEYWORDS.get(line.at(0))
  return keyword
    ? keyword(context, line, context.drafts(PEERS).current!)
    : context.alert(line, `unknown keyword '${line.at(0)}' in 'peers' section`)
}

const begin: SectionParser = (context, line) => {
  const name = line.at(1)
  if (name === '') return abort(context, line, 'missing name for peers section.')
  if (context.tooManyWords(line, 1)) return 'abort'
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    return abort(context, line, `character '${bad}' is not permitted in '${line.at(0)}' name '${name}'.`)
  const sections = context.drafts(PEERS)
  let outcome: LineResult = 'ok'
  for (const { place } of sections.all.filter((each) => each.name === name).reverse())
    outcome = context.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: peers section '${name}' has the same name as another peers ` +
        `section declared at ${place.file}:${place.line}.`,
    )
  sections.begin(new PeersDraft(name, line.place))
  context.notEmulated(line, `section 'peers ${name}'`, 'traffic')
  return outcome
}

const MIXED = 'mixing "peer" and "bind" line is forbidden'

const bind: Keyword = (context, line, section) => {
  section.needProxy(line.place)
  const listener = section.needListener(line.place, line.at(1))
  if (section.hasPeerLine) return context.alert(line, MIXED)
  const outcome = listen(context, line, listener, line.at(1))
  if (typeof outcome === 'string') return outcome
  if (listener.binds.length > 1)
    return context.alert(
      line,
      'Only one listener per "peers" section is authorized. Multiple listening addresses or port range are not supported.',
    )
  section.hasBindLine = true
  if (!section.local) addPeer(section, new PeerDraft('', line.place, true))
  const read = bindSettings(context, line, 2, listener)
  return outcome.isFirst ? read : 'fatal'
}

const defaultBind: Keyword = (context, line, section) => {
  section.needProxy(line.place)
  return bindSettings(context, line, 1, section.needListener(line.place, line.at(1)))
}

const bindSettings = (context: ParseContext, line: Line, from: number, { settings }: PeersListener): LineResult =>
  readBindLine(context, line, from, { addresses: [], others: [] }, settings)

/** Adds the listeners of an address. Returns an error, or whether it is the first address. */
const listen = (
  context: ParseContext,
  line: Line,
  listener: PeersListener,
  text: string,
): 'fatal' | { readonly isFirst: boolean } => {
  const isFirst = listener.binds.length === 0
  const { file, line: number } = listener.place
  if (!isFirst)
    context.alert(
      line,
      'One listener per "peers" section is authorized but another is already configured at ' + `[${file}:${number}].`,
    )
  const addresses = text === '' ? [] : readBindAddresses(context, text)
  if (typeof addresses === 'string') return context.alert(line, `'${line.at(0)} ${line.at(1)}' : ${addresses}`)
  listener.binds.push(...makeBinds(text, addresses, listener.settings, line))
  return { isFirst }
}

const addPeer = (section: PeersDraft, peer: PeerDraft): PeerDraft => {
  section.peers.push(peer)
  if (peer.isLocal) section.local = peer
  return peer
}

const defaultServer: Keyword = (context, line, section) => readServerLine(context, line, section.needProxy())

const log: Keyword = (context, line, section) => {
  const proxy = section.needProxy(line.place)
  const targets = readLogLine(context, line, proxy.settings.logs, context.global.logs)
  if (typeof targets === 'string') return context.alert(line, `${line.at(0)} : ${targets}`)
  proxy.change({ logs: targets })
  return 'ok'
}

/** `peer <name> <address>`, and `server`, which for the local peer has no address: it is that of `bind`. */
const peer: Keyword = (context, line, section) => {
  const [keyword, name] = [line.at(0), line.at(1)]
  const isPeerLine = keyword === 'peer'
  const isLocal = name === context.localPeer
  if (isPeerLine) {
    if (section.hasBindLine) return context.alert(line, MIXED)
    section.hasPeerLine = true
  }
  const draft = takePeer(context, line, section, isLocal)
  if (!draft) return 'fatal'
  const proxy = section.needProxy(draft.isLocal ? line.place : undefined, draft.isLocal ? draft.name : undefined)
  const hasAddress = isPeerLine || !isLocal
  if (hasAddress && line.at(2) === '') return ignorePeer(context, line, section, draft)
  const { outcome, isCreated, server, settings, shard } = readSectionServer(context, line, proxy, {
    address: hasAddress ? 'peer' : undefined,
    mode: 'peers',
  })
  if (!isCreated) {
    ignorePeer(context, line, section, draft)
    return outcome
  }
  draft.server = server
  draft.shard = checkedShard(context, line, shard)
  if (settings && ignoresSettings(settings))
    context.warn(line, `'${keyword} ${name}' : init_addr, resolvers, check and agent are ignored for peers.`)
  if (!isPeerLine || !draft.isLocal) return outcome
  const listened = listen(context, line, section.needListener(line.place, line.at(2)), line.at(2))
  return typeof listened === 'string' || !listened.isFirst ? 'fatal' : outcome
}

/** The peer of a line: a new one, or the local one of a `bind` line. Reports a second local peer. */
const takePeer = (context: ParseContext, line: Line, section: PeersDraft, isLocal: boolean): PeerDraft | undefined => {
  const { local } = section
  if (isLocal && local) {
    if (local.name === '') {
      local.name = context.localPeer
      return local
    }
    const { file, line: number } = section.proxyPlace
    context.alert(
      line,
      `'${line.at(0)} ${line.at(1)}' : local peer name already referenced at ${file}:${number}. ${local.name}`,
    )
    return undefined
  }
  return addPeer(section, new PeerDraft(line.at(1), line.place, isLocal))
}

/** A peer without an address is forgotten. */
const ignorePeer = (context: ParseContext, line: Line, section: PeersDraft, draft: PeerDraft): LineResult => {
  const [keyword, name] = [line.at(0), line.at(1)]
  if (keyword === 'peer')
    context.warn(line, `'${keyword} ${name}' : ignoring invalid peer definition (missing address:port)`)
  else
    context.main.parsing(
      'diag',
      line.place,
      `'${keyword} ${name}' : ignoring server (not a local peer, valid address:port is expected)`,
    )
  section.peers.splice(section.peers.indexOf(draft), 1)
  if (draft.isLocal) section.forgetLocal()
  return 'ok'
}

/** Shards beyond the number of the latest `shards` line, of any section, are ignored. */
const checkedShard = (context: ParseContext, line: Line, shard: number): number => {
  const limit = context.drafts(PEERS).all.findLast(({ shards }) => shards !== 0)?.shards ?? 0
  if (limit === 0 || shard <= limit) return shard
  context.warn(
    line,
    `'${line.at(0)} ${line.at(1)}' : ${shard} peer shard greater value than ${limit} shards value is ignored.`,
  )
  return 0
}

const ignoresSettings = ({ resolution, check, agent }: ServerSettings): boolean =>
  resolution.initAddresses.length > 0 || resolution.resolvers !== undefined || check.enabled || agent.enabled

const shards: Keyword = (context, line, section) => {
  const [keyword, value] = [line.at(0), line.at(1)]
  if (value === '') return context.alert(line, `'${keyword}' : missing value`)
  const count = parseInteger(value)
  if (typeof count !== 'number')
    return context.alert(line, `'${keyword}' : expects an integer argument, found '${value}'`)
  if (count === 0) return context.alert(line, `'${keyword}' : expects a strictly positive integer argument`)
  section.shards = count
  return 'ok'
}

const table: Keyword = (context, line, section) => {
  section.needProxy()
  const found = readStickTable(context, line, 2, { kind: 'peers', name: section.name })
  if (!found) return 'fatal'
  section.tables.push(found)
  return 'ok'
}

const setDisabled =
  (disabled: boolean): Keyword =>
  (_, __, section) => {
    section.disabled = disabled
    return 'ok'
  }

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ['bind', bind],
  ['default-bind', defaultBind],
  ['default-server', defaultServer],
  ['log', log],
  ['peer', peer],
  ['server', peer],
  ['shards', shards],
  ['table', table],
  ['disabled', setDisabled(true)],
  ['enabled', setDisabled(false)],
])

/** The section `peers`. */
export const PEERS_SECTION: Section = { keyword: 'peers', read, check: checkPeers }
