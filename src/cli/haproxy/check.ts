/** `-c`: whether a process would start with these files. The messages and the exit codes are HAProxy's. */
import type { CheckResult } from '../../haproxy/index.js'

export const CHECK_EXIT_CODES: Readonly<Record<CheckResult, number>> = { valid: 0, failed: 1, 'no listener': 2 }

/** Of a configuration that it would start with. */
export const VALID = 'Configuration file is valid'

/** What HAProxy prints in the end, line by line. That a configuration is valid it prints with `-V` only. */
export const checkWords = (
  { result, warned }: { readonly result: CheckResult; readonly warned: boolean },
  verbose: boolean,
): readonly string[] => {
  if (result === 'failed') return []
  const warnings = warned ? ['Warnings were found.'] : []
  if (result === 'no listener')
    return [...warnings, 'Configuration file has no error but will not start (no listener) => exit(2).']
  return verbose ? [...warnings, VALID] : warnings
}
