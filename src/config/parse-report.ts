/** What HAProxy says of all files in the end: each one's messages, then whether it has errors (`read_cfg` in src/haproxy.c). */
import type { Diagnostic } from './syntax/diagnostics.js'
import type { LineResult } from './reading.js'

/** What reading one file came to. */
export interface FileResult {
  readonly name: string
  readonly diagnostics: readonly Diagnostic[]
  readonly result: LineResult
}

export interface ParseReport {
  readonly diagnostics: readonly Diagnostic[]
  readonly failed: boolean
}

/** @param scripts what was said while lines of these files were heeded, each with the place of its line */
export const summarize = (readings: readonly FileResult[], scripts: readonly Diagnostic[] = []): ParseReport => {
  const diagnostics: Diagnostic[] = []
  let failed = false
  let aborted = false
  for (const { name, diagnostics: said, result } of readings) {
    const own = scripts.filter(({ place }) => place?.file === name)
    for (const each of own.length === 0 ? said : mergeByLine(said, own)) diagnostics.push(each)
    aborted ||= result === 'abort'
    if (result === 'ok' && !own.some(({ severity }) => severity === 'alert')) continue
    failed = true
    diagnostics.push(alert(`config : Error(s) found in configuration file : ${name}`))
  }
  if (failed && !aborted) diagnostics.push(alert('config : Fatal errors found in configuration.'))
  return { diagnostics, failed }
}

const alert = (text: string): Diagnostic => ({ severity: 'alert', place: undefined, text })

/** `scripts` put among the others where their lines stand in the text. */
const mergeByLine = (said: readonly Diagnostic[], scripts: readonly Diagnostic[]): Diagnostic[] => {
  const merged = [...said]
  for (const diagnostic of scripts) {
    const line = diagnostic.place!.line
    const after = merged.findIndex(({ place }) => place !== undefined && place.line > line)
    merged.splice(after < 0 ? merged.length : after, 0, diagnostic)
  }
  return merged
}
