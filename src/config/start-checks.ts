/**
 * What HAProxy checks only when it starts, not with `-c`: the targets of logs, the sizes of error files, the rings that converters name
 * (`REGISTER_POST_CHECK`; init in src/haproxy.c).
 */
import { fromByteString } from '../bytes/text.js'
import { resolveLoggers } from './log-targets.js'
import type { ParseContext } from './parse-context.js'
import type { ParseReport } from './parse-report.js'
import { BUILT_IN_SINKS, RINGS } from './sections/ring-draft.js'
import { Diagnostics } from './syntax/diagnostics.js'

/** Runs the checks in HAProxy's order; the first one that fails is the last. */
export const checkAtStart = (context: ParseContext): ParseReport => {
  const diagnostics = new Diagnostics()
  for (const check of [resolveLoggers, warnAboutErrorFiles, checkSinks]) {
    check(context, diagnostics)
    if (diagnostics.failed) break
  }
  return { diagnostics: diagnostics.all, failed: diagnostics.failed }
}

/** `post_check_errors` in src/http_htx.c */
const warnAboutErrorFiles = ({ errorFiles, global }: ParseContext, diagnostics: Diagnostics): void => {
  const names = [...errorFiles.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  for (const name of names) {
    const { response } = errorFiles.get(name)!
    if (response === undefined || response.freeSpace >= global.maxrewrite) continue
    diagnostics.add(
      'warning',
      `config: errorfile '${name}' runs over the buffer space reserved to headers rewriting. It may lead to internal errors ` +
        'if  http-after-response rules are evaluated on this message.',
    )
  }
}

/** Rings that were named before they were declared, and never are (`sink_postcheck` in src/sink.c). */
const checkSinks = (context: ParseContext, diagnostics: Diagnostics): void => {
  const rings = context.drafts(RINGS)
  const missing = context.sinkUses.find(({ name }) => !BUILT_IN_SINKS.includes(name) && !rings.find(name))
  if (!missing) return
  const { user, place, name } = missing
  diagnostics.add(
    'alert',
    `parsing [${place.file}:${place.line}] : ${user}: sink '${fromByteString(name)}' doesn't exist.`,
  )
}
