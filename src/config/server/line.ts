/** `server`, `default-server` and `server-template` (parse_server in src/server.c). */
import { atol } from '../../bytes/integers.js'
import { readAddress } from '../syntax/address-text.js'
import { findBestMatch } from '../syntax/best-match.js'
import { SUGGESTED_SERVER } from '../known/suggestions.js'
import { hasBackend, type ProxyDraft } from '../proxy/draft.js'
import { DEFAULT_SERVER, ServerDraft, type ServerSettings } from './draft.js'
import type { ParsedAddress } from '../../net/address.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter, invalidPrefixCharacter } from '../syntax/names.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { SampleKeywords } from '../samples/keywords.js'
import type { KeywordContext, ServerKeyword } from './keyword.js'
import { SERVER_KEYWORDS } from './keywords/index.js'
import { serverExpressionProblem, withParsedTlvs } from './expressions.js'

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

/** The servers of sections other than proxies. */
export interface SectionServer {
  /** how the address is parsed; undefined: the line has none */
  readonly address: 'ring server' | 'peer' | undefined
  /** the mode of the proxy, for messages */
  readonly mode: string
}

/** A parsed `server` line of a section. */
export interface ReadServer {
  readonly outcome: LineResult
  /** the server has been created, perhaps with errors in the rest of its line */
  readonly isCreated: boolean
  /** undefined after errors */
  readonly server: ServerDraft | undefined
  /** its settings up to the first error */
  readonly settings: ServerSettings | undefined
  /** `shard`; 0: all of them */
  readonly shard: number
}

/** Parses a `server` or `peer` line of another section. */
export const readSectionServer = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  { address, mode }: SectionServer,
): ReadServer => {
  const [keyword, name, text] = [line.at(0), line.at(1), line.at(2)]
  const messages = new ServerMessages(context, line)
  const failed = (isCreated: boolean, settings?: ServerSettings): ReadServer => ({
    outcome: 'fatal',
    isCreated,
    server: undefined,
    settings,
    shard: 0,
  })
  let parsed: ParsedAddress | { readonly error: string } = NO_ADDRESS
  if (address !== undefined) {
    const problem = nameProblem(keyword, name, text)
    if (problem !== undefined) {
      messages.alert(problem)
      return failed(false)
    }
    parsed = readAddress(context, text, address)
  }
  messages.server = `server ${proxy.name}/${name}`
  messages.hasAddress = address !== undefined
  const problem =
    'error' in parsed
      ? parsed.error
      : parsed.protocol === 'datagram'
        ? `unsupported transport for server address in '${mode}' backend.`
        : undefined
  if (problem !== undefined || 'error' in parsed) {
    messages.alert(problem!)
    return failed(true)
  }
  const draft: Draft = { name, settings: proxy.settings.defaultServer }
  if (readOptions(context, line, proxy, draft, address === undefined ? 2 : 3, messages) !== 'ok')
    return failed(true, draft.settings)
  const server = makeServer(line, proxy, draft, parsed)
  proxy.addServer(server)
  return { outcome: 'ok', isCreated: true, server, settings: draft.settings, shard: draft.shard ?? 0 }
}

const NO_ADDRESS: ParsedAddress = {
  address: { family: 'ipv4', ip: '0.0.0.0', port: 0 },
  portMode: 'none',
  port: 0,
  portHigh: 0,
  protocol: 'stream',
  name: undefined,
  resolved: true,
}

/**
 * Emits the messages of a server line: only the first message of a line is prefixed with the place and, once known, the
 * server.
 */
class ServerMessages {
  private hasPrefix = false

  /** `server proxy/server`, once it is known */
  server = ''

  /** the line has an address before its settings */
  hasAddress = true

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

  /** the fetches and converters that are emulated */
  get samples(): SampleKeywords {
    return this.context.options.samples
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

const nameProblem = (keyword: string, name: string, address: string): string | undefined => {
  if (address === '') return `'${keyword}' expects <name> and <addr>[:<port>] as arguments.`
  const bad = invalidCharacter(name)
  return bad === undefined ? undefined : `character '${bad}' is not permitted in ${keyword} name '${name}'.`
}

const makeServer = (line: Line, proxy: ProxyDraft, draft: Draft, parsed: ParsedAddress, dynamic = false): ServerDraft =>
  new ServerDraft(
    draft.name,
    line.place,
    draft.puid ?? 0,
    parsed,
    draft.settings,
    !dynamic && proxy.settings.defaultServer.ssl,
  )

const readServer = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  messages: ServerMessages,
  settings = proxy.settings.defaultServer,
): LineResult => {
  const [keyword, name, text] = [line.at(0), line.at(1), line.at(2)]
  const problem = nameProblem(keyword, name, text)
  if (problem !== undefined) return messages.alert(problem)
  messages.server = `server ${proxy.name}/${name}`
  const parsed = readAddress(context, text, 'server')
  if ('error' in parsed) return messages.alert(parsed.error)
  const rejected = rejectAddress(proxy, name, parsed, text, messages)
  if (rejected !== undefined) return rejected
  const draft: Draft = { name, settings }
  const outcome = readOptions(context, line, proxy, draft, 3, messages)
  if (outcome !== 'ok') return outcome
  proxy.addServer(makeServer(line, proxy, draft, parsed, messages.dynamic))
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
  for (let i = range.low; i <= range.high; i++) {
    const name = `${prefix}${i}`
    proxy.addServer(new ServerDraft(name, line.place, 0, parsed, draft.settings, proxy.settings.defaultServer.ssl))
    // expressions are not shared by servers
    if (i > range.low) serverExpressionProblem(draft.settings, messages.samples, proxy, line.place)
  }
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
  /** `shard` */
  shard?: number
}

/**
 * Parses the settings from word `from` on. Lines with identical settings share one object, unless the first of them caused
 * diagnostics, named something that is looked up later, or set an id.
 */
const readOptions = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  draft: Draft,
  from: number,
  messages: ServerMessages,
): LineResult => {
  if (line.words.length <= from) return finishOptions(line, proxy, draft, messages)
  const begin = draft.settings
  const text = line.words.slice(from).join('\n')
  const earlier = context.serverSettings.get(begin)?.get(text)
  if (earlier && draft.name !== '') {
    draft.settings = earlier
    return 'ok'
  }
  const diagnosticsBefore = context.main.all.length
  const argumentsBefore = proxy.pendingArguments?.length
  const outcome = parseOptions(context, line, proxy, draft, from, messages)
  const isSilent = context.main.all.length === diagnosticsBefore && proxy.pendingArguments?.length === argumentsBefore
  if (outcome === 'ok' && draft.puid === undefined && isSilent) context.cacheServerSettings(begin, text, draft.settings)
  return outcome
}

const finishOptions = (line: Line, proxy: ProxyDraft, draft: Draft, messages: ServerMessages): LineResult => {
  const { name, settings } = draft
  const { check, agent, track } = settings
  const problem = serverExpressionProblem(settings, messages.samples, proxy, line.place)
  if (problem !== undefined) return messages.alert(problem)
  if (track !== undefined && settings.initState !== 'none')
    return messages.alert('unable to set init-state and tracking at the same time!')
  if (check.enabled && track !== undefined)
    return messages.alert('unable to enable checks and tracking at the same time!')
  if (agent.enabled && agent.port === undefined && check.port === undefined)
    return messages.alert(`server ${name || '(null)'} does not have agent port. Agent check has been disabled.`)
  const parsed = withParsedTlvs(settings, messages.samples, proxy, line.place)
  if (typeof parsed === 'string') return messages.alert(parsed)
  draft.settings = parsed
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
    const keyword = SERVER_KEYWORDS.get(withoutArgument(name))
    if (keyword === undefined) return unknownOption(name, onDefault, messages)
    if (messages.dynamic && keyword.dynamic !== true)
      return messages.alert(`'${name}' option is not accepted for dynamic server`)
    if (onDefault && keyword.inDefaultServer === false)
      messages.nonFatalAlert(`'${name}' option is not accepted in default-server sections`)
    else {
      const outcome = parseKeyword(context, line, proxy, draft, { at, keyword }, messages)
      if (outcome !== 'ok') return outcome
    }
    const { arguments: count = 0 } = keyword
    at += 1 + (typeof count === 'number' ? count : count(line, at + 1))
  }
  return onDefault ? 'ok' : finishOptions(line, proxy, draft, messages)
}

/** A keyword ends where a parenthesis begins (`srv_find_kw`). */
const withoutArgument = (name: string): string => name.split('(', 1)[0]!

const unknownOption = (name: string, onDefault: boolean, messages: ServerMessages): LineResult => {
  const hint = onDefault || !messages.hasAddress ? ' Hint: no address was expected for this server.' : ''
  const best = findBestMatch(name, SUGGESTED_SERVER)
  return messages.alert(
    best === undefined
      ? `unknown keyword '${name}'.${hint}`
      : `unknown keyword '${name}'; did you mean '${best}' maybe ?${hint}`,
  )
}

const parseKeyword = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  draft: Draft,
  { at, keyword }: { readonly at: number; readonly keyword: ServerKeyword },
  messages: ServerMessages,
): LineResult => {
  const keywordContext: KeywordContext = {
    context,
    proxy,
    line,
    at,
    name: line.at(at),
    value: line.at(at + 1),
    server: draft.name || (line.at(0) === 'default-server' ? 'default-server' : '(null)'),
    alert: (text) => void messages.alert(text),
    warn: (text) => messages.warn(text),
    nonFatalAlert: (text) => messages.nonFatalAlert(text),
    notEmulated: (what, area) => void context.notEmulated(line, what, area),
    setId: (puid) => {
      draft.puid = puid
    },
    setShard: (shard) => {
      draft.shard = shard
    },
  }
  const result = keyword.parse(draft.settings, keywordContext)
  if (typeof result === 'string') return messages.alert(`${result}.`)
  draft.settings = result
  return 'ok'
}
