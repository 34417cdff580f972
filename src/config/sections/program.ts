/** The section `program` (cfg_parse_program in src/mworker-prog.c), which only the discovery pass reads. */
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import { tooManyWordsText } from '../parse-context.js'
import type { Section } from '../section.js'
import { SectionKey } from '../section-drafts.js'
import type { Line } from '../syntax/line.js'
import type { Place } from '../syntax/place.js'

interface ProgramDraft {
  readonly name: string
  readonly place: Place
  hasUser: boolean
  hasGroup: boolean
}

const PROGRAMS = new SectionKey<ProgramDraft>('program')

/** Reports an error before the colon has a space. */
const alert = (context: ParseContext, line: Line, text: string): 'fatal' => {
  context.early.parsing('alert', line.place, text)
  return 'fatal'
}

/** Reports an error in the form without that space. */
const alertWithoutSpace = (context: ParseContext, line: Line, text: string): 'fatal' => {
  context.early.add('alert', `config : parsing [${line.file}:${line.line}]: ${text}`, line.place)
  return 'fatal'
}

const discover: SectionParser = (context, line) => {
  const keyword = KEYWORDS.get(line.at(0))
  if (!keyword) return alert(context, line, `unknown keyword '${line.at(0)}' in 'program' section`)
  return keyword(context, line)
}

const begin: SectionParser = (context, line) => {
  const stop = (_: 'fatal'): 'abort' => 'abort'
  const name = line.at(1)
  if (line.at(2) !== '') return stop(alert(context, line, tooManyWordsText(line, line.at(2))))
  if (name === '') return stop(alert(context, line, `'${line.at(0)}' expects an <id> argument`))
  const programs = context.drafts(PROGRAMS)
  if (programs.find(name))
    return stop(alertWithoutSpace(context, line, `'${name}' program section already exists in the configuration.`))
  if (!context.global.allowsDeprecated) {
    context.early.add('warning', `config : parsing [${line.file}:${line.line}]: ${DEPRECATED}`, line.place)
    return 'abort'
  }
  programs.begin({ name, place: line.place, hasUser: false, hasGroup: false })
  return 'ok'
}

const DEPRECATED =
  "The 'program' section is deprecated and will be eventually removed, it can be still allowed by setting " +
  "'expose-deprecated-directives' keyword in the 'global' section defined before any 'program' section. Please, consider " +
  "to use a process manager instead of 'program' section, such as sysvinit, systemd, supervisord or s6."

const command: SectionParser = (context, line) =>
  line.at(1) === ''
    ? alertWithoutSpace(context, line, `'${line.at(0)}' expects a command with optional arguments separated in words.`)
    : 'ok'

const option: SectionParser = (context, line) => {
  const name = line.at(1)
  if (name === '') return alertWithoutSpace(context, line, `'${line.at(0)}' expects an option name.`)
  if (name !== 'start-on-reload') return alert(context, line, `unknown option '${name}'.`)
  return line.at(2) === '' ? 'ok' : alert(context, line, tooManyWordsText(line, line.at(2), 1))
}

const identity =
  (kind: 'user' | 'group'): SectionParser =>
  (context, line): LineResult => {
    const name = line.at(1)
    const id = kind === 'user' ? 'uid' : 'gid'
    if (name === '') return alertWithoutSpace(context, line, `'${line.at(0)}' expects a ${kind} name.`)
    if (line.at(2) !== '') return alert(context, line, tooManyWordsText(line, line.at(2)))
    const program = context.drafts(PROGRAMS).current
    const key = kind === 'user' ? 'hasUser' : 'hasGroup'
    if (program?.[key]) {
      alert(context, line, `${kind}/${id} already specified. Continuing.`)
      return 'ok'
    }
    if (context.accounts[kind](name) === undefined)
      return alert(context, line, `cannot find ${kind} id for '${name}' (0:Success)`)
    if (program) program[key] = true
    return 'ok'
  }

const KEYWORDS: ReadonlyMap<string, SectionParser> = new Map([
  ['program', begin],
  ['command', command],
  ['option', option],
  ['user', identity('user')],
  ['group', identity('group')],
])

/** Why the process does not start after the discovery pass: programs are only run by a master. */
export const programsProblem = (context: ParseContext): string | undefined =>
  context.drafts(PROGRAMS).all.length > 0 && !context.masterWorker
    ? "'program' section is defined in configuration, but master-worker mode (-W) is not enabled."
    : undefined

/** The section `program`. */
export const PROGRAM_SECTION: Section = {
  keyword: 'program',
  discover,
  read: (context, line) =>
    line.at(0) === 'program' ? context.notEmulated(line, `section 'program ${line.at(1)}'`, 'process') : 'ok',
}
