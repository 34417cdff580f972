/** `-c`: HAProxy's messages and exit codes of a configuration check. */
import type { ConfigurationCheckResult } from '../../haproxy/index.js'

export const CHECK_EXIT_CODES: Readonly<Record<ConfigurationCheckResult, number>> = {
  valid: 0,
  failed: 1,
  'no listener': 2,
}

/** The message for a valid configuration. */
export const VALID_TEXT = 'Configuration file is valid'

/** The final lines of HAProxy's output. {@link VALID_TEXT} is printed only with `-V`. */
export const checkResultLines = (
  { result, warned }: { readonly result: ConfigurationCheckResult; readonly warned: boolean },
  verbose: boolean,
): readonly string[] => {
  if (result === 'failed') return []
  const warnings = warned ? ['Warnings were found.'] : []
  if (result === 'no listener')
    return [...warnings, 'Configuration file has no error but will not start (no listener) => exit(2).']
  return verbose ? [...warnings, VALID_TEXT] : warnings
}
