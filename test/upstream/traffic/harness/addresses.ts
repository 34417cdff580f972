/** Addresses of the cases that one process serves, and their configurations with addresses and names in place. */
import { randomInt } from 'node:crypto'
import type { TrafficCase } from './case.js'

/** First port of listeners: below the ports that the system gives to clients. */
const FIRST_PORT = 20_000

/**
 * An address of the loopback network that no other process listens on. Its length is always the same, as it counts in what is sent and
 * in statistics.
 */
export const randomLoopback = (): string => `127.${randomInt(100, 255)}.${randomInt(100, 255)}.${randomInt(100, 255)}`

/** Listening ports, given in order. */
export class Ports {
  #next = FIRST_PORT

  next(): number {
    return this.#next++
  }
}

/** The configuration of a case, with what its placeholders stand for. */
export interface Placed {
  /** unique in the process; begins the names of the case's proxies, and is its log tag */
  readonly id: string
  readonly config: string
  /** scripts by their files, with placeholders replaced */
  readonly scripts: Readonly<Record<string, string>>
  /** lines of the global section that load them */
  readonly loads: string
  /** addresses by name: listeners, servers */
  readonly addresses: Readonly<Record<string, string>>
}

/** Whether a placeholder is a listener's address. */
const LISTENER = /^listen\d*$/

/** @param addresses of the servers */
export const place = (
  traffic: TrafficCase,
  index: number,
  host: string,
  ports: Ports,
  addresses: Readonly<Record<string, string>>,
): Placed => {
  const id = `t${String(index).padStart(3, '0')}`
  const all: Record<string, string> = { ...addresses, refused: `${host}:1` }
  const fill = (text: string): string =>
    text.replace(/\$([a-z]\w*)/g, (_, name: string) => {
      if (LISTENER.test(name)) all[name] ??= `${host}:${ports.next()}`
      return all[name] ?? `${id}.${name}`
    })
  const config = fill(traffic.config)
  const scripts: Record<string, string> = {}
  let loads = ''
  for (const [directive, script] of [
    ['lua-load', traffic.lua],
    ['lua-load-per-thread', traffic.luaPerThread],
  ] as const) {
    if (script === undefined) continue
    const file = `${id}.${directive}.lua`
    scripts[file] = fill(script)
    loads += `  ${directive} ${file}\n`
  }
  return {
    id,
    scripts,
    loads,
    config: `defaults ${id}.defaults\n${DEFAULTS[traffic.mode].replaceAll('ID', id)}${fill(traffic.defaults ?? '')}\n${config}\n`,
    addresses: all,
  }
}

/** Timers are behind `t=`, where they are masked to classes. */
const DEFAULTS = {
  http: `  mode http
  log global
  log-tag ID
  retries 1
  timeout connect 400
  timeout client 10s
  timeout server 10s
  log-format "%HM %HU %HV %ST %U %B %ts %tsc %rc %fc/%bc/%sc %sq/%bq %f %b %s t=%TR/%Tw/%Tc/%Tr/%Ta"
`,
  tcp: `  mode tcp
  log global
  log-tag ID
  retries 1
  timeout connect 400
  timeout client 10s
  timeout server 10s
  log-format "%U %B %ts %rc %fc/%bc/%sc %sq/%bq %f %b %s t=%Tw/%Tc/%Tt"
`,
} as const
