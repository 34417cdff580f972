/** The section `ring` (cfg_parse_ring in src/sink.c). */
import { atol } from '../../bytes/integers.js'
import { LOG_FORMATS } from '../model/log.js'
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import type { Section } from '../section.js'
import { readSectionServer } from '../server/line.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter } from '../syntax/names.js'
import { readTime } from '../syntax/time-argument.js'
import { parseSize } from '../syntax/units.js'
import { BUILT_IN_SINKS, RingDraft, RINGS } from './ring-draft.js'

/** Allocations of this size fail. */
const TOO_MUCH_MEMORY = 2 ** 47

type Keyword = (context: ParseContext, line: Line, ring: RingDraft) => LineResult

const read: SectionParser = (context, line) => {
  if (line.at(0) === 'ring') return begin(context, line)
  const keyword = KEYWORDS.get(line.at(0))
  if (!keyword) return context.alert(line, `unknown statement '${line.at(0)}'.`)
  const ring = context.drafts(RINGS).current
  return ring ? keyword.parse(context, line, ring) : context.alert(line, keyword.withoutRing(line.at(1)))
}

/** After an error, the lines of the section belong to no ring. */
const begin: SectionParser = (context, line) => {
  const name = line.at(1)
  if (name === '') return context.alert(line, 'missing ring name.')
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    return context.alert(line, `invalid ring name '${name}' (character '${bad}' is not permitted).`)
  const rings = context.drafts(RINGS)
  if (BUILT_IN_SINKS.includes(name) || rings.find(name))
    return context.alert(line, `sink named '${name}' already exists.`)
  const ring = new RingDraft(name, line.place)
  rings.begin(ring)
  context.registerSection(ring.proxy)
  return context.notEmulated(line, `section 'ring ${name}'`, 'logs')
}

const size: Keyword = (context, line, ring) => {
  const text = line.at(1)
  const parsed = parseSize(text, 64)
  if (typeof parsed !== 'number' || parsed === 0)
    return context.alert(line, `invalid size '${text}' for new sink buffer.`)
  if (ring.backingFile !== undefined)
    return context.alert(line, "cannot resize an already mapped file, please specify 'size' before 'backing-file'.")
  if (parsed >= TOO_MUCH_MEMORY)
    return context.alert(line, `fail to set sink buffer size '${ring.capacity}' for ring '${ring.name}'.`)
  ring.resize(parsed)
  return 'ok'
}

const backingFile: Keyword = (context, line, ring) => {
  if (ring.backingFile !== undefined)
    return context.alert(line, `'backing-file' already specified for ring '${ring.name}' (was '${ring.backingFile}').`)
  ring.backingFile = line.at(1)
  return 'ok'
}

const server: Keyword = (context, line, ring) => {
  const { outcome } = readSectionServer(context, line, ring.proxy, { address: 'ring server', mode: 'tcp' })
  if (outcome === 'ok' && ring.servers.at(-1)?.sendProxy !== undefined)
    context.warn(line, "'send-proxy*' server option is unsupported there, ignoring it")
  return outcome
}

/** Other timeouts are ignored. */
const timeout: Keyword = (context, line, { proxy }) => {
  const [keyword, which, text] = [line.at(0), line.at(1), line.at(2)]
  if (which !== 'connect' && which !== 'server') return 'ok'
  if (text === '') return context.alert(line, `'${keyword} ${which}' expects <time> as argument.`)
  const time = readTime(context, line, text, { keyword: `${keyword} ${which}` })
  if (time === undefined) return 'fatal'
  proxy.change({ timeouts: { ...proxy.timeouts, [which]: time === 0 ? undefined : time } })
  return 'ok'
}

const format: Keyword = (context, line, ring) => {
  if (!LOG_FORMATS.includes(line.at(1))) return context.alert(line, `unknown format '${line.at(1)}'.`)
  ring.format = line.at(1)
  return 'ok'
}

const maxLength: Keyword = (context, line, ring) => {
  const length = Number(BigInt.asUintN(32, BigInt(atol(line.at(1)))))
  if (length === 0) return context.alert(line, `invalid size '${line.at(1)}' for new sink buffer.`)
  ring.maxLength = length
  return 'ok'
}

const description: Keyword = (context, line, ring) => {
  if (line.at(1) === '') return context.alert(line, 'missing ring description text.')
  ring.description = line.at(1)
  return 'ok'
}

interface RingKeyword {
  readonly parse: Keyword
  /** the error where no ring could be created */
  readonly withoutRing: (value: string) => string
}

const unable =
  (what: string) =>
  (value: string): string =>
    `unable to ${what} '${value}'.`

const KEYWORDS: ReadonlyMap<string, RingKeyword> = new Map([
  ['size', { parse: size, withoutRing: () => "'size' directive not usable with this type of sink." }],
  ['backing-file', { parse: backingFile, withoutRing: () => "'backing-file' only usable with existing rings." }],
  ['server', { parse: server, withoutRing: unable('create server') }],
  ['timeout', { parse: timeout, withoutRing: unable('set timeout') }],
  ['format', { parse: format, withoutRing: unable('set format') }],
  ['maxlen', { parse: maxLength, withoutRing: unable('set event max length') }],
  ['description', { parse: description, withoutRing: unable('set description') }],
])

/** sink_finalize in src/sink.c */
const end: Section['end'] = (context) => {
  const rings = context.drafts(RINGS)
  const ring = rings.current
  rings.current = undefined
  if (ring?.maxLength === undefined || ring.maxLength <= ring.maxPayload) return 'ok'
  context.main.add(
    'warning',
    `config : ring '${ring.name}' event max length '${ring.maxLength}' exceeds max payload size, forced to '${ring.maxPayload}'.`,
    ring.place,
  )
  ring.maxLength = ring.maxPayload
  return 'ok'
}

/** The section `ring`. */
export const RING_SECTION: Section = {
  keyword: 'ring',
  read,
  end,
  proxies: (context) => context.drafts(RINGS).all.map(({ proxy }) => proxy),
}
