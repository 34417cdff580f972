/** Multiplexer protocols of `proto` and `check-proto`, which must fit the proxy's mode (check_config_validity in src/cfgparse.c). */
import type { Diagnostics } from './syntax/diagnostics.js'
import { proxyTypeName, type ProxyDraft } from './proxy/draft.js'

type Mode = 'http' | 'tcp' | 'spop'

interface Multiplexer {
  readonly mode: Mode
  readonly sides: readonly ('frontend' | 'backend')[]
  /** it works on datagrams (`MX_FL_FRAMED`) */
  readonly framed?: true
}

const MULTIPLEXERS: Readonly<Record<string, Multiplexer>> = {
  quic: { mode: 'http', sides: ['frontend'], framed: true },
  h2: { mode: 'http', sides: ['frontend', 'backend'] },
  h1: { mode: 'http', sides: ['frontend', 'backend'] },
  fcgi: { mode: 'http', sides: ['backend'] },
  spop: { mode: 'spop', sides: ['backend'] },
  none: { mode: 'tcp', sides: ['frontend', 'backend'] },
}

const modeOf = ({ settings: { mode } }: ProxyDraft): Mode => (mode === 'http' || mode === 'spop' ? mode : 'tcp')

const isUsable = (mux: string, side: 'frontend' | 'backend', proxy: ProxyDraft): boolean => {
  const { mode, sides } = MULTIPLEXERS[mux]!
  return mode === modeOf(proxy) && sides.includes(side)
}

/** Checks the protocols of the `bind` lines and of the servers of a proxy. */
export const checkMultiplexers = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
  for (const { mux, text, place, stream, datagram } of proxy.multiplexedBinds) {
    const where = `'bind ${text}' at [${place.file}:${place.line}]`
    const { framed = false } = MULTIPLEXERS[mux]!
    if (!isUsable(mux, 'frontend', proxy))
      diagnostics.add('alert', `${owner} : MUX protocol '${mux}' is not usable for ${where}.`, place)
    else if (framed && !datagram)
      diagnostics.add(
        'alert',
        `${owner} : frame-based MUX protocol '${mux}' is incompatible with stream transport of ${where}.`,
        place,
      )
    else if (!framed && !stream)
      diagnostics.add(
        'alert',
        `${owner} : stream-based MUX protocol '${mux}' is incompatible with framed transport of ${where}.`,
        place,
      )
  }
  for (const { mux, name, place } of proxy.servers)
    if (mux !== undefined && !isUsable(mux, 'backend', proxy))
      diagnostics.add(
        'alert',
        `${owner} : MUX protocol '${mux}' is not usable for server '${name}' at [${place.file}:${place.line}].`,
        place,
      )
}

/**
 * Whether `check-proto` does not fit the kind of check (init_srv_check in src/check.c).
 *
 * @param mux the protocol of the server, which the check inherits if it has none
 */
export const isUnfitForCheck = (checkMux: string | undefined, check: 'http' | 'spop' | 'other'): boolean => {
  if (checkMux === undefined) return false
  const { mode } = MULTIPLEXERS[checkMux]!
  return mode === 'tcp' ? check === 'http' : mode !== check
}
