/** The sections `defaults`, `frontend`, `backend` and `listen` (cfg_parse_listen in src/cfgparse-listen.c). */
import { DefaultsDraft, ProxyDraft, proxyTypeName, type SectionKind } from './draft.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter } from '../syntax/names.js'
import { readProxyKeyword } from './keywords.js'
import { mayInherit } from '../rules/inheritance.js'
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import type { Section } from '../section.js'
import { LOG_FORWARDS } from '../sections/log-forward-draft.js'

/** Parses a line of a proxy or `defaults` section. */
const read: SectionParser = (context, line) => {
  switch (line.words[0]) {
    case 'defaults':
      return beginDefaults(context, line)
    case 'frontend':
    case 'backend':
    case 'listen':
      return beginProxy(context, line, line.words[0])
    default:
      if (!context.currentProxy) return context.alert(line, "'listen' or 'defaults' expected.")
      context.currentProxy.lastLine = line.line
      return readProxyKeyword(context, line, context.currentProxy)
  }
}

/** The sections of proxies. */
export const PROXY_SECTIONS: readonly Section[] = ['defaults', 'frontend', 'backend', 'listen'].map((keyword) => ({
  keyword,
  read,
}))

const kindName = (kind: SectionKind): string => (kind === 'listen' ? 'proxy' : kind)
const placeOf = ({ place }: ProxyDraft): string => `${place.file}:${place.line}`

const beginProxy = (context: ParseContext, line: Line, kind: 'frontend' | 'backend' | 'listen'): LineResult => {
  const name = line.at(1)
  if (name === '') {
    context.alert(line, `'${kind}' expects an <id> argument`)
    return 'abort'
  }
  let outcome: LineResult = 'ok'
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    outcome = context.alert(line, `character '${bad}' is not permitted in '${kind}' name '${name}'.`)
  const isDuplicate = context.hasSection(name)
  const same = isDuplicate && (kind === 'backend' ? context.backend(name) : context.frontend(name))
  if (same) outcome = context.rawAlert(line, sameName(line, kind, name, same))
  if (hasNameOfLogForward(context, line, kind, name)) outcome = 'fatal'
  context.currentProxy = undefined
  if (hasUnexpectedArguments(context, line, kind)) return 'fatal'
  if (isDuplicate) warnAboutSameName(context, line, kind, name)
  const from = findDefaults(context, line, kind, name, line.at(2) === 'from' ? line.at(3) : undefined)
  if (from === 'abort') return 'abort'
  if (from.ambiguous) outcome = 'fatal'
  if (!mayInherit(context, line, kind, from.section)) outcome = 'abort'
  const proxy = new ProxyDraft(name, kind, line.place, from.section?.settings)
  if (from.section?.hasTraffic) {
    const { traffic } = from.section
    if (traffic.hasRules) proxy.rulesFrom = from.section
    if (traffic.hasCaptures) proxy.traffic.inheritCaptures(traffic)
  }
  context.currentProxy = proxy
  context.proxies.push(proxy)
  context.registerSection(proxy)
  return outcome
}

const sameName = (line: Line, kind: SectionKind, name: string, other: ProxyDraft): string =>
  `config : Parsing [${line.file}:${line.line}]: ${kindName(kind)} '${name}' has the same name as ` +
  `${proxyTypeName(other)} '${other.name}' declared at ${placeOf(other)}.`

/** Reports a section `log-forward` of this name. Returns whether there is one. */
const hasNameOfLogForward = (context: ParseContext, line: Line, kind: SectionKind, name: string): boolean => {
  const other = context.drafts(LOG_FORWARDS).find(name)
  if (!other) return false
  const { file, line: number } = other.place
  context.rawAlert(
    line,
    `config : Parsing [${line.file}:${line.line}]: ${kindName(kind)} '${name}' has the same name as log forward section ` +
      `'${name}' declared at ${file}:${number}.`,
  )
  return true
}

const warnAboutSameName = (context: ParseContext, line: Line, kind: SectionKind, name: string): void => {
  const other = context.findSection(name)
  if (!other) return
  const text = `${sameName(line, kind, name, other)} This is dangerous and will not be supported anymore in version 3.3.`
  context.main.add('warning', text, line.place)
}

/** Only `from <name>` may follow; HAProxy treats anything else as the obsolete way to specify an address. */
const hasUnexpectedArguments = (context: ParseContext, line: Line, kind: SectionKind): boolean => {
  const unexpected = line.at(2) !== '' && (line.at(3) === '' || line.at(2) !== 'from')
  if (!unexpected) return context.tooManyWords(line, 3)
  if (kind !== 'backend') context.alert(line, "please use the 'bind' keyword for listening addresses.")
  else context.alert(line, `'${kind}' cannot handle unexpected argument '${line.at(2)}'.`)
  return true
}

interface FoundDefaults {
  readonly section: DefaultsDraft | undefined
  readonly ambiguous: boolean
}

/** The `defaults` section of a section: the one after `from`, or the last one. */
const findDefaults = (
  context: ParseContext,
  line: Line,
  kind: SectionKind,
  name: string,
  from: string | undefined,
): FoundDefaults | 'abort' => {
  if (from === undefined) {
    const section = kind === 'defaults' ? undefined : context.lastDefaults
    if (section) section.implicitlyUsed = true
    warnAboutMixedUse(context, line, section)
    return { section, ambiguous: false }
  }
  const found = context.defaults.get(from) ?? []
  const section = found[0]
  const user = `${kindName(kind)} '${name}'`
  if (!section) {
    context.alert(line, `defaults section '${from}' not found for ${user}.`)
    return 'abort'
  }
  if (found[1])
    context.alert(
      line,
      `ambiguous defaults section name '${from}' referenced by ${user} exists at least at ` +
        `${placeOf(section)} and ${placeOf(found[1])}.`,
    )
  section.explicitlyUsed = true
  warnAboutMixedUse(context, line, section)
  return { section, ambiguous: found.length > 1 }
}

const warnAboutMixedUse = (context: ParseContext, line: Line, section: DefaultsDraft | undefined): void => {
  if (!section?.explicitlyUsed || !section.implicitlyUsed) return
  context.warn(
    line,
    `defaults section '${section.name}' (declared at ${placeOf(section)}) is explicitly referenced by another proxy ` +
      "and implicitly used here. To avoid any ambiguity don't mix both usage. Add a last defaults section not " +
      'explicitly used or always use explicit references.',
  )
}

const beginDefaults = (context: ParseContext, line: Line): LineResult => {
  const isAnonymous = line.at(1) === 'from' && line.at(2) !== '' && line.at(3) === ''
  const name = isAnonymous ? '' : line.at(1)
  const at = isAnonymous ? 1 : 2
  const isForwarded = hasNameOfLogForward(context, line, 'defaults', name)
  const earlier = context.defaults.get(name) ?? []
  const named = earlier.find((each) => each.explicitlyUsed)
  if (name !== '' && named) {
    context.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: defaults '${name}' has the same name as another defaults section ` +
        `declared at ${placeOf(named)} which was explicitly referenced hence cannot be replaced. ` +
        'Please remove or rename one of the offending defaults section.',
    )
    return 'abort'
  }
  if (name !== '' && earlier.length === 0) warnAboutSameName(context, line, 'defaults', name)
  const from = findDefaults(context, line, 'defaults', name, line.at(at) === 'from' ? line.at(at + 1) : undefined)
  if (from === 'abort') return 'abort'
  const isAllowed = mayInherit(context, line, 'defaults', from.section)
  const section = new DefaultsDraft(name, 'defaults', line.place, from.section?.settings)
  context.currentProxy = section
  context.lastDefaults = section
  context.defaults.set(name, [section, ...earlier])
  if (name !== '') context.registerSection(section)
  return isAllowed ? (from.ambiguous || isForwarded ? 'fatal' : 'ok') : 'abort'
}
