/** `server`, `default-server` and `server-template` (parse_server in src/server.c). */
import { atol } from '../../bytes/integers.js'
import { readAddress } from '../syntax/address-text.js'
import { findBestMatch } from '../syntax/best-match.js'
import { hasBackend, type ProxyDraft } from '../proxy/draft.js'
import { areaOfServer } from '../known/areas.js'
import { DYNAMIC_KEYWORDS } from '../known/dynamic.js'
import { DEFAULT_SERVER, ServerDraft, type ServerSettings } from './draft.js'
import { REGISTERED_SERVER } from '../known/registered.js'
import { SILENT_SERVER } from '../known/silent.js'
import type { ParsedAddress } from '../../net/address.js'
import type { Line } from '../syntax/line.js'
import { badCharacter, badPrefixCharacter } from '../syntax/names.js'
import type { LineResult, Reading } from '../reading.js'
import { sniProblem } from './tls-options.js'
import type { OptionContext } from './option.js'
import { NOT_IN_DEFAULT_SERVER, SERVER_OPTIONS } from './options.js'
import { sourceProblem, sourceWordCount } from '../proxy/source.js'
import { SERVER_VALUES } from '../values/server.js'

export const readServerLine = (reading: Reading, line: Line, proxy: ProxyDraft): LineResult => {
  const keyword = line.words[0]!
  const say = new ServerMessages(reading, line)
  if (keyword !== 'default-server' && proxy.kind === 'defaults')
    return say.alert(`'${keyword}' not allowed in 'defaults' section.`)
  if (!hasBackend(proxy)) {
    const where = `parsing [${line.file}:${line.line}] : `
    return say.alert(`${where}'${keyword}' not allowed because frontend '${proxy.name}' has no backend capability.`)
  }
  if (keyword === 'default-server') return readDefaultServer(reading, line, proxy, say)
  return keyword === 'server' ? readServer(reading, line, proxy, say) : readTemplate(reading, line, proxy, say)
}

/**
 * Words the messages of server lines: HAProxy puts the place and, once it is known, the server before the first message
 * of a line, and neither before the others.
 */
class ServerMessages {
  private hasPrefix = false

  /** `server proxy/server`, once it is known */
  server = ''

  /** set for a server that is added at run time: its messages come without a place */
  dynamic = false

  constructor(
    private readonly reading: Reading,
    private readonly line: Line,
  ) {}

  private text(message: string): string {
    if (this.dynamic) return message
    if (this.hasPrefix) return `config : ${message}`
    this.hasPrefix = true
    const { file, line } = this.line
    return `config : [${file}:${line}] : ${this.server === '' ? '' : `'${this.server}' : `}${message}`
  }

  alert(message: string): 'fatal' {
    return this.reading.rawAlert(this.line, this.text(message))
  }

  /** An alert that HAProxy starts in spite of. */
  nonFatalAlert(message: string): void {
    this.reading.nonFatalAlert(this.line, this.text(message))
  }

  warn(message: string): void {
    this.reading.main.add('warning', this.text(message), this.line.place)
  }
}

const readDefaultServer = (reading: Reading, line: Line, proxy: ProxyDraft, say: ServerMessages): LineResult => {
  const draft: Draft = { name: '', settings: proxy.settings.defaultServer }
  const outcome = readOptions(reading, line, proxy, draft, 1, say)
  proxy.change({ defaultServer: draft.settings })
  return outcome
}

const readServer = (
  reading: Reading,
  line: Line,
  proxy: ProxyDraft,
  say: ServerMessages,
  settings = proxy.settings.defaultServer,
): LineResult => {
  const [keyword, name, text] = [line.at(0), line.at(1), line.at(2)]
  if (text === '') return say.alert(`'${keyword}' expects <name> and <addr>[:<port>] as arguments.`)
  const bad = badCharacter(name)
  if (bad !== undefined) return say.alert(`character '${bad}' is not permitted in ${keyword} name '${name}'.`)
  say.server = `server ${proxy.name}/${name}`
  const parsed = readAddress(reading, text, 'server')
  if ('error' in parsed) return say.alert(parsed.error)
  const refused = refusedAddress(proxy, name, parsed, text, say)
  if (refused !== undefined) return refused
  const draft: Draft = { name, settings }
  const outcome = readOptions(reading, line, proxy, draft, 3, say)
  if (outcome !== 'ok') return outcome
  proxy.addServer(
    new ServerDraft(
      name,
      line.place,
      draft.puid ?? 0,
      parsed,
      draft.settings,
      !say.dynamic && proxy.settings.defaultServer.ssl,
    ),
  )
  return 'ok'
}

/** Names that no question can be asked about, and QUIC. */
const refusedAddress = (
  proxy: ProxyDraft,
  name: string,
  { name: host, protocol }: ParsedAddress,
  text: string,
  say: ServerMessages,
): LineResult | undefined => {
  if (protocol === 'quic') {
    say.alert('QUIC protocol is unsupported on the backend side.')
    return say.alert(`unknown keyword '${text}'.`)
  }
  if (host === undefined || !/\.\.|^\./.test(host)) return undefined
  return host.startsWith('_')
    ? say.alert(`backend '${proxy.name}', server '${name}': failed to parse FQDN '${host}'`)
    : say.alert(`Can't create DNS resolution for server '${name}'`)
}

/** Reads the line of a server that is added at run time; undefined when it is refused. */
export const readDynamicLine = (reading: Reading, line: Line, proxy: ProxyDraft): ServerDraft | undefined => {
  const say = new ServerMessages(reading, line)
  say.dynamic = true
  return readServer(reading, line, proxy, say, DEFAULT_SERVER) === 'ok' ? proxy.servers[0] : undefined
}

const readTemplate = (reading: Reading, line: Line, proxy: ProxyDraft, say: ServerMessages): LineResult => {
  const [keyword, prefix, count, text] = [line.at(0), line.at(1), line.at(2), line.at(3)]
  if (text === '') return say.alert(`'${keyword}' expects <prefix> <nb | range> <addr>[:<port>] as arguments.`)
  const bad = badPrefixCharacter(prefix)
  if (bad !== undefined) return say.alert(`character '${bad}' is not permitted in ${keyword} prefix '${prefix}'.`)
  const range = templateRange(count)
  if (!range) return say.alert(`Wrong ${keyword} number or range arg '${count}'.`)
  say.server = `${keyword} ${proxy.name}/${prefix}`
  const parsed = readAddress(reading, text, 'server')
  if ('error' in parsed) return say.alert(parsed.error)
  const refused = refusedAddress(proxy, '(null)', parsed, text, say)
  if (refused !== undefined) return refused
  const draft: Draft = { name: '', settings: proxy.settings.defaultServer }
  const outcome = readOptions(reading, line, proxy, draft, 4, say)
  if (outcome !== 'ok') return outcome
  for (let i = range.low; i <= range.high; i++)
    proxy.addServer(
      new ServerDraft(`${prefix}${i}`, line.place, 0, parsed, draft.settings, proxy.settings.defaultServer.ssl),
    )
  return 'ok'
}

/** `3` is 1 to 3, `3-5` is itself. */
const templateRange = (text: string): { low: number; high: number } | undefined => {
  const dash = text.indexOf('-')
  const first = atol(text)
  const [low, high] = dash < 0 ? [1, first] : [first, atol(text.slice(dash + 1))]
  return low < 0 || high < low ? undefined : { low, high }
}

/** What the options of a line are read into. */
interface Draft {
  readonly name: string
  settings: ServerSettings
  puid?: number
}

/**
 * Reads the settings from word `from` on. Lines often say the same as an earlier one: they share its settings, unless
 * something had to be said about it or it concerned one server only.
 */
const readOptions = (
  reading: Reading,
  line: Line,
  proxy: ProxyDraft,
  draft: Draft,
  from: number,
  say: ServerMessages,
): LineResult => {
  if (line.words.length <= from) return finishOptions(draft, say)
  const begin = draft.settings
  const text = line.words.slice(from).join('\n')
  const earlier = reading.serverSettings.get(begin)?.get(text)
  if (earlier && draft.name !== '') {
    draft.settings = earlier
    return 'ok'
  }
  const said = reading.main.all.length
  const outcome = parseOptions(reading, line, proxy, draft, from, say)
  if (outcome === 'ok' && draft.puid === undefined && reading.main.all.length === said)
    reading.cacheServerSettings(begin, text, draft.settings)
  return outcome
}

const finishOptions = ({ name, settings }: Draft, say: ServerMessages): LineResult => {
  const { check, agent, track } = settings
  const wrongName = sniProblem(settings)
  if (wrongName !== undefined) return say.alert(wrongName)
  if (track !== undefined && settings.initState !== 'none')
    return say.alert('unable to set init-state and tracking at the same time!')
  if (check.enabled && track !== undefined) return say.alert('unable to enable checks and tracking at the same time!')
  if (agent.enabled && agent.port === undefined && check.port === undefined)
    return say.alert(`server ${name || '(null)'} does not have agent port. Agent check has been disabled.`)
  return 'ok'
}

const parseOptions = (
  reading: Reading,
  line: Line,
  proxy: ProxyDraft,
  draft: Draft,
  from: number,
  say: ServerMessages,
): LineResult => {
  const onDefault = line.at(0) === 'default-server'
  let at = from
  while (line.at(at) !== '') {
    const name = line.at(at)
    const bare = name.startsWith('set-proxy-v2-tlv-fmt') ? 'set-proxy-v2-tlv-fmt' : name
    const follow = REGISTERED_SERVER.get(bare)
    if (follow === undefined) return unknownOption(name, onDefault, say)
    if (say.dynamic && !DYNAMIC.has(bare)) return say.alert(`'${name}' option is not accepted for dynamic server`)
    if (onDefault && NOT_IN_DEFAULT_SERVER.has(name)) {
      say.nonFatalAlert(`'${name}' option is not accepted in default-server sections`)
      at += 1 + follow
      continue
    }
    const outcome = readSetting(reading, line, proxy, draft, { at, name }, say)
    if (outcome !== 'ok') return outcome
    at += bare === 'set-proxy-v2-tlv-fmt' ? 2 : follow >= 0 ? 1 + follow : 1 + sourceWordCount(line, at + 1)
  }
  return onDefault ? 'ok' : finishOptions(draft, say)
}

const DYNAMIC: ReadonlySet<string> = new Set(DYNAMIC_KEYWORDS)

const unknownOption = (name: string, onDefault: boolean, say: ServerMessages): LineResult => {
  const hint = onDefault ? ' Hint: no address was expected for this server.' : ''
  const best = findBestMatch(name, REGISTERED_SERVER.keys())
  return say.alert(
    best === undefined
      ? `unknown keyword '${name}'.${hint}`
      : `unknown keyword '${name}'; did you mean '${best}' maybe ?${hint}`,
  )
}

const readSetting = (
  reading: Reading,
  line: Line,
  proxy: ProxyDraft,
  draft: Draft,
  where: { at: number; name: string },
  say: ServerMessages,
): LineResult => {
  const option = SERVER_OPTIONS.get(where.name)
  if (!option) {
    const value = line.at(where.at + 1)
    const check = SERVER_VALUES.get(where.name.replace(/\(.*/, ''))
    const hasValue = REGISTERED_SERVER.get(where.name.replace(/\(.*/, '')) !== 0
    if (!check && hasValue && where.name !== 'source') reading.markUnparsed(line)
    const problem = check?.(where.name, [value])
    if (problem !== undefined) return say.alert(`${problem}.`)
    if (where.name === 'source') {
      const outcome = readSource(reading, line, where.at + 1, say)
      if (outcome !== 'ok') return outcome
    }
    if (!SILENT_SERVER.has(where.name))
      reading.notEmulated(line, `'${where.name}' of '${line.at(0)}'`, areaOfServer(where.name))
    return 'ok'
  }
  const place: OptionContext = {
    reading,
    proxy,
    name: where.name,
    value: line.at(where.at + 1),
    server: draft.name || (line.at(0) === 'default-server' ? 'default-server' : '(null)'),
    warn: (text) => say.warn(text),
    nonFatalAlert: (text) => say.nonFatalAlert(text),
    notEmulated: (what) => void reading.notEmulated(line, what, 'checks'),
    setId: (puid) => {
      draft.puid = puid
    },
  }
  const result = option(draft.settings, place)
  if (typeof result === 'string') return say.alert(`${result}.`)
  draft.settings = result
  return 'ok'
}

const readSource = (reading: Reading, line: Line, from: number, say: ServerMessages): LineResult => {
  if (line.at(from) === '')
    return say.alert(
      "'source' expects <addr>[:<port>[-<port>]], and optionally 'usesrc' <addr>, and 'interface' <name> as argument..",
    )
  const problem = sourceProblem(reading, line, from, true)
  if (problem === undefined) return 'ok'
  if (problem.setting === undefined) return say.alert(`${problem.text}.`)
  say.alert(problem.setting === 'interface' || line.at(from + 2) === '' ? `${problem.text}.` : problem.text)
  return say.alert(`error encountered while processing '${problem.setting}'.`)
}
