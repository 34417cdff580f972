/** The section `traces` (cfg_parse_traces and _trace_parse_statement in src/trace.c). */
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import type { Section } from '../section.js'
import { findBestMatch } from '../syntax/best-match.js'
import type { Line } from '../syntax/line.js'
import { RINGS } from './ring-draft.js'
import {
  choiceList,
  eventList,
  LEVELS,
  sourceList,
  TRACE_SOURCES,
  TraceSources,
  type EventList,
  type TraceSource,
} from './trace-sources.js'

/** A message: an error, or a list of what HAProxy knows, which is a warning. */
type Remark = { readonly error: string } | { readonly list: string } | undefined

const read: SectionParser = (context, line) => {
  const keyword = line.at(0)
  if (keyword === 'traces') {
    context.notEmulated(line, "section 'traces'", 'process')
    return context.tooManyWords(line, 0) ? 'fatal' : 'ok'
  }
  if (keyword === 'trace') return readTrace(context, line)
  const best = findBestMatch(keyword, ['trace'])
  return context.alert(
    line,
    best === undefined
      ? `unknown keyword '${keyword}' in 'global' section`
      : `unknown keyword '${keyword}' in '${context.sectionKeyword}' section; did you mean '${best}' maybe ?`,
  )
}

const readTrace = (context: ParseContext, line: Line): LineResult => {
  const remark = readStatement(context, line, sourcesOf(context))
  if (!remark) return 'ok'
  if ('error' in remark) return context.alert(line, remark.error)
  context.warn(line, `'${line.at(0)}': ${remark.list}`)
  return 'ok'
}

const sourcesOf = (context: ParseContext): TraceSources => {
  const drafts = context.drafts(TRACE_SOURCES)
  if (!drafts.current) drafts.begin(new TraceSources())
  return drafts.current!
}

const COMMANDS = `Supported commands:
  event     : list/enable/disable source-specific event reporting
  level     : list/set trace reporting level
  lock      : automatic lock on thread/connection/stream/...
  follow    : passively follow another source's locked pointer (e.g. session)
  pause     : pause and automatically restart after a specific event
  sink      : list/set event sinks
  start     : start immediately or after a specific event
  stop      : stop immediately or after a specific event
  verbosity : list/set trace output verbosity
`

const readStatement = (context: ParseContext, line: Line, sources: TraceSources): Remark => {
  const name = line.at(1)
  if (name === '')
    return {
      list:
        'Supported trace sources and states (.=stopped, w=waiting, R=running) :\n' +
        ' [.] 0          : not a source, will immediately stop all traces\n' +
        " [.] all        : all sources below, only for 'sink', 'level' and 'follow'\n" +
        sourceList(sources.all),
    }
  if (name === '0') {
    for (const source of sources.all) source.state = 'stopped'
    return undefined
  }
  const source = name === 'all' ? undefined : sources.find(name)
  if (!source && name !== 'all') return { error: `No such trace source '${name}'` }
  if (line.at(2) === '') return { list: COMMANDS }
  for (let at = 2; line.at(at) !== ''; at += 2) {
    const [command, value] = [line.at(at), line.at(at + 1)]
    const read = COMMAND_READERS.get(command)
    if (!source && !FOR_ALL.has(command)) return { error: `'${command}' not applicable to meta-source 'all'` }
    if (!read) return { error: `Unknown trace keyword '${command}'` }
    const remark = read({ context, line, sources, source, command, value })
    if (remark) return remark
  }
  return undefined
}

/** Commands that apply to all sources at once. */
const FOR_ALL: ReadonlySet<string> = new Set(['follow', 'sink', 'level'])

interface Command {
  readonly context: ParseContext
  readonly line: Line
  readonly sources: TraceSources
  /** undefined: all */
  readonly source: TraceSource | undefined
  readonly command: string
  /** '' if it is missing */
  readonly value: string
}

const targets = ({ source, sources }: Command): readonly TraceSource[] => (source ? [source] : sources.all)

const follow = (command: Command): Remark => {
  const { source, sources, value } = command
  if (value === '')
    return {
      list:
        (source?.follows
          ? `Currently following source '${source.follows.name}'.\n`
          : source
            ? 'Not currently following any other source.\n'
            : '') +
        'Please specify another source to follow, among the following ones:\n' +
        ' [.] none       : follow no other source\n' +
        sourceList(sources.all),
    }
  const origin = value === 'none' ? undefined : sources.find(value)
  if (!origin && value !== 'none') return { error: `No such trace source '${value}'` }
  for (const each of targets(command)) if (source || each !== origin) each.follows = origin
  return undefined
}

/** The states that `now` sets. */
const NOW: Readonly<Partial<Record<EventList, TraceSource['state']>>> = {
  start: 'running',
  stop: 'stopped',
  pause: 'waiting',
}

const events = ({ source, command, value }: Command): Remark => {
  const list = command as EventList
  const { lists, events: known } = source!
  const [, signs, name] = /^([!+-]*)([^]*)$/.exec(value) as unknown as [string, string, string]
  if (name === '') return { list: eventList(source!, list) }
  const now = NOW[list]
  if (name === 'now' && now) {
    lists[list] = new Set()
    source!.state = now
    return undefined
  }
  if (name === 'none') lists[list] = new Set()
  else if (name === 'any') lists[list] = 'any'
  else {
    if (!known.some((event) => event.name === name)) return { error: `No such trace event '${name}'` }
    const enabled = lists[list] === 'any' ? known.map((event) => event.name) : lists[list]
    // the last sign decides
    const isNegated = /[!-]/.test(signs.slice(-1))
    lists[list] = new Set(isNegated ? [...enabled].filter((each) => each !== name) : [...enabled, name])
  }
  const waits = lists[list] === 'any' || lists[list].size > 0
  if (list === 'start' && waits && source!.state === 'stopped') source!.state = 'waiting'
  return undefined
}

const sink = (command: Command): Remark => {
  const { context, line, source, sources, value } = command
  if (value === '') {
    const rings = context.drafts(RINGS).all.map(({ name }) => ({ name, text: '' }))
    return {
      list:
        `Supported sinks for source ${source?.name ?? 'all'} (*=current):\n` +
        choiceList([{ name: 'none', text: 'no sink' }, ...sources.sinks, ...rings], source?.sink ?? 'none') +
        '(forward-declared sinks are not displayed here!)\n',
    }
  }
  if (value !== 'none') context.sinkUses.push({ name: value, user: 'traces', place: line.place })
  for (const each of targets(command)) each.sink = value
  return undefined
}

const level = (command: Command): Remark => {
  const { source, value } = command
  if (!LEVELS.some(({ name }) => name === value)) {
    const list = `Supported trace levels for source ${source?.name ?? 'all'}:\n${choiceList(LEVELS, source?.level)}`
    return value === '' ? { list } : { error: `No such trace level '${value}'. ${list}` }
  }
  for (const each of targets(command)) each.level = value
  return undefined
}

const lock = ({ source, value }: Command): Remark => {
  const { locks, name } = source!
  if (value === '')
    return { list: `Supported lock-on criteria for source ${name}:\n${choiceList(locks, source!.lock)}` }
  // HAProxy lists `applet` and accepts `appctx`
  const wanted = value === 'appctx' ? 'applet' : value === 'applet' ? '' : value
  if (!locks.some((each) => each.name === wanted)) return { error: `Unsupported lock-on criterion '${value}'` }
  source!.lock = wanted
  return undefined
}

const verbosity = ({ source, value }: Command): Remark => {
  const known = [{ name: 'quiet', text: 'only report basic information with no decoding' }, ...source!.verbosities]
  if (!known.some(({ name }) => name === value)) {
    const list = `Supported trace verbosities for source ${source!.name}:\n${choiceList(known, source!.verbosity)}`
    return value === '' ? { list } : { error: `No such verbosity level '${value}'. ${list}` }
  }
  source!.verbosity = value
  return undefined
}

const COMMAND_READERS: ReadonlyMap<string, (command: Command) => Remark> = new Map([
  ['follow', follow],
  ['event', events],
  ['pause', events],
  ['start', events],
  ['stop', events],
  ['sink', sink],
  ['level', level],
  ['lock', lock],
  ['verbosity', verbosity],
])

/** The section `traces`. */
export const TRACES_SECTION: Section = { keyword: 'traces', read }
