/** The section `resolvers` (cfg_parse_resolvers and parse_resolve_conf in src/resolvers.c). */
import { atol } from '../../bytes/integers.js'
import { parseIp } from '../../net/ip.js'
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import type { ResolversHold } from '../model/resolvers.js'
import { badCharacter } from '../syntax/names.js'
import type { LineResult, Reading, SectionReader } from '../reading.js'
import { makeResolversDraft, type ResolversDraft } from './resolvers-draft.js'
import { isDurationError, parseDuration } from '../syntax/units.js'

/** `DNS_HEADER_SIZE` and `DNS_MAX_UDP_MESSAGE` */
const LEAST_PAYLOAD = 12
const MOST_PAYLOAD = 65_535

const RESOLV_CONF = '/etc/resolv.conf'

export const readResolversLine: SectionReader = (reading, line) => {
  const read = KEYWORDS.get(line.at(0))
  if (read) return read(reading, line)
  return reading.alert(line, `unknown keyword '${line.at(0)}' in 'resolvers' section`)
}

const begin: SectionReader = (reading, line) => {
  const name = line.at(1)
  if (name === '') {
    reading.alert(line, 'missing name for resolvers section.')
    return 'abort'
  }
  const bad = badCharacter(name)
  if (bad !== undefined) {
    reading.alert(line, `character '${bad}' is not permitted in '${line.at(0)}' name '${name}'.`)
    return 'abort'
  }
  const other = reading.resolvers.find((each) => each.name === name)
  if (other) {
    reading.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: resolvers '${name}' has same name as another resolvers ` +
        `(declared at ${other.place.file}:${other.place.line}).`,
    )
    return 'abort'
  }
  reading.resolvers.push(makeResolversDraft(name, line.place))
  return 'ok'
}

/** The section that lines belong to. */
const current = ({ resolvers }: Reading): ResolversDraft => resolvers.at(-1)!

const nameserver: SectionReader = (reading, line) => {
  const [keyword, name, text] = [line.at(0), line.at(1), line.at(2)]
  if (text === '') return reading.alert(line, `'${keyword}' expects <name> and <addr>[:<port>] as arguments.`)
  const bad = badCharacter(name)
  if (bad !== undefined) return reading.alert(line, `character '${bad}' is not permitted in server name '${name}'.`)
  const { nameservers } = current(reading)
  let outcome: LineResult = 'ok'
  const other = nameservers.find((each) => each.name === name)
  if (other)
    outcome = reading.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: nameserver '${name}' has same name as another nameserver ` +
        `(declared at ${other.place.file}:${other.place.line}).`,
    )
  const parsed = readAddress(reading, text, 'nameserver')
  if ('error' in parsed) return reading.alert(line, `'${keyword} ${name}' : ${parsed.error}`)
  const stream = parsed.protocol !== 'datagram'
  if (!stream && !('ip' in parsed.address)) reading.notEmulated(line, `'${keyword}' over UNIX sockets`, 'names')
  nameservers.push({ name, address: parsed.address, stream, place: line.place })
  return outcome
}

const parseResolvConf: SectionReader = (reading, line) => {
  const where = `config : parsing [${line.file}:${line.line}]: `
  const text = reading.options.resolvConf?.()
  if (text === undefined) return reading.rawAlert(line, `${where}failed to open ${RESOLV_CONF}.`)
  const { nameservers } = current(reading)
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
  if (warnings.length > 0) reading.main.add('warning', where + warnings.join('\n'), line.place)
  return 'ok'
}

/** The section `default`, which there always is, with the name servers of the machine (resolvers_create_default). */
export const makeDefaultResolvers = (reading: Reading): void => {
  const wanted = reading.proxies
    .flatMap((proxy) => proxy.servers)
    .find((server) => server.resolution.resolvers === 'default')
  if (wanted === undefined || reading.resolvers.some((each) => each.name === 'default')) return
  const section = makeResolversDraft('default', wanted.place)
  for (const row of (reading.options.resolvConf?.() ?? '').split('\n')) {
    const name = /^nameserver[\r\t ]+([^\r\t ]+)/.exec(row)?.[1] ?? ''
    const ip = parseIp(name)
    if (ip && section.nameservers.every((each) => each.name !== name))
      section.nameservers.push({ name, address: { ...ip, port: 53 }, stream: false, place: wanted.place })
  }
  reading.resolvers.push(section)
}

const HOLDS: readonly (keyof ResolversHold)[] = ['valid', 'nx', 'refused', 'timeout', 'other', 'obsolete']

const hold: SectionReader = (reading, line) => {
  const [keyword, event, text] = [line.at(0), line.at(1), line.at(2)]
  if (text === '') {
    reading.alert(line, `'${keyword}' expects an <event> and a <time> as arguments.`)
    const known = "<event> can be either 'valid', 'nx', 'refused', 'timeout', or 'other'"
    return reading.rawAlert(line, `config : ${known}`)
  }
  const time = duration(reading, line, { text, named: event, keyword, whole: `${keyword} ${event} ${text}` })
  if (time === undefined) return 'fatal'
  const known = HOLDS.find((each) => each === event)
  if (known === undefined)
    return reading.alert(
      line,
      `'${keyword}' unknown <event>: '${event}', expects either 'nx', 'timeout', 'valid', 'obsolete' or 'other'.`,
    )
  current(reading).hold[known] = time
  return 'ok'
}

const timeout: SectionReader = (reading, line) => {
  const [keyword, which, text] = [line.at(0), line.at(1), line.at(2)]
  const usage = `'${keyword}' expects 'retry' or 'resolve' and <time> as arguments`
  if (which === '') return reading.alert(line, `${usage}.`)
  if (which !== 'retry' && which !== 'resolve') return reading.alert(line, `${usage} got '${which}'.`)
  if (text === '') return reading.alert(line, `'${keyword} ${which}' expects <time> as argument.`)
  const what = `${keyword} ${which}`
  const time = duration(reading, line, { text, named: text, keyword: what, whole: `${what} ${text}` })
  if (time === undefined) return 'fatal'
  current(reading)[which === 'retry' ? 'timeoutRetry' : 'timeoutResolve'] = time
  return 'ok'
}

interface TimeArgument {
  readonly text: string
  /** the argument, its keyword and both together, as messages name them */
  readonly named: string
  readonly keyword: string
  readonly whole: string
}

/** A time; undefined where it was refused, which has been said then. */
const duration = (reading: Reading, line: Line, argument: TimeArgument): number | undefined => {
  const { text, named, keyword, whole } = argument
  const parsed = parseDuration(text)
  if (!isDurationError(parsed)) {
    if (parsed.suspicious !== undefined)
      reading.main.parsing(
        'alert',
        line.place,
        `'${whole}' looks suspiciously small for a value in milliseconds. Please use an explicit unit ` +
          `('${parsed.suspicious}ms') if that was the intent.`,
      )
    return parsed.value
  }
  const what = `in argument <${named}> to <${keyword}>`
  if (parsed === 'overflow')
    reading.alertWithoutSpace(line, `timer overflow ${what}, maximum value is 2147483647 ms (~24.8 days).`)
  else if (parsed === 'underflow')
    reading.alertWithoutSpace(line, `timer underflow ${what}, minimum non-null value is 1 ms.`)
  else reading.alertWithoutSpace(line, `unexpected character '${parsed.unexpected}' in argument to <${keyword}>.`)
  return undefined
}

const payloadSize: SectionReader = (reading, line) => {
  const [keyword, text] = [line.at(0), line.at(1)]
  if (text === '') return reading.alert(line, `'${keyword}' expects <nb> as argument.`)
  const size = atol(text)
  if (size < LEAST_PAYLOAD || size > MOST_PAYLOAD)
    return reading.alert(
      line,
      `'${keyword}' must be between ${LEAST_PAYLOAD} and ${MOST_PAYLOAD} inclusive (was ${text}).`,
    )
  current(reading).payloadSize = size
  return 'ok'
}

const retries: SectionReader = (reading, line) => {
  if (line.at(1) === '') return reading.alert(line, `'${line.at(0)}' expects <nb> as argument.`)
  current(reading).resolveRetries = atol(line.at(1))
  return 'ok'
}

const KEYWORDS: ReadonlyMap<string, SectionReader> = new Map([
  ['resolvers', begin],
  ['nameserver', nameserver],
  ['parse-resolv-conf', parseResolvConf],
  ['hold', hold],
  ['timeout', timeout],
  ['accepted_payload_size', payloadSize],
  ['resolve_retries', retries],
  [
    'resolution_pool_size',
    (reading, line) =>
      reading.alert(
        line,
        `'${line.at(0)}' directive is not supported anymore (it never appeared in a stable release).`,
      ),
  ],
])
