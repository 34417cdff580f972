/**
 * Opens the listeners of a process, protocol by protocol (`protocol_bind_all` in src/protocol.c): each `stats socket`, and the addresses of
 * frontends.
 */
import type { BindConfig, StatsSocketConfig } from '../../config/model/bind.js'
import { formatAddress, isIp } from '../../net/address.js'
import { NetworkError } from '../../net/network.js'
import type { ProcessContext } from '../context.js'
import type { Listener } from './listener.js'
import { isInherited, protocolOf, PROTOCOLS, type Protocol } from './protocol.js'
import type { Proxy } from '../proxy/proxy.js'

/** A process that opens its listeners. */
export interface ListeningProcess extends ProcessContext {
  readonly proxies: readonly Proxy[]
  readonly runtime: { listen(socket: StatsSocketConfig): void }
  readonly traffic: { listen(frontend: Proxy, listener: Listener): void }
  /** whether frontends listen */
  readonly opensFrontends: boolean
}

interface Opening {
  readonly protocol: Protocol
  readonly bind: BindConfig
  /** `frontend f` */
  readonly owner: string
  /** undefined for addresses that are only checked */
  readonly open?: () => void
}

/**
 * Returns HAProxy's errors for those that cannot be opened. Nothing is opened if some are known to fail.
 * @param warn called with messages about options that the system has refused
 */
export const openListeners = (process: ListeningProcess, warn: (text: string) => void): readonly string[] => {
  const openings = [...runtimeOpenings(process), ...frontendOpenings(process)]
  const ordered = PROTOCOLS.flatMap((protocol) => openings.filter((opening) => opening.protocol === protocol))
  const refused = refusals(ordered, (opening) => {
    const { address } = opening.bind
    for (const warning of process.network.tryListen?.(address, opening.bind) ?? [])
      warn(`${titleOf(opening)}: ${warning} for [${formatAddress(address)}].`)
  })
  return refused.length > 0 ? refused : refusals(ordered, ({ open }) => open?.())
}

const refusals = (openings: readonly Opening[], act: (opening: Opening) => void): readonly string[] =>
  openings.flatMap((opening) => {
    try {
      act(opening)
      return []
    } catch (error) {
      if (error instanceof NetworkError) return bindingError(opening, error)
      throw error
    }
  })

const runtimeOpenings = ({ configuration, runtime }: ListeningProcess): Opening[] =>
  configuration.global.statsSockets.map((socket) => ({
    protocol: protocolOf(socket.bind.address),
    bind: socket.bind,
    owner: 'frontend GLOBAL',
    open: () => runtime.listen(socket),
  }))

const frontendOpenings = ({ proxies, traffic, network, opensFrontends }: ListeningProcess): Opening[] =>
  proxies
    .filter(({ config, frontend }) => !config.disabled && frontend && opensFrontends)
    .flatMap((proxy) =>
      proxy.listeners
        .filter(
          ({ config }) => isListening(config) && (network.inherits === true || !isInherited(config.address.family)),
        )
        .map((listener) => ({
          protocol: protocolOf(listener.config.address),
          bind: listener.config,
          owner: `${proxy.kindText} ${proxy.name}`,
          open: () => traffic.listen(proxy, listener),
        })),
    )

/** Whether a `bind` line has a socket that accepts connections. */
export const isListening = ({ address, datagram }: BindConfig): boolean => !datagram && address.family !== 'rhttp'

const STEPS = {
  unlink: 'error when trying to unlink previous UNIX socket',
  preserve: 'error when trying to preserve previous UNIX socket',
  own: 'cannot change UNIX socket ownership',
  bind: 'cannot bind UNIX socket',
} as const

const titleOf = ({ bind: { place }, owner, protocol }: Opening): string =>
  `Binding [${place.file}:${place.line}] for ${owner}: protocol ${protocol}`

const bindingError = (opening: Opening, error: NetworkError): string => {
  const { address } = opening.bind
  const binding = titleOf(opening)
  if (isIp(address)) return `${binding}: cannot bind socket (${error.message}) for [${formatAddress(address)}].`
  const why = error.code === 'EADDRINUSE' ? 'already in use' : error.message
  return `${binding}: ${STEPS[error.step ?? 'bind']} (${why}) [${formatAddress(address)
    .replace(/^unix@/, '')
    .replace(/^abnsz@/, 'abns@')}].`
}
