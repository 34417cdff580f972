/** Pausing, resuming and stopping a proxy (`pause_proxy`, `resume_proxy`, `stop_proxy` in src/proxy.c). */
import { LOG_WARNING } from '../logs/logger.js'
import type { Proxy } from './proxy.js'

/** Stops listening for a while; the addresses stay taken. Only a frontend that listens can be paused. */
export const pauseProxy = (proxy: Proxy): void => {
  if (!proxy.frontend || isStopped(proxy) || proxy.paused || proxy.listeners.length === 0) return
  proxy.paused = true
  tell(proxy, `Paused ${proxy.kindText} ${proxy.name}.`)
}

/** Listens again. */
export const resumeProxy = (proxy: Proxy): void => {
  if (isStopped(proxy) || !proxy.paused) return
  proxy.paused = false
  tell(proxy, `Resumed ${proxy.kindText} ${proxy.name}.`)
}

/** Gives up its addresses for good. A backend does not listen: of it nothing is said, but it is not checked any more. */
export const stopProxy = (proxy: Proxy): void => {
  if (isStopped(proxy)) return
  proxy.stopped = true
  if (proxy.listeners.length > 0) tell(proxy, stoppedText(proxy))
}

/** Gives up all of them, those that listen first (`soft_stop` in src/proxy.c). */
export const stopProxies = (proxies: readonly Proxy[]): void => {
  for (const proxy of proxies) if (proxy.listeners.length > 0) stopProxy(proxy)
  for (const proxy of proxies) {
    if (isStopped(proxy)) continue
    proxy.stopped = true
    tell(proxy, stoppedText(proxy))
  }
}

const stoppedText = (proxy: Proxy): string => `Proxy ${proxy.name} stopped (cumulated conns: FE: 0, BE: 0).`

const isStopped = (proxy: Proxy): boolean => proxy.config.disabled || proxy.stopped

const tell = (proxy: Proxy, text: string): void => proxy.process.logger.warn(proxy, LOG_WARNING, text)
