/** Which sections may inherit from a `defaults` section with rules (src/cfgparse-listen.c). */
import type { DefaultsDraft, SectionKind } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import type { ParseContext } from '../parse-context.js'

/** Whether a section may inherit from this `defaults` section; if not, the error has been reported. */
export const mayInherit = (
  context: ParseContext,
  line: Line,
  kind: SectionKind,
  from: DefaultsDraft | undefined,
): boolean => {
  const mayInheritRules = rulesMayBeInherited(context, line, kind, from)
  if (!from?.hasTraffic || !from.traffic.hasCaptures || kind === 'frontend') return mayInheritRules
  const at = `(defaults section at ${from.place.file}:${from.place.line}).`
  // HAProxy's own spelling
  context.alertWithoutSpace(
    line,
    `backend or defaults sections cannot inherit from a defaults section defining capptures ${at}`,
  )
  return false
}

const rulesMayBeInherited = (
  context: ParseContext,
  line: Line,
  kind: SectionKind,
  from: DefaultsDraft | undefined,
): boolean => {
  if (!from?.hasTraffic || !from.traffic.hasRules) return true
  const at = `(defaults section at ${from.place.file}:${from.place.line}).`
  const refuse = (text: string): false => {
    context.alertWithoutSpace(line, text)
    return false
  }
  if (kind === 'defaults')
    return refuse(`a defaults section cannot inherit from a defaults section defining TCP/HTTP rules ${at}`)
  if (kind === 'listen')
    return refuse('a listen section cannot inherit from a defaults section defining TCP/HTTP rules.')
  if (from.rulesFor !== undefined && from.rulesFor !== kind)
    return refuse(
      `frontends and backends cannot inherit from the same defaults section if it defines TCP/HTTP rules ${at}`,
    )
  const inheriting = `a ${kind} section cannot inherit from a defaults section defining`
  if (kind === 'backend' && (from.traffic.has('tcp-request connection') || from.traffic.has('tcp-request session')))
    return refuse(`${inheriting} 'tcp-request connection' or 'tcp-request session' rules ${at}`)
  if (kind === 'frontend' && from.traffic.has('tcp-response content'))
    return refuse(`${inheriting} 'tcp-response content' rules ${at}`)
  from.rulesFor = kind
  return true
}
