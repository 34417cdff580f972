/** The `mailers` section (cfg_parse_mailers in src/cfgparse.c). */
import { SECOND } from '../../engine/clock.js'
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter } from '../syntax/names.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { abort, type Section } from '../section.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { MAILERS } from './mailers-draft.js'
import { readTime } from '../syntax/time-argument.js'

const read: Section['read'] = (context, line) => {
  switch (line.at(0)) {
    case 'mailers':
      return beginMailers(context, line)
    case 'mailer':
      return readMailer(context, line)
    case 'timeout':
      return readTimeout(context, line)
    default:
      return context.alert(line, `unknown keyword '${line.at(0)}' in 'mailers' section`)
  }
}

const beginMailers = (context: ParseContext, line: Line): LineResult => {
  const name = line.at(1)
  if (name === '') return abort(context, line, 'missing name for mailers section.')
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    return abort(context, line, `character '${bad}' is not permitted in '${line.at(0)}' name '${name}'.`)
  const mailers = context.drafts(MAILERS)
  let outcome: LineResult = 'ok'
  for (const { place } of mailers.all.filter((each) => each.name === name))
    outcome = context.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: mailers section '${name}' has the same name as another ` +
        `mailers section declared at ${place.file}:${place.line}.`,
    )
  mailers.begin({ name, place: line.place, mailers: [], timeoutMail: 10 * SECOND })
  return outcome
}

const readMailer = (context: ParseContext, line: Line): LineResult => {
  const [keyword, name, text] = [line.at(0), line.at(1), line.at(2)]
  if (text === '') return context.alert(line, `'${keyword}' expects <name> and <addr>[:<port>] as arguments.`)
  const bad = invalidCharacter(name)
  if (bad !== undefined) return context.alert(line, `character '${bad}' is not permitted in server name '${name}'.`)
  const parsed = readAddress(context, text, 'mailer')
  if ('error' in parsed) return context.alert(line, `'${keyword} ${name}' : ${parsed.error}`)
  if (!('ip' in parsed.address) || parsed.protocol !== 'stream')
    return context.alert(line, `'${keyword} ${name}' : TCP not supported for this address family.`)
  context.drafts(MAILERS).current!.mailers.push({ name, address: parsed.address, place: line.place })
  return 'ok'
}

const readTimeout = (context: ParseContext, line: Line): LineResult => {
  const [keyword, which, text] = [line.at(0), line.at(1), line.at(2)]
  if (which === '') return context.alert(line, `'${keyword}' expects 'mail' and <time> as arguments.`)
  if (which !== 'mail')
    return context.alert(line, `'${keyword}' expects 'mail' and <time> as arguments got '${which}'.`)
  if (text === '') return context.alert(line, `'${keyword} ${which}' expects <time> as argument.`)
  const time = readTime(context, line, text, { keyword: `${keyword} ${which}` })
  if (time === undefined) return 'fatal'
  context.drafts(MAILERS).current!.timeoutMail = time
  return 'ok'
}

/** HAProxy removes sections that no proxy uses. */
const warnAboutUnused = (context: ParseContext, diagnostics: Diagnostics): void => {
  const used = new Set(context.proxies.map((proxy) => proxy.settings.emailAlert?.config?.mailers))
  for (const section of [...context.drafts(MAILERS).all].reverse())
    if (!used.has(section))
      diagnostics.add('warning', `Removing incomplete section 'mailers ${section.name}'.`, section.place)
}

/** The section `mailers`. */
export const MAILERS_SECTION: Section = { keyword: 'mailers', read, check: warnAboutUnused }
