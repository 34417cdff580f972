/** The section `fcgi-app` (cfg_parse_fcgi_app and cfg_fcgi_apps_postparser in src/fcgi-app.c). */
import { atol } from '../../bytes/integers.js'
import { fromByteString, toByteString } from '../../bytes/text.js'
import { compileRegex, isRegexError } from '../../regex/index.js'
import type { Condition } from '../model/acl.js'
import type { FcgiRuleConfig } from '../model/fcgi.js'
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import { readLogLine } from '../proxy/log.js'
import { readAclLine } from '../rules/acl.js'
import { parseCondition } from '../rules/condition.js'
import type { Section, SectionCheck } from '../section.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter } from '../syntax/names.js'
import { FCGI_APPS, FcgiAppDraft } from './fcgi-app-draft.js'

type Keyword = (context: ParseContext, line: Line, app: FcgiAppDraft) => LineResult

const read: SectionParser = (context, line) => {
  const keyword = line.at(0)
  if (keyword === 'fcgi-app') return begin(context, line)
  const parse = KEYWORDS.get(keyword)
  if (!parse) return context.alertWithoutSpace(line, `unknown keyword '${keyword}' in 'fcgi-app' section`)
  const { current } = context.drafts(FCGI_APPS)
  return current ? parse(context, line, current) : 'ok'
}

const begin: SectionParser = (context, line) => {
  const [keyword, name] = [line.at(0), line.at(1)]
  if (name === '') return context.alertWithoutSpace(line, `'${keyword}' expects <name> as argument.`)
  if (context.tooManyWords(line, 1)) return 'fatal'
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    return context.alertWithoutSpace(line, `character '${bad}' is not permitted in '${keyword}' name '${name}'.`)
  let outcome: LineResult = 'ok'
  const apps = context.drafts(FCGI_APPS)
  for (const { place } of apps.all.filter((each) => each.name === name).reverse())
    outcome = context.rawAlert(
      line,
      `config : Parsing [${line.file}:${line.line}]: fcgi-app section '${name}' has the same name as another one ` +
        `declared at ${place.file}:${place.line}.`,
    )
  apps.begin(new FcgiAppDraft(name, line.place))
  // expressions of the section belong to no proxy
  context.currentProxy = undefined
  context.notEmulated(line, `section 'fcgi-app ${name}'`, 'traffic')
  return outcome
}

const text =
  (what: string, set: (app: FcgiAppDraft, value: string) => void): Keyword =>
  (context, line, app) => {
    if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects <${what}> as argument.`)
    if (context.tooManyWords(line, 0, 1)) return 'fatal'
    set(app, toByteString(line.at(1)))
    return 'ok'
  }

const pathInfo: Keyword = (context, line, app) => {
  const pattern = line.at(1)
  if (pattern === '') return context.alert(line, `'${line.at(0)}' expects <regex> as argument.`)
  if (context.tooManyWords(line, 0, 1)) return 'fatal'
  const regex = compileRegex(toByteString(pattern), { ignoreCase: false, captures: true })
  if (isRegexError(regex)) return context.alert(line, `'${pattern}' : ${fromByteString(regex.error)}.`)
  app.pathInfo = regex
  return 'ok'
}

const setParameter: Keyword = (context, line, app) => {
  const [name, value] = [line.at(1), line.at(2)]
  if (name === '' || value === '')
    return context.alert(line, `'${line.at(0)}' expects <name> and <value> as arguments.`)
  const parameter = toByteString(name.toLowerCase()).replace(/[^a-z0-9]/g, '_')
  return addRule(context, line, app, 3, (condition) => ({ kind: 'set-param', name: parameter, value, condition }))
}

const passHeader: Keyword = (context, line, app) => {
  const name = line.at(1)
  if (name === '') return context.alert(line, `'${line.at(0)}' expects <name> as arguments.`)
  const field = toByteString(name.toLowerCase())
  return addRule(context, line, app, 2, (condition) => ({ kind: 'pass-header', name: field, condition }))
}

/** Adds a rule whose condition begins at a word. */
const addRule = (
  context: ParseContext,
  line: Line,
  app: FcgiAppDraft,
  at: number,
  make: (condition: Condition | undefined) => FcgiRuleConfig,
): LineResult => {
  const word = line.at(at)
  let condition: Condition | undefined
  if (word === 'if' || word === 'unless') {
    const parsed = parseCondition(context, line, at, app.acls)
    if ('error' in parsed) return context.alert(line, `'${line.at(1)}' : ${parsed.error}.`)
    condition = parsed.condition
  } else if (word !== '') return context.alert(line, `'${line.at(1)}' : (null).`)
  app.rules.push(make(condition))
  return 'ok'
}

const SWITCHES: ReadonlyMap<string, 'keepConnections' | 'getValues' | 'multiplexes'> = new Map([
  ['keep-conn', 'keepConnections'],
  ['get-values', 'getValues'],
  ['mpxs-conns', 'multiplexes'],
])

const option: Keyword = (context, line, app) => {
  const [keyword, name] = [line.at(0), line.at(1)]
  if (name === '') return context.alertWithoutSpace(line, `'${keyword}' expects an option name.`)
  const property = SWITCHES.get(name)
  if (property) {
    if (context.tooManyWords(line, 0, 1)) return 'fatal'
    if (line.modifier !== 'default') app[property] = line.modifier === 'set'
    return 'ok'
  }
  if (name !== 'max-reqs') return context.alert(line, `unknown option '${name}'.`)
  if (line.modifier !== 'set')
    return context.alertWithoutSpace(line, `negation/default is not supported for option '${name}'.`)
  if (line.at(2) === '') return context.alertWithoutSpace(line, `option '${name}' expects an integer argument.`)
  if (context.tooManyWords(line, 1, 1)) return 'fatal'
  app.maxRequests = atol(line.at(2)) >>> 0
  if (app.maxRequests > 0) return 'ok'
  return context.alertWithoutSpace(line, `option '${name}' expects a strictly positive integer argument.`)
}

const logStderr: Keyword = (context, line, app) => {
  const targets = readLogLine(context, line, app.logs, context.global.logs)
  if (typeof targets === 'string') return context.alert(line, `${line.at(0)} : ${targets}`)
  app.logs = targets
  return 'ok'
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ['docroot', text('path', (app, path) => void (app.docroot = path))],
  ['index', text('filename', (app, file) => void (app.index = file))],
  ['path-info', pathInfo],
  ['acl', (context, line, app) => (readAclLine(context, line, app.acls) ? 'ok' : 'fatal')],
  ['set-param', setParameter],
  ['pass-header', passHeader],
  ['option', option],
  ['log-stderr', logStderr],
])

/** Checks proxies that use applications, then the applications; HAProxy stops at the first error. */
const checkLast: SectionCheck = (context, diagnostics) => {
  for (const proxy of context.proxies) {
    const app = proxy.hasTraffic && proxy.traffic.filters.some(({ kind }) => kind === 'fcgi-app')
    const isHttp = proxy.settings.mode === 'http'
    // HAProxy forgets protocols that do not fit the mode; those of disabled proxies are not looked at
    const server = isHttp || proxy.settings.disabled ? proxy.servers.find(({ mux }) => mux === 'fcgi') : undefined
    const fail = (problem: string): void => diagnostics.add('alert', `proxy '${proxy.name}': ${problem}`, proxy.place)
    if (app) {
      if (!isHttp) return fail('FCGI application cannot be used in non-HTTP mode.')
      if (!proxy.settings.headerNames) proxy.change({ headerNames: 'delete' })
      if (!server) return fail('FCGI app configured but no FCGI server found.')
    } else if (server) return fail(`FCGI server '${server.name}' has no FCGI app configured.`)
  }
  for (const app of [...context.drafts(FCGI_APPS).all].reverse()) {
    if (app.docroot === '') {
      diagnostics.add('alert', `fcgi-app '${app.name}': no docroot configured.`, app.place)
      return
    }
    if (app.multiplexes || app.getValues) continue
    if (app.maxRequests > 1) {
      diagnostics.add(
        'warning',
        `fcgi-app '${app.name}': multiplexing not supported, ignore the option 'max-reqs'.`,
        app.place,
      )
      // HAProxy counts it as an error
      diagnostics.fail()
    }
    app.maxRequests = 1
  }
}

/** The section `fcgi-app`. */
export const FCGI_APP_SECTION: Section = { keyword: 'fcgi-app', read, checkLast }
