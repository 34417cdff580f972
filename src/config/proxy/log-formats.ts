/**
 * The keywords of proxies about the contents of log lines and unique identifiers (cfg_parse_listen in src/cfgparse-listen.c). Their log-formats
 * are parsed after the whole configuration was read (`log-format-validity.ts`).
 */
import type { Line } from '../syntax/line.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { FURTHER_STEPS, STEPS } from '../known/log-steps.js'
import { OPTION_FORMATS, type WrittenFormat } from './written-format.js'
import { proxyTypeName, hasFrontend, type ProxyDraft } from './draft.js'

type Keyword = (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult

const warnInDefaults = (context: ParseContext, line: Line, proxy: ProxyDraft, by: string, earlier: string): void => {
  if (proxy.kind !== 'defaults') return
  const text = `'${by}' overrides previous '${earlier}' in 'defaults' section.`
  context.main.add('warning', `config : parsing [${line.file}:${line.line}]: ${text}`, line.place)
}

const warnInBackend = (context: ParseContext, line: Line, proxy: ProxyDraft, what: string): void => {
  if (proxy.kind === 'backend')
    context.warn(line, `backend '${proxy.name}' : '${what}' directive is ignored in backends.`)
}

/** `option httplog [clf]`, `option tcplog [clf]`, `option httpslog` */
export const readLogOption: Keyword = (context, line, proxy) => {
  const name = line.at(1)
  const isPlain = name === 'httpslog' || line.at(2) === ''
  if (!isPlain && line.at(2) !== 'clf') return context.alert(line, `keyword '${name}' only supports option 'clf'.`)
  if (!isPlain && context.tooManyWords(line, 1, 1)) return 'fatal'
  const setBy = `option ${name}${isPlain ? '' : ' clf'}`
  setLineFormat(context, line, proxy, { text: OPTION_FORMATS[setBy]!, setBy, place: line.place })
  warnInBackend(context, line, proxy, `option ${name}`)
  return 'ok'
}

const setLineFormat = (context: ParseContext, line: Line, proxy: ProxyDraft, format: WrittenFormat): void => {
  const { logFormat } = proxy.settings
  if (logFormat !== undefined) warnInDefaults(context, line, proxy, format.setBy, logFormat.setBy)
  proxy.change({ logFormat: format })
}

const FORMATS = {
  'log-format': 'logFormat',
  'log-format-sd': 'structuredDataFormat',
  'error-log-format': 'errorLogFormat',
  'unique-id-format': 'uniqueIdFormat',
} as const

const readFormat: Keyword = (context, line, proxy) => {
  const keyword = line.at(0) as keyof typeof FORMATS
  if (line.at(1) === '') return context.alert(line, `${keyword} expects an argument.`)
  if (line.at(2) !== '')
    return context.alert(line, `${keyword} expects only one argument, don't forget to escape spaces!`)
  const format = { text: line.at(1), setBy: keyword, place: line.place }
  if (keyword === 'log-format') setLineFormat(context, line, proxy, format)
  else {
    if (keyword === 'error-log-format' && proxy.settings.errorLogFormat !== undefined)
      warnInDefaults(context, line, proxy, keyword, keyword)
    proxy.change({ [FORMATS[keyword]]: format })
  }
  if (keyword !== 'unique-id-format') warnInBackend(context, line, proxy, keyword)
  return 'ok'
}

const readUniqueIdHeader: Keyword = (context, line, proxy) => {
  if (line.at(1) === '') return context.alert(line, `${line.at(0)} expects an argument.`)
  proxy.change({ uniqueIdHeader: line.at(1) })
  return 'ok'
}

/** `log-steps all`, `log-steps <step>,…` (`px_parse_log_steps` in src/log.c): words after the first one are ignored. */
const readLogSteps: Keyword = (context, line, proxy) => {
  if (proxy.kind !== 'defaults' && !hasFrontend(proxy)) {
    context.warn(
      line,
      `${line.at(0)} will be ignored because ${proxyTypeName(proxy)} '${proxy.name}' has no frontend capability`,
    )
    return 'ok'
  }
  const names = line.at(1) === 'all' ? [] : line.at(1).split(',')
  // a comma may end the list
  if (names.at(-1) === '') names.pop()
  const unknown = names.find((name) => !STEPS.includes(name) && !FURTHER_STEPS.includes(name))
  if (unknown !== undefined)
    return context.alert(
      line,
      `invalid log step name (${unknown}). Expected values are: ${[...STEPS, ...FURTHER_STEPS].join(', ')}`,
    )
  // steps that were named before remain, even after 'all'
  proxy.change({ logSteps: [...new Set([...(proxy.settings.logSteps ?? []), ...names])] })
  return 'ok'
}

export const LOG_FORMAT_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ...Object.keys(FORMATS).map((keyword) => [keyword, readFormat] as const),
  ['unique-id-header', readUniqueIdHeader],
  ['log-steps', readLogSteps],
]
