/** The sections `defaults`, `frontend`, `backend` and `listen` (cfg_parse_listen in src/cfgparse-listen.c). */
import { DefaultsDraft, ProxyDraft, proxyTypeName, type SectionKind } from './draft.js'
import type { Line } from '../syntax/line.js'
import { badCharacter } from '../syntax/names.js'
import { readProxyKeyword } from './keywords.js'
import { mayInherit } from '../rules/placement.js'
import type { LineResult, Reading, SectionReader } from '../reading.js'

export const readProxyLine: SectionReader = (reading, line) => {
  switch (line.words[0]) {
    case 'defaults':
      return beginDefaults(reading, line)
    case 'frontend':
    case 'backend':
    case 'listen':
      return beginProxy(reading, line, line.words[0])
    default:
      if (!reading.currentProxy) return reading.alert(line, "'listen' or 'defaults' expected.")
      return readProxyKeyword(reading, line, reading.currentProxy)
  }
}

const kindName = (kind: SectionKind): string => (kind === 'listen' ? 'proxy' : kind)
const placeOf = ({ place }: ProxyDraft): string => `${place.file}:${place.line}`

const beginProxy = (reading: Reading, line: Line, kind: 'frontend' | 'backend' | 'listen'): LineResult => {
  const name = line.at(1)
  if (name === '') {
    reading.alert(line, `'${kind}' expects an <id> argument`)
    return 'abort'
  }
  let outcome: LineResult = 'ok'
  const bad = badCharacter(name)
  if (bad !== undefined)
    outcome = reading.alert(line, `character '${bad}' is not permitted in '${kind}' name '${name}'.`)
  const isNamed = reading.hasSection(name)
  const same = isNamed && (kind === 'backend' ? reading.backend(name) : reading.frontend(name))
  if (same) outcome = reading.rawAlert(line, sameName(line, kind, name, same))
  reading.currentProxy = undefined
  if (hasUnexpectedArguments(reading, line, kind)) return 'fatal'
  if (isNamed) warnAboutSameName(reading, line, kind, name)
  const from = findDefaults(reading, line, kind, name, line.at(2) === 'from' ? line.at(3) : undefined)
  if (from === 'abort') return 'abort'
  if (from.ambiguous) outcome = 'fatal'
  if (!mayInherit(reading, line, kind, from.section)) outcome = 'abort'
  const proxy = new ProxyDraft(name, kind, line.place, from.section?.settings)
  reading.currentProxy = proxy
  reading.proxies.push(proxy)
  reading.registerSection(proxy)
  return outcome
}

const sameName = (line: Line, kind: SectionKind, name: string, other: ProxyDraft): string =>
  `config : Parsing [${line.file}:${line.line}]: ${kindName(kind)} '${name}' has the same name as ` +
  `${proxyTypeName(other)} '${other.name}' declared at ${placeOf(other)}.`

const warnAboutSameName = (reading: Reading, line: Line, kind: SectionKind, name: string): void => {
  const other = reading.findSection(name)
  if (!other) return
  const text = `${sameName(line, kind, name, other)} This is dangerous and will not be supported anymore in version 3.3.`
  reading.main.add('warning', text, line.place)
}

/** Only `from` and a name may follow; anything else HAProxy takes for an old way to give an address. */
const hasUnexpectedArguments = (reading: Reading, line: Line, kind: SectionKind): boolean => {
  const stray = line.at(2) !== '' && (line.at(3) === '' || line.at(2) !== 'from')
  if (!stray && !reading.tooManyWords(line, 3)) return false
  if (kind !== 'backend') reading.alert(line, "please use the 'bind' keyword for listening addresses.")
  else if (stray) reading.alert(line, `'${kind}' cannot handle unexpected argument '${line.at(2)}'.`)
  return true
}

interface FoundDefaults {
  readonly section: DefaultsDraft | undefined
  readonly ambiguous: boolean
}

/** The `defaults` that a section named `name` begins with: the one after `from`, or the last one. */
const findDefaults = (
  reading: Reading,
  line: Line,
  kind: SectionKind,
  name: string,
  from: string | undefined,
): FoundDefaults | 'abort' => {
  if (from === undefined) {
    const section = kind === 'defaults' ? undefined : reading.lastDefaults
    if (section) section.implicitlyUsed = true
    warnAboutMixedUse(reading, line, section)
    return { section, ambiguous: false }
  }
  const found = reading.defaults.get(from) ?? []
  const section = found[0]
  const user = `${kindName(kind)} '${name}'`
  if (!section) {
    reading.alert(line, `defaults section '${from}' not found for ${user}.`)
    return 'abort'
  }
  if (found[1])
    reading.alert(
      line,
      `ambiguous defaults section name '${from}' referenced by ${user} exists at least at ` +
        `${placeOf(section)} and ${placeOf(found[1])}.`,
    )
  section.explicitlyUsed = true
  warnAboutMixedUse(reading, line, section)
  return { section, ambiguous: found.length > 1 }
}

const warnAboutMixedUse = (reading: Reading, line: Line, section: DefaultsDraft | undefined): void => {
  if (!section?.explicitlyUsed || !section.implicitlyUsed) return
  reading.warn(
    line,
    `defaults section '${section.name}' (declared at ${placeOf(section)}) is explicitly referenced by another proxy ` +
      "and implicitly used here. To avoid any ambiguity don't mix both usage. Add a last defaults section not " +
      'explicitly used or always use explicit references.',
  )
}

const beginDefaults = (reading: Reading, line: Line): LineResult => {
  const nameless = line.at(1) === 'from' && line.at(2) !== '' && line.at(3) === ''
  const name = nameless ? '' : line.at(1)
  const at = nameless ? 1 : 2
  const earlier = reading.defaults.get(name) ?? []
  const named = earlier.find((each) => each.explicitlyUsed)
  if (name !== '' && named) {
    reading.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: defaults '${name}' has the same name as another defaults section ` +
        `declared at ${placeOf(named)} which was explicitly referenced hence cannot be replaced. ` +
        'Please remove or rename one of the offending defaults section.',
    )
    return 'abort'
  }
  if (name !== '' && earlier.length === 0) warnAboutSameName(reading, line, 'defaults', name)
  const from = findDefaults(reading, line, 'defaults', name, line.at(at) === 'from' ? line.at(at + 1) : undefined)
  if (from === 'abort') return 'abort'
  const isAllowed = mayInherit(reading, line, 'defaults', from.section)
  const section = new DefaultsDraft(name, 'defaults', line.place, from.section?.settings)
  reading.currentProxy = section
  reading.lastDefaults = section
  reading.defaults.set(name, [section, ...earlier])
  if (name !== '') reading.registerSection(section)
  return isAllowed ? (from.ambiguous ? 'fatal' : 'ok') : 'abort'
}
