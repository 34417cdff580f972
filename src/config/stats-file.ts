/**
 * What HAProxy reports about the file of `stats-file` when it starts (`apply_stats_file` in src/stats-file.c). The counters in it are not
 * loaded.
 */
import type { ParseContext } from './parse-context.js'
import type { Diagnostics } from './syntax/diagnostics.js'
import { guidProblem } from './values/check.js'

/** What the lines after a header are about. */
type Domain = '#fe' | '#be'

/** Warns of a file that cannot be read, and of lines that HAProxy ignores. */
export const warnAboutStatsFile = (context: ParseContext, diagnostics: Diagnostics): void => {
  const { statsFile: path } = context.global
  const content = path === undefined ? undefined : context.options.readFile?.(path)
  if (content === undefined || content === 'EISDIR') return
  const warn = (text: string): void => diagnostics.add('warning', `config: ${text}`)
  if (typeof content === 'string') return warn(`Can't load stats-file '${path}': cannot open file.`)
  let domain: Domain | undefined
  let isValid = false
  for (const [index, each] of Buffer.from(content).toString('latin1').split('\n').entries()) {
    const line = each.replace(/\r$/, '')
    if (line === '' || line.startsWith('//')) continue
    const header = line.startsWith('#') ? parseHeader(line) : undefined
    if (!isValid && (header ?? 'invalid') === 'invalid') return warn(`Invalid stats-file format in file '${path}'.`)
    isValid = true
    if (header === 'invalid') warn(`Ignored stats-file header line '${index + 1}' in file '${path}'.`)
    if (header !== undefined) domain = header === 'invalid' ? undefined : header === 'other' ? domain : header
    else if (domain !== undefined && !isAccepted(context, line, domain))
      warn(`Ignored stats-file line ${index + 1} in file '${path}'.`)
  }
}

/** `#fe guid,…,`; the lines after another header are treated as before (`parse_header_line`). */
const parseHeader = (line: string): Domain | 'other' | 'invalid' => {
  const [, domain, columns] = /^(#[^ ]+) (.*,)$/s.exec(line) ?? []
  if (domain === undefined) return 'invalid'
  if (domain !== '#fe' && domain !== '#be') return 'other'
  return columns!.startsWith('guid,') ? domain : 'invalid'
}

/** Whether a line begins with a GUID that is valid here; unknown ones are (`parse_stat_line`). */
const isAccepted = ({ guids }: ParseContext, line: string, domain: Domain): boolean => {
  const [guid] = line.split(',', 1)
  return guidProblem(guid!) === undefined && !(domain === '#fe' && guids.find(guid!)?.kind === 'server')
}
