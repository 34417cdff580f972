/** The arguments of `-dM` and `-dt`. They have no effect here, but invalid ones are rejected (src/pool.c, src/trace.c). */

const POOL_FEATURES: ReadonlySet<string> = new Set(
  (
    'fail no-fail no-merge merge cold-first hot-first integrity no-integrity no-global global no-cache cache caller ' +
    'no-caller tag no-tag poison no-poison uaf no-uaf backup no-backup'
  ).split(' '),
)

/** Validates `[<byte>][,<feature>…]`; returns an error message, or `help` if that is requested. */
export const poolDebugProblem = (argument: string): string | undefined => {
  for (const each of argument.split(',')) {
    if (each === '' || /^(?:0x[0-9a-f]+|\d+)$/i.test(each) || POOL_FEATURES.has(each)) continue
    return each === 'help' ? 'help' : `-dM: unknown pool debugging feature <${each}>`
  }
  return undefined
}

const TRACE_SOURCES: ReadonlySet<string> = new Set(
  'all acme ssl h3 quic qmux h2 h1 fcgi stream spop peers check applet pt session'.split(' '),
)
const TRACE_LEVELS: ReadonlySet<string> = new Set(['error', 'user', 'proto', 'state', 'data', 'developer'])

/** Validates `<source>[:<level>[:<verbosity>]][,…]`; returns an error message. */
export const traceProblem = (argument: string): string | undefined => {
  for (const each of argument.split(',')) {
    const [source = '', level = ''] = each.split(':')
    if (source !== '' && !TRACE_SOURCES.has(source)) return `-dt: unknown trace source '${source}'.`
    if (level !== '' && !TRACE_LEVELS.has(level))
      return (
        `-dt: no such trace level '${level}', available levels are 'error', 'user', 'proto', 'state', 'data', ` +
        "and 'developer'."
      )
  }
  return undefined
}
