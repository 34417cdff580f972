/** Error pages of proxies: `errorfile`, `errorloc`, `errorfiles`, `http-error` (src/http_htx.c). */
import { atol } from '../../bytes/integers.js'
import { toByteString } from '../../bytes/text.js'
import { hasErrorPage, loadErrorPage } from '../error-files.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { HttpReply } from '../model/replies.js'
import { readReply } from '../rules/actions/reply.js'
import { RuleProblem, RuleReader } from '../rules/rule-reader.js'
import { PLACES, placesMask } from '../samples/places.js'
import { HTTP_ERRORS } from '../sections/http-errors-draft.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Line } from '../syntax/line.js'
import type { ErrorPageSetting } from './error-page-setting.js'
import type { ProxyDraft } from './draft.js'

type Reader = (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult

/** Pages are made for requests and for responses. */
const MESSAGE_PLACES = placesMask(
  ...PLACES.filter((place) => place !== 'configuration parser' && place !== 'CLI parser'),
)

const add = (proxy: ProxyDraft, setting: ErrorPageSetting): LineResult => {
  proxy.change({ errorPages: [...proxy.settings.errorPages, setting] })
  return 'ok'
}

/** What is wrong with the number of arguments of `errorfile` and `errorloc`. */
const argumentProblem = (line: Line, what: string): string | undefined => {
  if (line.at(1) === '' || line.at(2) === '')
    return `${line.at(0)} : expects <status_code> and <${what}> as arguments.\n`
  return line.at(3) === '' ? undefined : `${line.at(0)} : expects exactly two arguments.\n`
}

/** `errorfile STATUS FILE` */
export const readErrorFile: Reader = (context, line, proxy) => {
  const problem = argumentProblem(line, 'file')
  if (problem !== undefined) return context.alert(line, problem)
  const page = loadErrorPage(context, line, atol(line.at(1)), line.at(2))
  if ('error' in page) return context.alert(line, `${line.at(0)} : ${page.error}`)
  return add(proxy, { kind: 'page', page })
}

/** `errorloc STATUS URL`, `errorloc302`, `errorloc303` */
export const readErrorLocation: Reader = (context, line, proxy) => {
  const problem = argumentProblem(line, 'url')
  if (problem !== undefined) return context.alert(line, problem)
  const status = atol(line.at(1))
  if (!hasErrorPage(status)) return context.alert(line, `${line.at(0)} : status code '${status}' not handled.`)
  const code = line.at(0) === 'errorloc303' ? 303 : 302
  return add(proxy, { kind: 'redirect', status, code, url: toByteString(line.at(2)) })
}

/** `errorfiles SECTION [STATUS …]` */
export const readErrorFiles: Reader = (context, line, proxy) => {
  const name = line.at(1)
  if (name === '') return context.alert(line, `${line.at(0)} : expects <name> as argument.`)
  const statuses = line.from(2).map(atol)
  const unknown = statuses.find((status) => !hasErrorPage(status))
  if (unknown !== undefined) return context.alert(line, `${line.at(0)} : status code '${unknown}' not handled.`)
  return add(proxy, {
    kind: 'section',
    name,
    statuses: statuses.length === 0 ? undefined : statuses,
    place: line.place,
  })
}

/** `http-error status STATUS …` with the parameters of `return` */
export const readHttpError: Reader = (context, line, proxy) => {
  const keyword = line.at(0)
  const reader = new RuleReader(context, line, proxy, 'http-request', 1, { places: MESSAGE_PLACES, use: 'http-error' })
  let reply: HttpReply
  try {
    reply = readReply(reader, 0)
  } catch (error) {
    if (!(error instanceof RuleProblem)) throw error
    return context.alert(line, `${keyword} : ${error.message}`)
  }
  if (reply.status === 0) return context.alert(line, `${keyword} : expects at least a <status> as arguments.\n`)
  if (!hasErrorPage(reply.status)) return context.alert(line, `${keyword}: status code '${reply.status}' not handled.`)
  if (reader.word !== '') return context.alert(line, `${keyword} : unknown keyword '${reader.word}'.`)
  const { body, status } = reply
  if (body.from === 'errorfiles')
    return add(proxy, { kind: 'section', name: body.section, statuses: [status], place: line.place })
  return add(proxy, { kind: 'reply', reply })
}

/** The sections `http-errors` that a proxy uses (`proxy_check_errors`). */
export const checkErrorPages = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  for (const setting of proxy.settings.errorPages) {
    if (setting.kind !== 'section') continue
    const { name, statuses, place } = setting
    const at = `(at ${place.file}:${place.line})`
    const section = context.drafts(HTTP_ERRORS).find(name)
    if (!section) {
      diagnostics.add('alert', `proxy '${proxy.name}': unknown http-errors section '${name}' ${at}.`, place)
      continue
    }
    for (const status of [...(statuses ?? [])].sort((a, b) => a - b))
      if (!section.pages.has(status))
        diagnostics.add(
          'warning',
          `config: proxy '${proxy.name}' : status '${status}' not declared in http-errors section '${name}' ${at}.`,
          place,
        )
  }
}
