/** Validation of sections `peers` and of the tables that refer to them (check_config_validity in src/cfgparse.c). */
import { checkTlsBind } from '../bind/tls-validity.js'
import type { ParseContext } from '../parse-context.js'
import type { ProxyDraft } from '../proxy/draft.js'
import type { SectionCheck } from '../section.js'
import { checkServerTls, completeTls } from '../server/tls.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { checkTables } from '../tables/validity.js'
import { PEERS, type PeersDraft } from './peers-draft.js'

/** Removes sections without a local peer, validates the others, the latest first, and then all tables. */
export const checkPeers: SectionCheck = (context, diagnostics) => {
  for (const section of [...context.drafts(PEERS).all].reverse()) {
    if (section.disabled) continue
    if (section.proxy && section.isComplete) checkSection(context, section, section.proxy, diagnostics)
    else
      diagnostics.add(
        'warning',
        `Removing incomplete section 'peers ${section.name}' (no peer named '${context.localPeer}').`,
        section.place,
      )
  }
  checkTables(context, diagnostics)
}

const checkSection = (
  context: ParseContext,
  section: PeersDraft,
  proxy: ProxyDraft,
  diagnostics: Diagnostics,
): void => {
  checkNames(section, proxy, diagnostics)
  completeTls(context.global.tls, [proxy])
  for (const server of [...proxy.servers].reverse())
    checkServerTls(context, context.global.tls, proxy, server, (severity, text) => {
      diagnostics.add(severity, text, server.place)
    })
  checkListener(context, section, proxy, diagnostics)
  checkShards(section, diagnostics)
}

/** The first of two peers with a name is reported. */
const checkNames = ({ peers }: PeersDraft, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  for (const [index, { name, place }] of [...peers.entries()].reverse()) {
    const other = peers.slice(index + 1).findLast((each) => each.name === name)
    if (!other) continue
    const { file, line } = other.place
    diagnostics.add(
      'alert',
      `Peer section '${proxy.name}' [${place.file}:${place.line}]: another peer named '${name}' was already defined at ` +
        `line ${file}:${line}, please use distinct names.`,
      place,
    )
  }
}

const checkListener = (
  { options }: ParseContext,
  { listener, local }: PeersDraft,
  proxy: ProxyDraft,
  diagnostics: Diagnostics,
): void => {
  if (!listener) return
  const { tls } = listener.settings
  if (local?.server && local.server.ssl !== tls.ssl) {
    const { file, line } = local.place
    const [bind, server] = tls.ssl ? ['SSL', 'non-SSL'] : ['non-SSL', 'SSL']
    diagnostics.add(
      'warning',
      `Peers section '${proxy.name}': local peer have a ${bind} listener and a ${server} server configured at line ` +
        `${file}:${line}.`,
      local.place,
    )
  }
  if (tls.ssl)
    checkTlsBind(
      { proxy: proxy.name, text: listener.text, place: listener.place, tls },
      diagnostics,
      options.certificates,
    )
}

const checkShards = ({ name: section, peers, shards }: PeersDraft, diagnostics: Diagnostics): void => {
  for (const peer of [...peers].reverse()) {
    const { isLocal, name, shard, place } = peer
    if (shard === 0 || (!isLocal && shard <= shards)) continue
    const ignored = `Peers section '${section}': shard ignored for '${name}' local peer`
    const reason = isLocal
      ? ''
      : ` because ${shard} shard value is greater than the section number of shards (${shards})`
    diagnostics.add('warning', ignored + reason, place)
    peer.shard = 0
  }
}

/** Resolves `peers` in the line of a proxy's table. */
export const checkTablePeers = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const name = proxy.table?.peers
  if (name === undefined) return
  const section = context.drafts(PEERS).all.findLast((each) => each.name === name)
  const problem = !section
    ? `unable to find sync peers '${name}'.`
    : section.disabled || section.proxy
      ? undefined
      : `unable to find local peer '${context.localPeer}' in peers section '${section.name}'.`
  if (problem !== undefined) diagnostics.add('alert', `Proxy '${proxy.name}': ${problem}`, proxy.place)
}
