/** The experimental section `acme` (cfg_parse_acme in src/acme.c). Certificates are not ordered. */
import { strtol } from '../../bytes/integers.js'
import type { ParseContext, SectionParser } from '../parse-context.js'
import type { Section } from '../section.js'
import { SectionKey } from '../section-drafts.js'
import { findBestMatch } from '../syntax/best-match.js'
import type { Line } from '../syntax/line.js'
import type { Place } from '../syntax/place.js'

interface AcmeDraft {
  readonly name: string
  readonly place: Place
  directory: string | undefined
}

/** The sections `acme` of a configuration. */
export const ACME_SECTIONS = new SectionKey<AcmeDraft>('acme')

/** Errors stop parsing of the file. */
const read: SectionParser = (context, line) => {
  if (!context.global.allowsExperimental)
    return stop(
      context,
      line,
      "section 'acme' is experimental, must be allowed via a global 'expose-experimental-directives'",
    )
  if (line.at(0) === 'acme') return begin(context, line)
  const keyword = KEYWORDS.get(line.at(0))
  if (keyword === undefined) {
    const best = findBestMatch(line.at(0), KEYWORDS.keys())
    const hint = best === undefined ? '' : `; did you mean '${best}' maybe ?`
    context.alert(line, `unknown keyword '${line.at(0)}' in 'acme' section${hint}`)
    return 'abort'
  }
  if (keyword(context, line)) return 'ok'
  // HAProxy reports once more, without a text
  context.alert(line, '(null)')
  return 'abort'
}

const stop = (context: ParseContext, line: Line, text: string): 'abort' => {
  context.alertWithoutSpace(line, text)
  return 'abort'
}

const begin: SectionParser = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'abort'
  const name = line.at(1)
  if (name === '') return stop(context, line, "section 'acme' requires an ID argument.")
  const sections = context.drafts(ACME_SECTIONS)
  const other = sections.find(name)
  if (other) {
    const { file, line: number } = sections.all.at(-1)!.place
    return stop(context, line, `acme section '${name}' already exists (${file}:${number}).`)
  }
  sections.begin({ name, place: line.place, directory: undefined })
  context.notEmulated(line, `section 'acme ${name}'`, 'traffic')
  return 'ok'
}

/** Parses a setting. Returns whether it is valid, after reporting the error. */
type Keyword = (context: ParseContext, line: Line) => boolean

const needs = (context: ParseContext, line: Line, what: string): false => {
  context.alertWithoutSpace(line, `keyword '${line.at(0)}' in 'acme' section requires ${what}`)
  return false
}

const oneArgument =
  (what = 'an argument', max = 1, then: Keyword = () => true): Keyword =>
  (context, line) =>
    line.at(1) === '' ? needs(context, line, what) : !context.tooManyWords(line, max) && then(context, line)

const challenge: Keyword = (context, line) =>
  /^(?:http|dns)-01$/i.test(line.at(1))
    ? !context.tooManyWords(line, 1)
    : needs(context, line, 'a challenge type: http-01 or dns-01')

const bits: Keyword = (context, line) => {
  const value = line.at(1)
  if (value === '') return needs(context, line, 'an argument')
  if (strtol(value).rest === '') return !context.tooManyWords(line, 1)
  context.alert(line, `cannot parse '${line.at(0)}' value '${value}', an integer is expected.`)
  return false
}

const keyType: Keyword = (context, line) =>
  line.at(1) === 'RSA' || line.at(1) === 'ECDSA' || needs(context, line, "either 'RSA' or 'ECDSA' argument")

const CURVES: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521', 'prime256v1', 'secp384r1', 'secp521r1'])

const curves: Keyword = (context, line) => {
  if (CURVES.has(line.at(1))) return true
  context.alertWithoutSpace(line, `unsupported curves '${line.at(1)}'`)
  return false
}

const directory: Keyword = (context, line) => {
  context.drafts(ACME_SECTIONS).current!.directory = line.at(1)
  return true
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ['directory', oneArgument('an argument', 1, directory)],
  ['contact', oneArgument()],
  ['account-key', oneArgument('a filename argument', 2)],
  ['challenge', challenge],
  ['keytype', oneArgument('an argument', 1, keyType)],
  ['bits', bits],
  ['curves', oneArgument('an argument', 1, curves)],
  ['map', oneArgument()],
])

const end: Section['end'] = (context) => {
  const section = context.drafts(ACME_SECTIONS).current
  if (!section || section.directory !== undefined) return 'ok'
  context.main.add('alert', `config : acme: No directory defined in ACME section '${section.name}'.`, section.place)
  return 'abort'
}

/** The section `acme`. */
export const ACME_SECTION: Section = { keyword: 'acme', read, end }
