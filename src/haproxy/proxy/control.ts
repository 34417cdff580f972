/** Pausing, resuming and stopping a proxy (`pause_proxy`, `resume_proxy`, `stop_proxy` in src/proxy.c). */
import { LOG_WARNING } from '../logs/logger.js'
import type { Proxy } from './proxy.js'

/** Pauses its listeners; the addresses stay bound. Only a frontend that listens can be paused. */
export const pauseProxy = (proxy: Proxy): void => {
  if (!proxy.frontend || isStopped(proxy) || proxy.paused || proxy.listeners.length === 0) return
  proxy.paused = true
  for (const { control } of proxy.listeners) control?.pause()
  report(proxy, `Paused ${proxy.kindText} ${proxy.name}.`)
}

/** Resumes its listeners. */
export const resumeProxy = (proxy: Proxy): void => {
  if (isStopped(proxy) || !proxy.paused) return
  proxy.paused = false
  for (const { control } of proxy.listeners) control?.resume()
  report(proxy, `Resumed ${proxy.kindText} ${proxy.name}.`)
}

/** Closes its listeners for good. A backend has none; its servers are not checked any more, and nothing is reported. */
export const stopProxy = (proxy: Proxy): void => {
  if (isStopped(proxy)) return
  proxy.stopped = true
  for (const { control } of proxy.listeners) control?.close()
  if (proxy.listeners.length > 0) report(proxy, stoppedText(proxy))
}

/** Stops all proxies, those with listeners first (`soft_stop` in src/proxy.c). */
export const stopProxies = (proxies: readonly Proxy[]): void => {
  for (const proxy of proxies) if (proxy.listeners.length > 0) stopProxy(proxy)
  for (const proxy of proxies) {
    if (isStopped(proxy)) continue
    proxy.stopped = true
    report(proxy, stoppedText(proxy))
  }
}

const stoppedText = ({ name, frontendCounters, backendCounters }: Proxy): string =>
  `Proxy ${name} stopped (cumulated conns: FE: ${frontendCounters.connections}, BE: ${backendCounters.sessions}).`

const isStopped = (proxy: Proxy): boolean => proxy.config.disabled || proxy.stopped

const report = (proxy: Proxy, text: string): void => proxy.process.logger.report(proxy, LOG_WARNING, text)
