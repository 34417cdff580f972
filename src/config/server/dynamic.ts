/**
 * Parsing of the runtime API's `add server backend/name address settings…`. It is parsed like a `server` line, but without
 * `default-server` and without the settings that HAProxy does not accept for dynamic servers (`cli_parse_add_server` in
 * src/server.c).
 */
import { NO_SAMPLES } from '../samples/keywords.js'
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
import { ParseContext } from '../parse-context.js'
import { readDynamicLine } from './line.js'

/** An existing server, for id conflicts. */
export interface ExistingServer {
  readonly name: string
  readonly puid: number
  readonly place: Place
}

/** The result of parsing a dynamic server. */
export interface DynamicServer {
  /** undefined if it was rejected; its id is 0 unless set explicitly */
  readonly server: ServerConfig | undefined
  /** errors and warnings, both of which reject the server */
  readonly diagnostics: readonly Diagnostic[]
}

const PLACE: Place = { file: 'CLI', line: 0 }

/**
 * Parses a dynamic server.
 *
 * @param words the server's name and the words after it
 * @param withId looks up a server by id
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
  const context = new ParseContext(new Environment(env), { resolve: () => [], version, samples: NO_SAMPLES })
  const settings = proxy instanceof ProxyDraft ? proxy.settings : undefined
  const draft = new DynamicProxy(proxy.name, 'backend', PLACE, settings)
  draft.withId = withId
  const server = readDynamicLine(context, new Line(PLACE.file, PLACE.line, ['server', ...words]), draft)
  const tls = global?.tls ?? context.global.tls
  completeTls(tls, [draft])
  if (server) checkServerTls(context, tls, draft, server, (severity, text) => context.main.add(severity, text, PLACE))
  const diagnostics = context.main.all
    .filter((each) => each.severity === 'alert' || each.severity === 'warning')
    .map((each) => ({ ...each, text: each.text.replace(/^config : parsing \[CLI:0\] : /, '') }))
  return { server: diagnostics.some((each) => !isNotEmulated(each)) ? undefined : server, diagnostics }
}

const isNotEmulated = ({ text }: Diagnostic): boolean => text.includes('not emulated by hapsim')

/** The proxy with the ids of its current servers. */
class DynamicProxy extends ProxyDraft {
  withId: (puid: number) => ExistingServer | undefined = () => undefined

  override serverWithId(puid: number): ExistingServer | undefined {
    return this.withId(puid)
  }
}
