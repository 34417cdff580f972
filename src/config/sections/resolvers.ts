/** The `resolvers` section (cfg_parse_resolvers and parse_resolve_conf in src/resolvers.c). */
import { atol } from '../../bytes/integers.js'
import { parseIp } from '../../net/ip.js'
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import type { ResolversHold } from '../model/resolvers.js'
import { invalidCharacter } from '../syntax/names.js'
import type { Place } from '../syntax/place.js'
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import { abort, type Section } from '../section.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { proxyTypeName } from '../proxy/draft.js'
import { makeResolversDraft, RESOLVERS, type ResolversDraft } from './resolvers-draft.js'
import { readTime, type TimeArgument } from '../syntax/time-argument.js'
import { isDurationError, parseDuration } from '../syntax/units.js'

/** `DNS_HEADER_SIZE` and `DNS_MAX_UDP_MESSAGE` */
const MIN_PAYLOAD = 12
const MAX_PAYLOAD = 65_535

const RESOLV_CONF = '/etc/resolv.conf'

const read: SectionParser = (context, line) => {
  const keyword = KEYWORDS.get(line.at(0))
  if (keyword) return keyword(context, line)
  return context.alert(line, `unknown keyword '${line.at(0)}' in 'resolvers' section`)
}

const begin: SectionParser = (context, line) => {
  const name = line.at(1)
  if (name === '') return abort(context, line, 'missing name for resolvers section.')
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    return abort(context, line, `character '${bad}' is not permitted in '${line.at(0)}' name '${name}'.`)
  const resolvers = context.drafts(RESOLVERS)
  const other = resolvers.find(name)
  if (other) {
    context.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: resolvers '${name}' has same name as another resolvers ` +
        `(declared at ${other.place.file}:${other.place.line}).`,
    )
    return 'abort'
  }
  resolvers.begin(makeResolversDraft(name, line.place))
  return 'ok'
}

/** The current section. */
const current = (context: ParseContext): ResolversDraft => context.drafts(RESOLVERS).current!

const nameserver: SectionParser = (context, line) => {
  const [keyword, name, text] = [line.at(0), line.at(1), line.at(2)]
  if (text === '') return context.alert(line, `'${keyword}' expects <name> and <addr>[:<port>] as arguments.`)
  const bad = invalidCharacter(name)
  if (bad !== undefined) return context.alert(line, `character '${bad}' is not permitted in server name '${name}'.`)
  const { nameservers } = current(context)
  let outcome: LineResult = 'ok'
  const other = nameservers.find((each) => each.name === name)
  if (other)
    outcome = context.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: nameserver '${name}' has same name as another nameserver ` +
        `(declared at ${other.place.file}:${other.place.line}).`,
    )
  const parsed = readAddress(context, text, 'nameserver')
  if ('error' in parsed) return context.alert(line, `'${keyword} ${name}' : ${parsed.error}`)
  const stream = parsed.protocol !== 'datagram'
  if (!stream && !('ip' in parsed.address)) context.notEmulated(line, `'${keyword}' over UNIX sockets`, 'names')
  nameservers.push({ name, address: parsed.address, stream, place: line.place })
  return outcome
}

const parseResolvConf: SectionParser = (context, line) => {
  const where = `config : parsing [${line.file}:${line.line}]: `
  const text = context.options.resolvConf?.()
  if (text === undefined) return context.rawAlert(line, `${where}failed to open ${RESOLV_CONF}.`)
  const { nameservers } = current(context)
  const warnings: string[] = []
  text.split('\n').forEach((row, index) => {
    const words = /^nameserver(.*)$/.exec(row)?.[1]?.split(/[\r\t ]+/)
    if (words === undefined || words[0] !== '') return
    const at = `arsing [${RESOLV_CONF}:${index + 1}] : `
    const address = words[1] ?? ''
    if (address === '') return void warnings.push(`p${at}nameserver line is missing address.`)
    const other = nameservers.find((each) => each.name === address)
    if (other)
      return void warnings.push(
        `P${at}generated name for ${RESOLV_CONF} nameserver '${address}' conflicts with another nameserver (declared ` +
          `at ${other.place.file}:${other.place.line}), it appears to be a duplicate and will be excluded.`,
      )
    const ip = parseIp(address)
    if (ip === undefined)
      return void warnings.push(`p${at}address '${address}' could not be recognized, nameserver will be excluded.`)
    const place = { file: RESOLV_CONF, line: index + 1 }
    nameservers.push({ name: address, address: { ...ip, port: 53 }, stream: false, place })
  })
  if (warnings.length > 0) context.main.add('warning', where + warnings.join('\n'), line.place)
  return 'ok'
}

/** Creates the implicit section `default` with the nameservers of the machine, if a server uses it (resolvers_create_default). */
export const makeDefaultResolvers = (context: ParseContext): void => {
  const wanted = context.proxies
    .flatMap((proxy) => proxy.servers)
    .find((server) => server.resolution.resolvers === 'default')
  if (wanted === undefined || context.drafts(RESOLVERS).find('default')) return
  context.drafts(RESOLVERS).all.push(machineResolvers(context, wanted.place))
}

/** A section `default` with the nameservers of the machine. */
export const machineResolvers = (context: ParseContext, place: Place): ResolversDraft => {
  const section = makeResolversDraft('default', place)
  for (const row of (context.options.resolvConf?.() ?? '').split('\n')) {
    const name = /^nameserver[\r\t ]+([^\r\t ]+)/.exec(row)?.[1] ?? ''
    const ip = parseIp(name)
    if (ip && section.nameservers.every((each) => each.name !== name))
      section.nameservers.push({ name, address: { ...ip, port: 53 }, stream: false, place })
  }
  return section
}

const HOLDS: readonly (keyof ResolversHold)[] = ['valid', 'nx', 'refused', 'timeout', 'other', 'obsolete']

const hold: SectionParser = (context, line) => {
  const [keyword, event, text] = [line.at(0), line.at(1), line.at(2)]
  if (text === '') {
    context.alert(line, `'${keyword}' expects an <event> and a <time> as arguments.`)
    const known = "<event> can be either 'valid', 'nx', 'refused', 'timeout', or 'other'"
    return context.rawAlert(line, `config : ${known}`)
  }
  const time = duration(context, line, text, { shown: event, keyword, whole: `${keyword} ${event} ${text}` })
  if (time === undefined) return 'fatal'
  const known = HOLDS.find((each) => each === event)
  if (known === undefined)
    return context.alert(
      line,
      `'${keyword}' unknown <event>: '${event}', expects either 'nx', 'timeout', 'valid', 'obsolete' or 'other'.`,
    )
  current(context).hold[known] = time
  return 'ok'
}

const timeout: SectionParser = (context, line) => {
  const [keyword, which, text] = [line.at(0), line.at(1), line.at(2)]
  const usage = `'${keyword}' expects 'retry' or 'resolve' and <time> as arguments`
  if (which === '') return context.alert(line, `${usage}.`)
  if (which !== 'retry' && which !== 'resolve') return context.alert(line, `${usage} got '${which}'.`)
  if (text === '') return context.alert(line, `'${keyword} ${which}' expects <time> as argument.`)
  const what = `${keyword} ${which}`
  const time = duration(context, line, text, { keyword: what, whole: `${what} ${text}` })
  if (time === undefined) return 'fatal'
  current(context)[which === 'retry' ? 'timeoutRetry' : 'timeoutResolve'] = time
  return 'ok'
}

/** Parses a duration; undefined if it is invalid, after reporting the error. @param whole the whole setting */
const duration = (
  context: ParseContext,
  line: Line,
  text: string,
  argument: TimeArgument & { readonly whole: string },
): number | undefined => {
  const time = readTime(context, line, text, argument)
  const parsed = parseDuration(text)
  if (time !== undefined && !isDurationError(parsed) && parsed.suspicious !== undefined)
    context.main.parsing(
      'alert',
      line.place,
      `'${argument.whole}' looks suspiciously small for a value in milliseconds. Please use an explicit unit ` +
        `('${parsed.suspicious}ms') if that was the intent.`,
    )
  return time
}

const payloadSize: SectionParser = (context, line) => {
  const [keyword, text] = [line.at(0), line.at(1)]
  if (text === '') return context.alert(line, `'${keyword}' expects <nb> as argument.`)
  const size = atol(text)
  if (size < MIN_PAYLOAD || size > MAX_PAYLOAD)
    return context.alert(
      line,
      `'${keyword}' must be between ${MIN_PAYLOAD} and ${MAX_PAYLOAD} inclusive (was ${text}).`,
    )
  current(context).payloadSize = size
  return 'ok'
}

const retries: SectionParser = (context, line) => {
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects <nb> as argument.`)
  current(context).resolveRetries = atol(line.at(1))
  return 'ok'
}

const KEYWORDS: ReadonlyMap<string, SectionParser> = new Map([
  ['resolvers', begin],
  ['nameserver', nameserver],
  ['parse-resolv-conf', parseResolvConf],
  ['hold', hold],
  ['timeout', timeout],
  ['accepted_payload_size', payloadSize],
  ['resolve_retries', retries],
  [
    'resolution_pool_size',
    (context, line) =>
      context.alert(
        line,
        `'${line.at(0)}' directive is not supported anymore (it never appeared in a stable release).`,
      ),
  ],
])

const warnAboutMissingServers = (context: ParseContext, diagnostics: Diagnostics): void => {
  for (const { name, nameservers, place } of context.drafts(RESOLVERS).all)
    if (nameservers.length === 0 && name !== 'default')
      diagnostics.add(
        'warning',
        `resolvers '${name}' [${place.file}:${place.line}] has no nameservers configured!`,
        place,
      )
}

/** Checks that sections used by servers exist; `default` always does (resolvers_finalize_config). */
const checkReferences = (context: ParseContext, diagnostics: Diagnostics): void => {
  const known = new Set(['default', ...context.drafts(RESOLVERS).all.map(({ name }) => name)])
  for (const proxy of context.proxies) {
    if (proxy.settings.disabled) continue
    for (const { name, resolution, place } of proxy.servers) {
      const wanted = resolution.resolvers
      if (wanted === undefined || known.has(wanted)) continue
      const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
      diagnostics.add('alert', `${owner}, server '${name}': unable to find required resolvers '${wanted}'`, place)
    }
  }
}

/** The section `resolvers`. */
export const RESOLVERS_SECTION: Section = {
  keyword: 'resolvers',
  read,
  check: warnAboutMissingServers,
  checkLast: checkReferences,
}
