/**
 * The line of a server that is added while the process runs: `add server backend/name address settings…`. It is read as a
 * `server` line of the configuration, without what `default-server` says and without the settings that HAProxy refuses here
 * (`cli_parse_add_server` in src/server.c).
 */
import type { Diagnostic } from '../syntax/diagnostics.js'
import type { Place } from '../syntax/place.js'
import { ProxyDraft } from '../proxy/draft.js'
import { EMULATED } from '../emulated.js'
import { checkServerTls, completeTls } from './tls.js'
import { Environment, type Variables } from '../syntax/environment.js'
import { Line } from '../syntax/line.js'
import type { GlobalConfig } from '../model/configuration.js'
import type { ProxyConfig } from '../model/proxy.js'
import type { ServerConfig } from '../model/server.js'
import { Reading } from '../reading.js'
import { readDynamicLine } from './line.js'

/** What of a server that is there matters for a new one. */
export interface ExistingServer {
  readonly name: string
  readonly puid: number
  readonly place: Place
}

export interface DynamicServer {
  /** undefined when it was refused; its number is 0 unless it was given one */
  readonly server: ServerConfig | undefined
  /** what there is to say about the line: a warning refuses it as well as an error */
  readonly said: readonly Diagnostic[]
}

const PLACE: Place = { file: 'CLI', line: 0 }

/**
 * @param words the server's name and what follows it
 * @param withId the server of a number, where there is one
 * @param env the environment of the process
 */
export const readDynamicServer = (
  words: readonly string[],
  proxy: ProxyConfig,
  withId: (puid: number) => ExistingServer | undefined,
  env: Variables,
  global?: Pick<GlobalConfig, 'tls'>,
): DynamicServer => {
  const { version } = EMULATED
  const reading = new Reading(new Environment(env), { resolve: () => [], version })
  const settings = proxy instanceof ProxyDraft ? proxy.settings : undefined
  const draft = new DynamicProxy(proxy.name, 'backend', PLACE, settings)
  draft.withId = withId
  const server = readDynamicLine(reading, new Line(PLACE.file, PLACE.line, ['server', ...words]), draft)
  const tls = global?.tls ?? reading.global.tls
  completeTls(tls, [draft])
  if (server) checkServerTls(reading, tls, draft, server, (severity, text) => reading.main.add(severity, text, PLACE))
  const said = reading.main.all
    .filter((each) => each.severity === 'alert' || each.severity === 'warning')
    .map((each) => ({ ...each, text: each.text.replace(/^config : parsing \[CLI:0\] : /, '') }))
  return { server: said.some((each) => !isNotEmulated(each)) ? undefined : server, said }
}

const isNotEmulated = ({ text }: Diagnostic): boolean => text.includes('not emulated by hapsim')

/** The proxy as it stands now, with the numbers that its servers have. */
class DynamicProxy extends ProxyDraft {
  withId: (puid: number) => ExistingServer | undefined = () => undefined

  override serverWithId(puid: number): ExistingServer | undefined {
    return this.withId(puid)
  }
}
