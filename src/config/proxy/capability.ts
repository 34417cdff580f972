/** Warnings about keywords that need a frontend or a backend (`warnifnotcap` in src/cfgparse.c). */
import type { ParseContext } from '../parse-context.js'
import type { Line } from '../syntax/line.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from './draft.js'

export type Side = 'frontend' | 'backend'

/** Whether a proxy has this side; `defaults` have both. */
export const hasSide = (proxy: ProxyDraft, side: Side): boolean =>
  side === 'frontend' ? hasFrontend(proxy) : hasBackend(proxy)

/** Warns if the proxy lacks the side that the keyword of `line` requires. Returns whether it did. */
export const warnWithout = (context: ParseContext, line: Line, proxy: ProxyDraft, side: Side, hint = ''): boolean => {
  if (hasSide(proxy, side)) return false
  const what = `${proxyTypeName(proxy)} '${proxy.name}' has no ${side} capability.`
  context.warn(line, `'${line.at(0)}' ignored because ${what}${hint}`)
  return true
}
