/** References from lines of a proxy to backends, servers and tables. */
import type { Line } from '../syntax/line.js'

/** Whether the name is a log-format, resolved at run time. */
const isDynamic = (name: string): boolean => name.includes('%[')

/** Sample fetches with a server as argument. */
const SERVER_FETCH =
  /\bsrv_(?:conn|conn_free|is_up|iweight|name|queue|sess_rate|uweight|weight)\((?:([^/(),]+)\/)?([^(),]+)\)/g

/** The references of a proxy. */
export class References {
  readonly backends: string[] = []
  readonly servers: string[] = []
  readonly tables: { readonly name: string | undefined; readonly action: string }[] = []
  /** servers in sample expressions */
  readonly fetched: { readonly backend: string | undefined; readonly server: string }[] = []

  /** Adds the references of `line`. */
  add(line: Line): void {
    const keyword = line.at(0)
    if (keyword === 'use_backend' && line.at(1) !== '' && !isDynamic(line.at(1))) this.backends.push(line.at(1))
    else if (keyword === 'use-server' && line.at(1) !== '' && !isDynamic(line.at(1))) this.servers.push(line.at(1))
    else if (/^(?:http-request|http-response|tcp-request|tcp-response)$/.test(keyword)) this.#addTables(line)
    for (const word of line.words)
      if (word.includes('srv_'))
        for (const [, backend, server] of word.matchAll(SERVER_FETCH)) this.fetched.push({ backend, server: server! })
  }

  #addTables({ words }: Line): void {
    const at = words.findIndex((each) => /^track-sc\d+$/.test(each))
    if (at < 0) return
    const end = words.findIndex((each, index) => index > at && (each === 'if' || each === 'unless'))
    const table = words.indexOf('table', at)
    const isNamed = table > 0 && (end < 0 || table < end)
    this.tables.push({ name: isNamed ? words[table + 1] : undefined, action: words[at]! })
  }
}
