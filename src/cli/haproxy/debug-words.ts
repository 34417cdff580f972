/** The words behind `-dM` and `-dt`: nothing comes of them here, but wrong ones are refused (src/pool.c, src/trace.c). */

const POOL_FEATURES: ReadonlySet<string> = new Set(
  (
    'fail no-fail no-merge merge cold-first hot-first integrity no-integrity no-global global no-cache cache caller ' +
    'no-caller tag no-tag poison no-poison uaf no-uaf backup no-backup'
  ).split(' '),
)

/** Returns what is wrong with `[<byte>][,<feature>…]`, or that help is asked for. */
export const memoryProblem = (words: string): string | undefined => {
  for (const each of words.split(',')) {
    if (each === '' || /^(?:0x[0-9a-f]+|\d+)$/i.test(each) || POOL_FEATURES.has(each)) continue
    return each === 'help' ? 'help' : `-dM: unknown pool debugging feature <${each}>`
  }
  return undefined
}

const TRACE_SOURCES: ReadonlySet<string> = new Set(
  'all acme ssl h3 quic qmux h2 h1 fcgi stream spop peers check applet pt session'.split(' '),
)
const TRACE_LEVELS: ReadonlySet<string> = new Set(['error', 'user', 'proto', 'state', 'data', 'developer'])

/** Returns what is wrong with `<source>[:<level>[:<verbosity>]][,…]`. */
export const traceProblem = (words: string): string | undefined => {
  for (const each of words.split(',')) {
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
