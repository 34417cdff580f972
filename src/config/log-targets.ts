/** What `log` lines refer to: rings, log backends and log profiles (`postresolve_loggers` in src/log.c). */
import { INTERNAL_PROXIES } from './internal-proxies.js'
import type { LogTarget } from './model/log.js'
import type { ParseContext } from './parse-context.js'
import type { ProxyDraft } from './proxy/draft.js'
import { warnOutsideHttp } from './proxy/log-format-validity.js'
import { LOG_FORWARDS } from './sections/log-forward-draft.js'
import { LOG_PROFILES, stepsInOrder } from './sections/log-profile-draft.js'
import { BUILT_IN_SINKS, RINGS } from './sections/ring-draft.js'
import type { Diagnostics, Severity } from './syntax/diagnostics.js'

/** `BUFSIZE`: the longest event of a ring without `maxlen`, in bytes. */
const DEFAULT_MAX_LENGTH = 16384

interface LoggerProblem {
  readonly severity: Severity
  readonly text: string
}

/** Resolves the targets of `global`, of proxies and of `log-forward` sections. */
export const resolveLoggers = (context: ParseContext, diagnostics: Diagnostics): void => {
  const { global, proxies } = context
  const resolve = (targets: readonly LogTarget[], section: string | undefined, proxy?: ProxyDraft): void =>
    resolveLogTargets(context, targets, section, diagnostics, proxy)
  resolve(global.logs, undefined)
  for (const proxy of proxies) resolve(proxy.logs, `proxy section '${proxy.name}'`, proxy)
  for (const name of INTERNAL_PROXIES) resolve(global.logs, `proxy section '${name}'`)
  for (const { name, logs } of [...context.drafts(LOG_FORWARDS).all].reverse())
    resolve(logs, `log-forward section '${name}'`)
}

/**
 * Resolves targets (`postresolve_logger_list`).
 *
 * @param section how messages call the section; undefined: `global`
 * @param proxy the proxy whose lines go to the targets
 */
export const resolveLogTargets = (
  context: ParseContext,
  targets: readonly LogTarget[],
  section: string | undefined,
  diagnostics: Diagnostics,
  proxy?: ProxyDraft,
): void => {
  for (const target of targets) {
    const problem = problemOf(context, target, proxy, diagnostics)
    if (!problem) continue
    const { file, line } = target.place
    const where =
      section === undefined
        ? `global log directive declared in file ${file} at line '${line}'`
        : `log directive declared in ${section} in file '${file}' at line ${line}`
    diagnostics.add(problem.severity, `${where} ${problem.text}.`, target.place)
  }
}

const alert = (text: string): LoggerProblem => ({ severity: 'alert', text })

/** `resolve_logger` */
const problemOf = (
  context: ParseContext,
  logger: LogTarget,
  proxy: ProxyDraft | undefined,
  diagnostics: Diagnostics,
): LoggerProblem | undefined => {
  const { target, profile } = logger
  const problem =
    target.family === 'ring'
      ? ringProblem(context, target.name, logger.maxLength)
      : target.family === 'backend'
        ? backendProblem(context, target.name)
        : undefined
  if (problem?.severity === 'alert' || profile === undefined) return problem
  const found = context.drafts(LOG_PROFILES).find(profile)
  if (!found) return alert(`unknown log-profile '${profile}'`)
  if (proxy)
    for (const { format, sd, place } of stepsInOrder(found))
      for (const each of [format, sd]) if (each) warnOutsideHttp(proxy, each, place, diagnostics)
  return problem
}

/** `sink_resolve_logger_buffer` in src/sink.c */
const ringProblem = (context: ParseContext, name: string, maxLength: number): LoggerProblem | undefined => {
  if (name === 'stdout' || name === 'stderr') return alert(`uses incompatible ring '${name}'`)
  if (BUILT_IN_SINKS.includes(name)) return shorterProblem(name, DEFAULT_MAX_LENGTH, maxLength)
  const ring = context.drafts(RINGS).find(name)
  if (!ring) return alert(`uses unknown ring named '${name}'`)
  if (maxLength <= ring.maxPayload) return shorterProblem(name, ring.maxLength ?? DEFAULT_MAX_LENGTH, maxLength)
  return {
    severity: 'diag',
    text: `uses a max length which exceeds ring capacity ('${name}' supports ${ring.maxPayload} bytes at most)`,
  }
}

const shorterProblem = (name: string, ringLength: number, maxLength: number): LoggerProblem | undefined => {
  if (maxLength <= ringLength) return undefined
  const text =
    'uses a ring with a smaller maxlen than the one specified on the log directive ' +
    `('${name}' has maxlen = ${ringLength}), logs will be truncated according to the lowest maxlen between the two`
  return { severity: 'diag', text }
}

const backendProblem = (context: ParseContext, name: string): LoggerProblem | undefined => {
  const backend = context.backend(name)
  if (!backend) return alert(`uses unknown log backend '${name}'`)
  return backend.mode === 'log' ? undefined : alert(`uses incompatible log backend '${name}'`)
}
