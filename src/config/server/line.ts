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
import { invalidCharacter, invalidPrefixCharacter } from '../syntax/names.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { sniProblem } from './tls-options.js'
import type { OptionContext } from './option.js'
import { NOT_IN_DEFAULT_SERVER, SERVER_OPTIONS } from './options.js'
import { sourceProblem, sourceWordCount } from '../proxy/source.js'
import { SERVER_VALUES } from '../values/server.js'

/** Parses a `server`, `default-server` or `server-template` line. */
export const readServerLine = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const keyword = line.words[0]!
  const messages = new ServerMessages(context, line)
  if (keyword !== 'default-server' && proxy.kind === 'defaults')
    return messages.alert(`'${keyword}' not allowed in 'defaults' section.`)
  if (!hasBackend(proxy)) {
    const where = `parsing [${line.file}:${line.line}] : `
    return messages.alert(
      `${where}'${keyword}' not allowed because frontend '${proxy.name}' has no backend capability.`,
    )
  }
  if (keyword === 'default-server') return readDefaultServer(context, line, proxy, messages)
  return keyword === 'server'
    ? readServer(context, line, proxy, messages)
    : readTemplate(context, line, proxy, messages)
}

/**
 * Emits the messages of a server line: only the first message of a line is prefixed with the place and, once known, the
 * server.
 */
class ServerMessages {
  private hasPrefix = false

  /** `server proxy/server`, once it is known */
  server = ''

  /** set for `add server`, whose messages have no place */
  dynamic = false

  constructor(
    private readonly context: ParseContext,
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
    return this.context.rawAlert(this.line, this.text(message))
  }

  /** An alert that does not prevent startup. */
  nonFatalAlert(message: string): void {
    this.context.nonFatalAlert(this.line, this.text(message))
  }

  warn(message: string): void {
    this.context.main.add('warning', this.text(message), this.line.place)
  }
}

const readDefaultServer = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  messages: ServerMessages,
): LineResult => {
  const draft: Draft = { name: '', settings: proxy.settings.defaultServer }
  const outcome = readOptions(context, line, proxy, draft, 1, messages)
  proxy.change({ defaultServer: draft.settings })
  return outcome
}

const readServer = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  messages: ServerMessages,
  settings = proxy.settings.defaultServer,
): LineResult => {
  const [keyword, name, text] = [line.at(0), line.at(1), line.at(2)]
  if (text === '') return messages.alert(`'${keyword}' expects <name> and <addr>[:<port>] as arguments.`)
  const bad = invalidCharacter(name)
  if (bad !== undefined) return messages.alert(`character '${bad}' is not permitted in ${keyword} name '${name}'.`)
  messages.server = `server ${proxy.name}/${name}`
  const parsed = readAddress(context, text, 'server')
  if ('error' in parsed) return messages.alert(parsed.error)
  const rejected = rejectAddress(proxy, name, parsed, text, messages)
  if (rejected !== undefined) return rejected
  const draft: Draft = { name, settings }
  const outcome = readOptions(context, line, proxy, draft, 3, messages)
  if (outcome !== 'ok') return outcome
  proxy.addServer(
    new ServerDraft(
      name,
      line.place,
      draft.puid ?? 0,
      parsed,
      draft.settings,
      !messages.dynamic && proxy.settings.defaultServer.ssl,
    ),
  )
  return 'ok'
}

/** Rejects QUIC, and host names that cannot be resolved. */
const rejectAddress = (
  proxy: ProxyDraft,
  name: string,
  { name: host, protocol }: ParsedAddress,
  text: string,
  messages: ServerMessages,
): LineResult | undefined => {
  if (protocol === 'quic') {
    messages.alert('QUIC protocol is unsupported on the backend side.')
    return messages.alert(`unknown keyword '${text}'.`)
  }
  if (host === undefined || !/\.\.|^\./.test(host)) return undefined
  return host.startsWith('_')
    ? messages.alert(`backend '${proxy.name}', server '${name}': failed to parse FQDN '${host}'`)
    : messages.alert(`Can't create DNS resolution for server '${name}'`)
}

/** Parses the arguments of `add server`; undefined if they are rejected. */
export const readDynamicLine = (context: ParseContext, line: Line, proxy: ProxyDraft): ServerDraft | undefined => {
  const messages = new ServerMessages(context, line)
  messages.dynamic = true
  return readServer(context, line, proxy, messages, DEFAULT_SERVER) === 'ok' ? proxy.servers[0] : undefined
}

const readTemplate = (context: ParseContext, line: Line, proxy: ProxyDraft, messages: ServerMessages): LineResult => {
  const [keyword, prefix, count, text] = [line.at(0), line.at(1), line.at(2), line.at(3)]
  if (text === '') return messages.alert(`'${keyword}' expects <prefix> <nb | range> <addr>[:<port>] as arguments.`)
  const bad = invalidPrefixCharacter(prefix)
  if (bad !== undefined) return messages.alert(`character '${bad}' is not permitted in ${keyword} prefix '${prefix}'.`)
  const range = templateRange(count)
  if (!range) return messages.alert(`Wrong ${keyword} number or range arg '${count}'.`)
  messages.server = `${keyword} ${proxy.name}/${prefix}`
  const parsed = readAddress(context, text, 'server')
  if ('error' in parsed) return messages.alert(parsed.error)
  const rejected = rejectAddress(proxy, '(null)', parsed, text, messages)
  if (rejected !== undefined) return rejected
  const draft: Draft = { name: '', settings: proxy.settings.defaultServer }
  const outcome = readOptions(context, line, proxy, draft, 4, messages)
  if (outcome !== 'ok') return outcome
  for (let i = range.low; i <= range.high; i++)
    proxy.addServer(
      new ServerDraft(`${prefix}${i}`, line.place, 0, parsed, draft.settings, proxy.settings.defaultServer.ssl),
    )
  return 'ok'
}

/** Parses the range of `server-template`: `3` means 1 to 3. */
const templateRange = (text: string): { low: number; high: number } | undefined => {
  const dash = text.indexOf('-')
  const first = atol(text)
  const [low, high] = dash < 0 ? [1, first] : [first, atol(text.slice(dash + 1))]
  return low < 0 || high < low ? undefined : { low, high }
}

/** The server being parsed. */
interface Draft {
  readonly name: string
  settings: ServerSettings
  puid?: number
}

/**
 * Parses the settings from word `from` on. Lines with identical settings share one object, unless the first of them caused
 * diagnostics or set an id.
 */
const readOptions = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  draft: Draft,
  from: number,
  messages: ServerMessages,
): LineResult => {
  if (line.words.length <= from) return finishOptions(draft, messages)
  const begin = draft.settings
  const text = line.words.slice(from).join('\n')
  const earlier = context.serverSettings.get(begin)?.get(text)
  if (earlier && draft.name !== '') {
    draft.settings = earlier
    return 'ok'
  }
  const diagnosticsBefore = context.main.all.length
  const outcome = parseOptions(context, line, proxy, draft, from, messages)
  if (outcome === 'ok' && draft.puid === undefined && context.main.all.length === diagnosticsBefore)
    context.cacheServerSettings(begin, text, draft.settings)
  return outcome
}

const finishOptions = ({ name, settings }: Draft, messages: ServerMessages): LineResult => {
  const { check, agent, track } = settings
  const sniError = sniProblem(settings)
  if (sniError !== undefined) return messages.alert(sniError)
  if (track !== undefined && settings.initState !== 'none')
    return messages.alert('unable to set init-state and tracking at the same time!')
  if (check.enabled && track !== undefined)
    return messages.alert('unable to enable checks and tracking at the same time!')
  if (agent.enabled && agent.port === undefined && check.port === undefined)
    return messages.alert(`server ${name || '(null)'} does not have agent port. Agent check has been disabled.`)
  return 'ok'
}

const parseOptions = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  draft: Draft,
  from: number,
  messages: ServerMessages,
): LineResult => {
  const onDefault = line.at(0) === 'default-server'
  let at = from
  while (line.at(at) !== '') {
    const name = line.at(at)
    const bare = name.startsWith('set-proxy-v2-tlv-fmt') ? 'set-proxy-v2-tlv-fmt' : name
    const follow = REGISTERED_SERVER.get(bare)
    if (follow === undefined) return unknownOption(name, onDefault, messages)
    if (messages.dynamic && !DYNAMIC.has(bare))
      return messages.alert(`'${name}' option is not accepted for dynamic server`)
    if (onDefault && NOT_IN_DEFAULT_SERVER.has(name)) {
      messages.nonFatalAlert(`'${name}' option is not accepted in default-server sections`)
      at += 1 + follow
      continue
    }
    const outcome = readSetting(context, line, proxy, draft, { at, name }, messages)
    if (outcome !== 'ok') return outcome
    at += bare === 'set-proxy-v2-tlv-fmt' ? 2 : follow >= 0 ? 1 + follow : 1 + sourceWordCount(line, at + 1)
  }
  return onDefault ? 'ok' : finishOptions(draft, messages)
}

const DYNAMIC: ReadonlySet<string> = new Set(DYNAMIC_KEYWORDS)

const unknownOption = (name: string, onDefault: boolean, messages: ServerMessages): LineResult => {
  const hint = onDefault ? ' Hint: no address was expected for this server.' : ''
  const best = findBestMatch(name, REGISTERED_SERVER.keys())
  return messages.alert(
    best === undefined
      ? `unknown keyword '${name}'.${hint}`
      : `unknown keyword '${name}'; did you mean '${best}' maybe ?${hint}`,
  )
}

const readSetting = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  draft: Draft,
  where: { at: number; name: string },
  messages: ServerMessages,
): LineResult => {
  const option = SERVER_OPTIONS.get(where.name)
  if (!option) {
    const value = line.at(where.at + 1)
    const check = SERVER_VALUES.get(where.name.replace(/\(.*/, ''))
    const hasValue = REGISTERED_SERVER.get(where.name.replace(/\(.*/, '')) !== 0
    if (!check && hasValue && where.name !== 'source') context.markUnparsed(line)
    const problem = check?.(where.name, [value])
    if (problem !== undefined) return messages.alert(`${problem}.`)
    if (where.name === 'source') {
      const outcome = readSource(context, line, where.at + 1, messages)
      if (outcome !== 'ok') return outcome
    }
    if (!SILENT_SERVER.has(where.name))
      context.notEmulated(line, `'${where.name}' of '${line.at(0)}'`, areaOfServer(where.name))
    return 'ok'
  }
  const place: OptionContext = {
    context,
    proxy,
    name: where.name,
    value: line.at(where.at + 1),
    server: draft.name || (line.at(0) === 'default-server' ? 'default-server' : '(null)'),
    warn: (text) => messages.warn(text),
    nonFatalAlert: (text) => messages.nonFatalAlert(text),
    notEmulated: (what) => void context.notEmulated(line, what, 'checks'),
    setId: (puid) => {
      draft.puid = puid
    },
  }
  const result = option(draft.settings, place)
  if (typeof result === 'string') return messages.alert(`${result}.`)
  draft.settings = result
  return 'ok'
}

const readSource = (context: ParseContext, line: Line, from: number, messages: ServerMessages): LineResult => {
  if (line.at(from) === '')
    return messages.alert(
      "'source' expects <addr>[:<port>[-<port>]], and optionally 'usesrc' <addr>, and 'interface' <name> as argument..",
    )
  const problem = sourceProblem(context, line, from, true)
  if (problem === undefined) return 'ok'
  if (problem.setting === undefined) return messages.alert(`${problem.text}.`)
  messages.alert(problem.setting === 'interface' || line.at(from + 2) === '' ? `${problem.text}.` : problem.text)
  return messages.alert(`error encountered while processing '${problem.setting}'.`)
}
