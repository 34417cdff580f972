/** The findings of `hapsim check` as JSON, one object per line. */
import { jsonText } from '../../bytes/json-text.js'
import type { ConfigFile, Gap, Place, Severity } from '../../config/index.js'
import type { ConfigurationCheckResult } from '../../haproxy/index.js'
import type { ScriptUse } from '../../lua/index.js'
import { AREAS, MEANINGS, UNREAD, usedMeaning } from './meanings.js'

const PLACE = /^config : parsing \[(.*):(\d+)\] ?: /

/** A message of HAProxy; a location in it becomes `file` and `line`. */
export const messageToJson = (severity: Severity, text: string): string => {
  const [, file, line] = PLACE.exec(text) ?? []
  return jsonText({ type: 'message', level: severity, message: text.trimEnd(), file, line: line && Number(line) })
}

/** A gap with the text of its line. */
export const gapToJson = ({ place: { file, line }, what, area }: Gap, files: readonly ConfigFile[]): string => {
  const lines = files.find(({ name }) => name === file)?.text.split('\n', line)
  return jsonText({ type: 'gap', area, what, meaning: MEANINGS[area], file, line, text: lines?.at(-1)?.trim() })
}

/** A function used by a script that is not emulated, or only with a flag. */
export const useToJson = ({ what, file, line, needs }: ScriptUse): string =>
  jsonText({ type: 'use', what, file, line, needs, meaning: usedMeaning(needs) })

/** A line that hapsim does not fully check. */
export const unreadToJson = ({ file, line }: Place): string => jsonText({ type: 'unread', file, line, meaning: UNREAD })

/** The last line: the result, the number of gaps by area, and of lines not fully checked. */
export const endToJson = (
  result: ConfigurationCheckResult,
  exitCode: number,
  gaps: readonly Gap[],
  unread: readonly Place[] = [],
): string => {
  const counts = AREAS.map((area) => [area, gaps.filter((gap) => gap.area === area).length] as const)
  const some = Object.fromEntries(counts.filter(([, count]) => count > 0))
  return jsonText({ type: 'end', result, exitCode, gaps: some, unread: unread.length })
}
