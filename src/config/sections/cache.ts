/** The section `cache` (cfg_parse_cache in src/cache.c). */
import { SECOND } from '../../engine/clock.js'
import { atoi, strtoul } from '../../bytes/integers.js'
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { ParseContext, SectionParser } from '../parse-context.js'
import { abort, type Section } from '../section.js'
import type { Line } from '../syntax/line.js'
import { CACHES, type CacheDraft } from './cache-draft.js'

const MEGABYTE = 1024 * 1024
const UINT_MAX = 0xffffffff
const MAX_NAME_LENGTH = 32

/** Parses a line. Most errors are reported as warnings, and stop parsing of the file nevertheless. */
const read: SectionParser = (context, line) => {
  const keyword = KEYWORDS.get(line.at(0))
  if (!keyword) return context.alert(line, `unknown keyword '${line.at(0)}' in 'cache' section`)
  if (line.at(0) === 'cache' && line.at(1) === '') return abort(context, line, "'cache' expects a <name> argument")
  return context.tooManyWords(line, 1) ? 'abort' : keyword(context, line, context.drafts(CACHES).current!)
}

type Keyword = (context: ParseContext, line: Line, cache: CacheDraft) => 'ok' | 'abort'

const warn = (context: ParseContext, line: Line, text: string): void =>
  context.main.add('warning', `config : parsing [${line.file}:${line.line}]: ${text}`, line.place)

const begin: Keyword = (context, line) => {
  const caches = context.drafts(CACHES)
  const name = fromByteString(toByteString(line.at(1)).slice(0, MAX_NAME_LENGTH))
  if (name !== line.at(1)) warn(context, line, `cache name is limited to 32 characters, truncate to '${name}'.`)
  if (caches.find(name)) {
    context.alertWithoutSpace(line, `Duplicate cache name '${name}'.`)
    return 'abort'
  }
  caches.current = {
    name,
    place: line.place,
    totalSize: 0,
    maxObjectSize: 0,
    maxAge: 60 * SECOND,
    processVary: false,
    maxSecondaryEntries: 10,
  }
  context.notEmulated(line, `section 'cache ${name}'`, 'traffic')
  return 'ok'
}

/** Parses the argument as an unsigned integer; undefined if it is invalid, after reporting that. */
const count = (context: ParseContext, line: Line): bigint | undefined => {
  const { value, rest } = strtoul(line.at(1))
  if (line.at(1) !== '' && rest === '') return value
  warn(context, line, `${line.at(0)} wrong value '${line.at(1)}'`)
  return undefined
}

const totalMaxSize: Keyword = (context, line, cache) => {
  const megabytes = count(context, line)
  if (megabytes === undefined) return 'abort'
  if (megabytes > BigInt(UINT_MAX >>> 20)) {
    warn(context, line, `"total-max-size" (${line.at(1)}) must not be greater than ${UINT_MAX >>> 20}`)
    return 'abort'
  }
  cache.totalSize = Number(megabytes) * MEGABYTE
  return 'ok'
}

const maxAge: Keyword = (context, line, cache) => {
  if (line.at(1) === '') warn(context, line, `'${line.at(0)}' expects an age parameter in seconds.`)
  cache.maxAge = atoi(line.at(1)) * SECOND
  return 'ok'
}

const maxObjectSize: Keyword = (context, line, cache) => {
  if (line.at(1) === '') warn(context, line, `'${line.at(0)}' expects a maximum file size parameter in bytes.`)
  const size = count(context, line)
  if (size === undefined) return 'abort'
  cache.maxObjectSize = Number(BigInt.asUintN(32, size))
  return 'ok'
}

const processVary: Keyword = (context, line, cache) => {
  const value = line.at(1)
  const usage = `'${line.at(0)}' expects "on" or "off" (enable or disable vary processing).`
  if (value === '') warn(context, line, usage)
  if (value === 'on' || value === 'off') cache.processVary = value === 'on'
  else warn(context, line, usage)
  return 'ok'
}

const maxSecondaryEntries: Keyword = (context, line, cache) => {
  if (line.at(1) === '') warn(context, line, `'${line.at(0)}' expects a strictly positive number.`)
  const entries = count(context, line)
  if (entries === undefined) return 'abort'
  cache.maxSecondaryEntries = Number(BigInt.asUintN(32, entries))
  if (cache.maxSecondaryEntries > 0) return 'ok'
  warn(context, line, `${line.at(0)} wrong value '${line.at(1)}'`)
  return 'abort'
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ['cache', begin],
  ['total-max-size', totalMaxSize],
  ['max-age', maxAge],
  ['max-object-size', maxObjectSize],
  ['process-vary', processVary],
  ['max-secondary-entries', maxSecondaryEntries],
])

/** Adds the section to the caches, if it is valid. */
const end: Section['end'] = (context) => {
  const caches = context.drafts(CACHES)
  const cache = caches.current
  caches.current = undefined
  if (!cache) return 'ok'
  const fail = (text: string): 'fatal' => {
    context.main.add('alert', `config : ${text}`, cache.place)
    return 'fatal'
  }
  if (cache.totalSize === 0) return fail(`Size not specified for cache '${cache.name}'`)
  if (cache.maxObjectSize === 0) cache.maxObjectSize = cache.totalSize / 256
  else if (cache.maxObjectSize > cache.totalSize / 2)
    return fail(`"max-object-size" is limited to an half of "total-max-size" => ${cache.totalSize / 2}`)
  caches.all.push(cache)
  return 'ok'
}

/** The section `cache`. */
export const CACHE_SECTION: Section = { keyword: 'cache', read, end }
