/**
 * Log-formats of proxies, which are parsed when the configuration is checked: those of `defaults` once for each proxy that uses them
 * (check_config_validity in src/cfgparse.c, `lf_expr_postcheck` in src/log.c).
 */
import { recordLogFormat, type ArgumentUse } from '../rules/pending-arguments.js'
import type { LogTarget } from '../model/log.js'
import type { LogFormats } from '../model/log-formats.js'
import type { ParseContext } from '../parse-context.js'
import { parseLogFormat, type FormatUse, type LogFormat } from '../samples/log-format.js'
import { placesMask, sourcesMask } from '../samples/places.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Place } from '../syntax/place.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from './draft.js'
import { withoutHttp, type WrittenFormat } from './written-format.js'

/** Options for logs of HTTP in other modes: HAProxy takes those for TCP instead. */
export const replaceHttpFormats = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const format = lineFormat(proxy)
  if (format === undefined || proxy.settings.mode === 'http') return
  const replacement = withoutHttp(format)
  if (replacement === undefined) return
  const { file, line } = format.place
  diagnostics.add(
    'warning',
    `parsing [${file}:${line}] : '${format.setBy}' not usable with ${proxyTypeName(proxy)} '${proxy.name}' ` +
      `(needs 'mode http'). Falling back to '${replacement.setBy}'.`,
    format.place,
  )
  proxy.change({ logFormat: replacement })
}

/** The format of log lines. Backends do not inherit one. */
const lineFormat = ({ kind, settings, inherited }: ProxyDraft): WrittenFormat | undefined =>
  kind === 'backend' && settings.logFormat === inherited.logFormat ? undefined : settings.logFormat

const LOGS = placesMask('logs')
const LOG_LINE = { places: LOGS, mandatory: true, mergeSpaces: true }

/** Parses the log-formats of a proxy, and reports what is wrong with them. */
export const checkLogFormats = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { logFormat, structuredDataFormat, errorLogFormat, uniqueIdFormat, logs } = proxy.settings
  const structuredData = structuredDataFormat ?? (logs.some(hasStructuredData) ? NO_STRUCTURED_DATA : undefined)
  const compiler = new Compiler(context, proxy, diagnostics)
  const isFrontend = hasFrontend(proxy)
  const formats: LogFormats = {
    line: isFrontend ? compiler.compile('log-format', logFormat, LOG_LINE) : undefined,
    structuredData: isFrontend ? withSpace(compiler.compile('log-format-sd', structuredData, LOG_LINE)) : undefined,
    uniqueId: compiler.compile('unique-id', uniqueIdFormat, {
      places:
        (isFrontend ? placesMask('frontend http-request header rule') : 0) |
        (hasBackend(proxy) ? placesMask('backend http-request header rule') : 0),
      http: true,
      mergeSpaces: true,
    }),
    error:
      isFrontend || errorLogFormat !== proxy.inherited.errorLogFormat
        ? compiler.compile('error-log-format', errorLogFormat, LOG_LINE)
        : undefined,
  }
  if (Object.values(formats).some((format) => format !== undefined)) proxy.logFormats = formats
}

const hasStructuredData = ({ format }: LogTarget): boolean => format === 'rfc5424'

/** The structured data of lines that have none (`default_rfc5424_sd_log_format`). */
const NO_STRUCTURED_DATA: WrittenFormat = { text: '- ', setBy: 'log', place: { file: '', line: 0 } }

/** The message follows after a space. */
const withSpace = (format: LogFormat | undefined): LogFormat | undefined =>
  format && { ...format, items: [...format.items, { kind: 'space' }] }

const HTTP_SOURCES = sourcesMask(
  ...(['HTTP request headers', 'HTTP request', 'HTTP request body'] as const),
  ...(['HTTP response headers', 'HTTP response', 'HTTP response body'] as const),
)

/** What messages about arguments call the formats that are not `log-format`. */
const ARGUMENT_USES: ReadonlyMap<string, ArgumentUse> = new Map([
  ['log-format-sd', 'log-format-sd'],
  ['unique-id', 'unique-id-format'],
])

class Compiler {
  constructor(
    readonly context: ParseContext,
    readonly proxy: ProxyDraft,
    readonly diagnostics: Diagnostics,
  ) {}

  /** @param name as messages have it */
  compile(name: string, written: WrittenFormat | undefined, use: Omit<FormatUse, 'keywords'>): LogFormat | undefined {
    if (written === undefined) return undefined
    const { proxy, diagnostics } = this
    const { place } = written
    const where = `[${place.file}:${place.line}]`
    const { context } = this
    const format = context.atPlace(place, () =>
      parseLogFormat(written.text, { keywords: context.options.samples, ...use }),
    )
    for (const warning of format.warnings) diagnostics.add('warning', `parsing ${where} : ${warning}`, place)
    if ('error' in format) {
      diagnostics.add('alert', `Parsing ${where}: failed to parse ${name} : ${format.error}.`, place)
      return undefined
    }
    recordLogFormat(proxy, format, ARGUMENT_USES.get(name) ?? 'log-format', place)
    warnOutsideHttp(proxy, format, place, diagnostics)
    return format
  }
}

/** Reports items that have no value outside of HTTP, which only `-dD` shows (`lf_expr_postcheck`). */
export const warnOutsideHttp = (
  proxy: ProxyDraft,
  { items }: LogFormat,
  place: Place,
  diagnostics: Diagnostics,
): void => {
  if (proxy.settings.mode === 'http') return
  for (const item of items) {
    const what =
      item.kind === 'alias' && (item.alias.mode === 'http' || item.alias.needs.some(isOfHttp))
        ? `format alias '${item.alias.name}'`
        : item.kind === 'expression' && (item.expression.sources & HTTP_SOURCES) !== 0
          ? `sample fetch '${item.expression.fetch.name}'`
          : undefined
    if (what === undefined) continue
    const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
    diagnostics.add(
      'diag',
      `parsing [${place.file}:${place.line}]: ${what} used from ${owner} may not work as expected ` +
        '(item depends on HTTP proxy mode).',
      place,
    )
  }
}

const isOfHttp = (need: string): boolean => need === 'request' || need === 'response'

/** Warns of formats that no log target uses. */
export const warnAboutUnusedFormats = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { mode, logs } = proxy.settings
  if (logs.length > 0 || !hasFrontend(proxy) || (mode !== 'tcp' && mode !== 'http')) return
  const { line, structuredData } = proxy.logFormats ?? {}
  if (!structuredData && !line?.items.length) return
  diagnostics.add(
    'warning',
    `log format ignored for ${proxyTypeName(proxy)} '${proxy.name}' since it has no log address.`,
    proxy.place,
  )
}
