/**
 * Maps and ACLs in the runtime API: `show|get|add|set|del|clear|prepare|commit map|acl` (src/map.c). The order of checks differs
 * between the commands, as in HAProxy.
 */
import { atol } from '../../bytes/integers.js'
import { toByteString } from '../../bytes/text.js'
import type { Element, PatternExpression, PatternReference } from '../patterns/index.js'
import { str } from '../samples/sample.js'
import type { CommandCall, Family } from './registry.js'

type Kind = 'map' | 'acl'

/** What `add` reads of a payload: keys, with values where it is a map. */
type Pair = readonly [key: string, value: string | undefined]

const unknown = (kind: Kind): string =>
  `Unknown ${kind === 'map' ? 'map' : 'ACL'} identifier. Please use #<id> or <file>.\n`

const isKind = (reference: PatternReference, kind: Kind): boolean =>
  kind === 'map' ? reference.isMap : reference.isAcl

/** The reference that `text` names, of any kind. */
const find = ({ process }: CommandCall, text: string): PatternReference | undefined =>
  process.patterns.findByIdOrName(text)

/** The same, of this kind only. */
const findOf = (call: CommandCall, text: string, kind: Kind): PatternReference | undefined => {
  const reference = find(call, text)
  return reference && isKind(reference, kind) ? reference : undefined
}

/** Takes `@version` off the front. A version is read as C's `strtoul`, so that garbage is 0. */
const splitVersion = (
  args: readonly string[],
): { readonly version: number | undefined; readonly rest: readonly string[] } => {
  const [first = ''] = args
  if (!first.startsWith('@')) return { version: undefined, rest: args }
  return { version: atol(first.slice(1)) >>> 0, rest: args.slice(1) }
}

/** The address of an entry in HAProxy's output, derived from its number. */
const addressOf = ({ id }: Element): string => `0x${(ADDRESSES + id * ADDRESS_STEP).toString(16)}`
const ADDRESSES = 0x7f_0000_0000
const ADDRESS_STEP = 0x70

/** The number in `#0x…`; undefined where that is no entry's address. */
const idAt = (text: string): number | undefined => {
  const id = (Number.parseInt(text, 16) - ADDRESSES) / ADDRESS_STEP
  return Number.isInteger(id) && id >= 0 ? id : undefined
}

const show =
  (kind: Kind) =>
  (call: CommandCall): string => {
    const { version, rest } = splitVersion(call.args)
    if (call.args[0] === undefined) return list(call, kind)
    const reference = findOf(call, rest[0] ?? '', kind)
    if (!reference) return unknown(kind)
    let text = ''
    for (const element of reference.elements(version))
      text += `${addressOf(element)} ${element.key}${element.value === undefined ? '' : ` ${element.value}`}\n`
    return text
  }

const list = ({ process }: CommandCall, kind: Kind): string => {
  let text = '# id (file) description\n'
  for (const each of process.patterns.all)
    if (isKind(each, kind))
      text +=
        `${each.uniqueId} (${each.name ?? ''}) ${each.description}. curr_ver=${each.current} next_ver=${each.next} ` +
        `entry_cnt=${BigInt.asUintN(64, BigInt(each.entryCount))}\n`
  return text
}

const get =
  (kind: Kind) =>
  (call: CommandCall): string => {
    const [name, key] = call.args
    if (name === undefined || key === undefined)
      return `Missing ${kind === 'map' ? 'map' : 'ACL'} identifier and/or key.\n`
    const reference = find(call, name)
    if (!reference) return unknown(kind)
    return reference.expressions.map((expression) => lookup(kind, reference, expression, key)).join('')
  }

/** HAProxy shows the address of functions that match in a way without a name; it varies. */
const MATCH_FUNCTION = '0x7f0000000000'

const lookup = (kind: Kind, reference: PatternReference, expression: PatternExpression, key: string): string => {
  const { matching, output, ignoreCase } = expression.how
  const found = matching === 'found' ? undefined : reference.match(expression, str(toByteString(key)))
  const type = matching === 'method' || matching === 'group' ? `unknown(${MATCH_FUNCTION})` : matching
  const head = `type=${type}, case=${ignoreCase ? 'insensitive' : 'sensitive'}`
  const verb = kind === 'map' ? 'found' : 'match'
  if (!found) return `${head}, ${verb}=no\n`
  const { element, index, value } = found
  const pattern = element ? `"${element.key}"` : 'unknown'
  const match = `${head}, ${verb}=yes, idx=${index}, ${kind === 'map' ? 'key' : 'pattern'}=${pattern}`
  if (kind === 'acl') return `${match}\n`
  return output === undefined || value === undefined
    ? `${match}, value=none\n`
    : `${match}, value="${element!.value}", type="${value.type}"\n`
}

const MAP_PARAMETERS =
  "'add map' expects three parameters (map identifier, key and value) or one parameter (map identifier) and a payload\n"
const ACL_PARAMETERS = "'add acl' expects two parameters: ACL identifier and pattern.\n"

const add =
  (kind: Kind) =>
  (call: CommandCall): string => {
    const { version, rest } = splitVersion(call.args)
    const [name, key, value] = rest
    const { payload } = call
    if (kind === 'map' && (name === undefined || (payload === undefined && (key === undefined || value === undefined))))
      return MAP_PARAMETERS
    if (kind === 'acl' && (name === undefined || key === undefined)) return ACL_PARAMETERS
    const reference = find(call, name!)
    if (!reference) return unknown(kind)
    if (version !== undefined && reference.isFuture(version))
      return `Version number in the future, please use 'prepare ${kind}' before.\n`
    if (kind === 'acl' && reference.hasValues)
      return "This ACL is shared with a map containing samples. You must use the command 'add map' to add values.\n"
    const pairs = payload === undefined ? [[key!, value] as const] : readPairs(payload, kind)
    for (const [each, its] of pairs) {
      if (each === undefined) return its!
      const error = reference.add(each, kind === 'map' ? its : undefined, version)
      if (error !== undefined) return `${error}.\n`
    }
    return ''
  }

/** One pair a line; where a value is missing, the message instead of a key. */
const readPairs = function* (payload: string, kind: Kind): Iterable<Pair | readonly [undefined, string]> {
  for (let rest = payload; rest !== '';) {
    const end = rest.search(/[ \t]/)
    if (end < 0 && kind === 'map') {
      yield [undefined, `Missing value for key '${rest}'.\n`]
      return
    }
    const key = end < 0 ? rest : rest.slice(0, end)
    const value = /^[ \t]*([^\n]*)\n?/.exec(end < 0 ? '' : rest.slice(end + 1))!
    rest = end < 0 ? '' : rest.slice(end + 1 + value[0].length)
    yield [key, value[1]]
  }
}

const setMap = (call: CommandCall): string => {
  const [name, key, value] = call.args
  if (name === undefined || key === undefined || value === undefined)
    return "'set map' expects three parameters: map identifier, key and value.\n"
  const reference = find(call, name)
  if (!reference) return unknown('map')
  const id = identifier(key)
  if (id === 'malformed') return MALFORMED
  const error = id === undefined ? reference.set(key, value) : reference.setById(id.number ?? -1, value)
  return error === undefined ? '' : `${error}.\n`
}

const MALFORMED = 'Malformed identifier. Please use #<id> or <file>.\n'

/** `#0x…` names an entry by its address; undefined for a key. */
const identifier = (key: string): { readonly number: number | undefined } | 'malformed' | undefined => {
  if (!key.startsWith('#0x')) return undefined
  const digits = key.slice(3)
  return /^[\da-f]*$/i.test(digits) && digits !== '' ? { number: idAt(digits) } : 'malformed'
}

const del =
  (kind: Kind) =>
  (call: CommandCall): string => {
    const [name, key] = call.args
    if (name === undefined || key === undefined)
      return `This command expects two parameters: ${kind === 'map' ? 'map' : 'ACL'} identifier and key.\n`
    const reference = findOf(call, name, kind)
    if (!reference) return unknown(kind)
    const id = identifier(key)
    if (id === 'malformed') return MALFORMED
    const found = id === undefined ? reference.delete(key) : reference.deleteById(id.number ?? -1)
    return found ? '' : 'Key not found.\n'
  }

const clear =
  (kind: Kind) =>
  (call: CommandCall): string => {
    const { version, rest } = splitVersion(call.args)
    if (rest[0] === undefined) return `Missing ${kind === 'map' ? 'map' : 'ACL'} identifier.\n`
    const reference = findOf(call, rest[0], kind)
    if (!reference) return unknown(kind)
    reference.purge(version ?? reference.current)
    return ''
  }

const prepare =
  (kind: Kind) =>
  (call: CommandCall): string => {
    const reference = findOf(call, call.args[0] ?? '', kind)
    return reference ? `New version created: ${reference.prepare()}\n` : unknown(kind)
  }

const commit =
  (kind: Kind) =>
  (call: CommandCall): string => {
    const { version, rest } = splitVersion(call.args)
    if (version === undefined) return 'Missing version number.\n'
    const reference = findOf(call, rest[0] ?? '', kind)
    if (!reference) return unknown(kind)
    if (reference.isFuture(version) || !reference.mayCommit(version)) return 'Version number out of range.\n'
    reference.commit(version)
    reference.purge('older')
    return ''
  }

export const patternFamily: Family = [
  ...(['map', 'acl'] as const).flatMap((kind): Family => [
    { words: ['show', kind], run: show(kind) },
    { words: ['get', kind], run: get(kind) },
    { words: ['add', kind], run: add(kind) },
    { words: ['del', kind], run: del(kind) },
    { words: ['clear', kind], run: clear(kind) },
    { words: ['prepare', kind], run: prepare(kind) },
    { words: ['commit', kind], run: commit(kind) },
  ]),
  { words: ['set', 'map'], run: setMap },
]
