/** The section `log-profile` (cfg_parse_log_profile in src/log.c). */
import type { LogFormat } from '../samples/log-format.js'
import { parseLogFormat } from '../samples/log-format.js'
import { placesMask } from '../samples/places.js'
import type { ParseContext, SectionParser } from '../parse-context.js'
import { abort, type Section } from '../section.js'
import type { Line } from '../syntax/line.js'
import { FURTHER_STEPS } from '../known/log-steps.js'
import { invalidCharacter } from '../syntax/names.js'
import { LOG_PROFILES, PROFILE_STEPS as STEPS } from './log-profile-draft.js'

const read: SectionParser = (context, line) => {
  const keyword = KEYWORDS.get(line.at(0))
  return keyword
    ? keyword(context, line)
    : abort(context, line, `unknown keyword '${line.at(0)}' in log-profile section.`)
}

const begin: SectionParser = (context, line) => {
  const name = line.at(1)
  if (name === '') return abort(context, line, 'missing name for log-profile section.')
  if (context.tooManyWords(line, 1)) return 'fatal'
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    return abort(context, line, `character '${bad}' is not permitted in '${line.at(0)}' name '${name}'.`)
  const profiles = context.drafts(LOG_PROFILES)
  const other = profiles.find(name)
  if (other) {
    profiles.current = other
    return context.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: log-profile section '${name}' has the same name as another ` +
        `log-profile section declared at ${other.place.file}:${other.place.line}.`,
    )
  }
  profiles.begin({ name, place: line.place, logTag: undefined, steps: new Map() })
  return 'ok'
}

const logTag: SectionParser = (context, line) => {
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects a tag for use in syslog.`)
  context.drafts(LOG_PROFILES).current!.logTag = line.at(1)
  return 'ok'
}

const on: SectionParser = (context, line) => {
  const [keyword, step] = [line.at(0), line.at(1)]
  if (!STEPS.includes(step) && !FURTHER_STEPS.includes(step)) return unknownStep(context, line)
  const { steps } = context.drafts(LOG_PROFILES).current!
  const settings = steps.get(step) ?? { drop: false, format: undefined, sd: undefined, place: line.place }
  steps.set(step, settings)
  settings.place = line.place
  let at = 2
  for (; line.at(at) !== ''; at += 2) {
    const setting = line.at(at)
    if (setting === 'drop' && at === 2) {
      settings.drop = true
      at--
      continue
    }
    if (setting !== 'format' && setting !== 'sd') break
    settings.drop = false
    if (line.at(at + 1) === '')
      return context.alert(line, `'${keyword} ${step} ${setting}' expects a logformat string.`)
    const format = readFormat(context, line, line.at(at + 1))
    if (!format) return 'fatal'
    settings[setting] = format
  }
  return at === 2 || line.at(at) !== ''
    ? context.alert(line, `'${keyword} ${step}' expects 'drop', 'format' or 'sd'.`)
    : 'ok'
}

const unknownStep: SectionParser = (context, line) => {
  const quoted = (names: readonly string[]): string => names.map((each) => `'${each}'`).join(', ')
  return context.alertWithoutSpace(
    line,
    `'${line.at(0)}' expects a log step.\nexpected values are: ${quoted(STEPS.slice(0, -1))} or 'any'.\n` +
      `Or one of the additional log steps: ${quoted(FURTHER_STEPS)}.`,
  )
}

/** Parses a log-format; undefined if it is invalid, after reporting the error. */
const readFormat = (context: ParseContext, line: Line, text: string): LogFormat | undefined => {
  const format = parseLogFormat(text, {
    keywords: { ...context.options.samples, noReferences: true },
    places: placesMask('logs'),
    mandatory: true,
    mergeSpaces: true,
  })
  for (const warning of format.warnings) context.warn(line, warning)
  if (!('error' in format)) return format
  const where = `config : Parsing [${line.file}:${line.line}]`
  context.rawAlert(line, `${where}: failed to parse logformat: ${format.error}.`)
  return undefined
}

const KEYWORDS: ReadonlyMap<string, SectionParser> = new Map([
  ['log-profile', begin],
  ['log-tag', logTag],
  ['on', on],
])

/** The section `log-profile`. */
export const LOG_PROFILE_SECTION: Section = { keyword: 'log-profile', read }
