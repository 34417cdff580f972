/** The backends, servers and tables that the lines of a proxy refer to. */
import type { Line } from '../syntax/line.js'

/** Names that are formed for each request are looked for then. */
const isDynamic = (name: string): boolean => name.includes('%[')

/** Sample fetches whose argument is a server. */
const SERVER_FETCH =
  /\bsrv_(?:conn|conn_free|is_up|iweight|name|queue|sess_rate|uweight|weight)\((?:([^/(),]+)\/)?([^(),]+)\)/g

/** What the lines of one proxy name. */
export class References {
  readonly backends: string[] = []
  readonly servers: string[] = []
  readonly tables: { readonly name: string | undefined; readonly action: string }[] = []
  /** servers of any backend that expressions name */
  readonly fetched: { readonly backend: string | undefined; readonly server: string }[] = []
  hasTable = false

  /** Takes note of what `line` names. */
  add(line: Line): void {
    const keyword = line.at(0)
    if (keyword === 'use_backend' && line.at(1) !== '' && !isDynamic(line.at(1))) this.backends.push(line.at(1))
    else if (keyword === 'use-server' && line.at(1) !== '' && !isDynamic(line.at(1))) this.servers.push(line.at(1))
    else if (keyword === 'stick-table') this.hasTable = true
    else if (/^(?:http-request|http-response|tcp-request|tcp-response)$/.test(keyword)) this.#noteTables(line)
    for (const word of line.words)
      if (word.includes('srv_'))
        for (const [, backend, server] of word.matchAll(SERVER_FETCH)) this.fetched.push({ backend, server: server! })
  }

  #noteTables({ words }: Line): void {
    const at = words.findIndex((each) => /^track-sc\d+$/.test(each))
    if (at < 0) return
    const end = words.findIndex((each, index) => index > at && (each === 'if' || each === 'unless'))
    const table = words.indexOf('table', at)
    const isNamed = table > 0 && (end < 0 || table < end)
    this.tables.push({ name: isNamed ? words[table + 1] : undefined, action: words[at]! })
  }
}
