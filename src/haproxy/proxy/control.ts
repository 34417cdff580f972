/** Pausing, resuming and stopping a proxy (`pause_proxy`, `resume_proxy`, `stop_proxy` in src/proxy.c). */
import { LOG_WARNING } from '../logs/logger.js'
import type { Proxy } from './proxy.js'

/** Pauses its listeners; the addresses stay bound. Only a frontend that listens can be paused. */
export const pauseProxy = (proxy: Proxy): void => {
  if (!proxy.frontend || isStopped(proxy) || proxy.paused || proxy.listeners.length === 0) return
  proxy.paused = true
  report(proxy, `Paused ${proxy.kindText} ${proxy.name}.`)
}

/** Resumes its listeners. */
export const resumeProxy = (proxy: Proxy): void => {
  if (isStopped(proxy) || !proxy.paused) return
  proxy.paused = false
  report(proxy, `Resumed ${proxy.kindText} ${proxy.name}.`)
}

/** Closes its listeners for good. A backend has none; its servers are not checked any more, and nothing is reported. */
export const stopProxy = (proxy: Proxy): void => {
  if (isStopped(proxy)) return
  proxy.stopped = true
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

const stoppedText = (proxy: Proxy): string => `Proxy ${proxy.name} stopped (cumulated conns: FE: 0, BE: 0).`

const isStopped = (proxy: Proxy): boolean => proxy.config.disabled || proxy.stopped

const report = (proxy: Proxy, text: string): void => proxy.process.logger.report(proxy, LOG_WARNING, text)
