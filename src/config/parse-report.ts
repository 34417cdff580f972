/** The diagnostics of all files, each followed by a summary of its errors (`read_cfg` in src/haproxy.c). */
import type { Diagnostic } from './syntax/diagnostics.js'
import type { LineResult } from './parse-context.js'

/** The result of parsing one file. */
export interface FileResult {
  readonly name: string
  readonly diagnostics: readonly Diagnostic[]
  /** `refused`: HAProxy stops without a summary */
  readonly result: LineResult | 'refused'
}

/** Diagnostics, and whether they prevent startup. */
export interface ParseReport {
  readonly diagnostics: readonly Diagnostic[]
  readonly failed: boolean
}

/**
 * Merges the diagnostics of all files.
 *
 * @param scripts diagnostics of scripts and patterns that were loaded by lines of these files
 */
export const summarize = (files: readonly FileResult[], scripts: readonly Diagnostic[] = []): ParseReport => {
  const diagnostics: Diagnostic[] = []
  let failed = false
  let aborted = false
  for (const { name, diagnostics: parsed, result } of files) {
    const own = scripts.filter(({ place }) => place?.file === name)
    for (const each of own.length === 0 ? parsed : mergeByLine(parsed, own)) diagnostics.push(each)
    aborted ||= result === 'abort' || result === 'refused'
    failed ||= result === 'refused'
    if (result === 'refused') continue
    if (result === 'ok' && !own.some(({ severity }) => severity === 'alert')) continue
    failed = true
    diagnostics.push(alert(`config : Error(s) found in configuration file : ${name}`))
  }
  if (failed && !aborted) diagnostics.push(alert('config : Fatal errors found in configuration.'))
  return { diagnostics, failed }
}

const alert = (text: string): Diagnostic => ({ severity: 'alert', place: undefined, text })

/** Inserts the diagnostics of scripts by line number. */
const mergeByLine = (parsed: readonly Diagnostic[], scripts: readonly Diagnostic[]): Diagnostic[] => {
  const merged = [...parsed]
  for (const diagnostic of scripts) {
    const line = diagnostic.place!.line
    const after = merged.findIndex(({ place }) => place !== undefined && place.line > line)
    merged.splice(after < 0 ? merged.length : after, 0, diagnostic)
  }
  return merged
}
