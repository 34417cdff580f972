/** The section `http-errors` (cfg_parse_http_errors in src/http_htx.c). */
import { atol } from '../../bytes/integers.js'
import { loadErrorPage } from '../error-files.js'
import type { LineResult, SectionParser } from '../parse-context.js'
import { abort, type Section } from '../section.js'
import { invalidCharacter } from '../syntax/names.js'
import { HTTP_ERRORS } from './http-errors-draft.js'

const read: SectionParser = (context, line) => {
  if (line.at(0) === 'http-errors') return begin(context, line)
  if (line.at(0) === 'errorfile') return errorFile(context, line)
  return context.alert(line, `unknown keyword '${line.at(0)}' in 'http-errors' section`)
}

const begin: SectionParser = (context, line) => {
  const name = line.at(1)
  if (name === '') return abort(context, line, 'missing name for http-errors section.')
  let outcome: LineResult = 'ok'
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    outcome = context.alert(line, `character '${bad}' is not permitted in '${line.at(0)}' name '${name}'.`)
  const sections = context.drafts(HTTP_ERRORS)
  for (const { place } of sections.all.filter((each) => each.name === name))
    outcome = context.alertWithoutSpace(
      line,
      `http-errors section '${name}' already exists (declared at ${place.file}:${place.line}).`,
    )
  sections.begin({ name, place: line.place, pages: new Map() })
  return outcome
}

const errorFile: SectionParser = (context, line) => {
  const [keyword, status, file] = [line.at(0), line.at(1), line.at(2)]
  if (status === '' || file === '')
    return context.alert(line, `${keyword}: expects <status_code> and <file> as arguments.`)
  const page = loadErrorPage(context, line, atol(status), file)
  if ('error' in page) return context.alert(line, `${keyword} : ${page.error}`)
  context.drafts(HTTP_ERRORS).current!.pages.set(page.status, page)
  return 'ok'
}

/** The section `http-errors`. */
export const HTTP_ERRORS_SECTION: Section = { keyword: 'http-errors', read }
