/** The same expressions as `realSamples` evaluates, evaluated by ours. */
import { hostname } from 'node:os'
import { parseExpression } from '../../../src/config/samples/expression.js'
import { parseLogFormat } from '../../../src/config/samples/log-format.js'
import { placesMask } from '../../../src/config/samples/places.js'
import { lexLine } from '../../../src/config/syntax/lexer.js'
import { toByteString } from '../../../src/bytes/text.js'
import { textOf } from '../../../src/haproxy/samples/casts.js'
import { VirtualClock } from '../../../src/engine/clock.js'
import { Random } from '../../../src/engine/random.js'
import { LocalTime, UTC } from '../../../src/engine/time-zone/index.js'
import { ProcessCounters } from '../../../src/haproxy/counters/process.js'
import { formatText } from '../../../src/haproxy/samples/log-format.js'
import { ParseContext } from '../../../src/config/parse-context.js'
import { sampleScope } from '../../../src/config/rules/sample-scope.js'
import { Environment } from '../../../src/config/syntax/environment.js'
import type { Files } from '../../../src/haproxy/files.js'
import { PatternReferences } from '../../../src/haproxy/patterns/index.js'
import type { SampleContext } from '../../../src/haproxy/samples/context.js'
import { bindExpression } from '../../../src/haproxy/samples/bind.js'
import { SAMPLES } from '../../../src/haproxy/samples/registry.js'
import { ProcessVariables, Variables } from '../../../src/haproxy/samples/variables.js'
import { readKeyFiles } from '../../../src/haproxy/samples/key-files.js'
import type { Options, RealSample } from './real-samples.js'
import { SessionSubject } from '../../../src/haproxy/logs/subject.js'
import { duplicate, str, type Sample } from '../../../src/haproxy/samples/sample.js'

const hex = (bytes: string): string => Array.from(bytes, (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('')

/** As a script gets it from `core.get_var`. */
const inLua = (sample: Sample | undefined): RealSample => {
  if (!sample) return { type: 'nil', bytes: hex('nil') }
  if (sample.type === 'bool') return { type: 'boolean', bytes: hex(String(sample.value !== 0n)) }
  if (sample.type === 'sint') return { type: 'integer', bytes: hex(String(sample.value)) }
  return { type: 'string', bytes: hex(sample.type === 'bin' ? sample.bytes : textOf(sample)) }
}

const keysOf = (files: Readonly<Record<string, string>>): SampleContext['process']['publicKeys'] =>
  readKeyFiles(
    Object.keys(files).map((name) => ({ name, path: name })),
    { read: (path) => Buffer.from(files[path]!, 'latin1') },
  )

/** A process in UTC that has no environment variables. */
export const OUR_PROCESS: SampleContext['process'] = {
  clock: new VirtualClock(),
  localTime: new LocalTime(UTC),
  environment: new Map(),
  machine: { hostname: hostname(), pid: 1 } as SampleContext['process']['machine'],
  checkRandom: new Random(1),
  variables: new ProcessVariables(),
  patterns: {} as SampleContext['process']['patterns'],
  publicKeys: new Map(),
  isStopping: false,
  startedAt: 0,
  scheduler: { current: undefined } as SampleContext['process']['scheduler'],
  configuration: { global: { noQuic: false } } as SampleContext['process']['configuration'],
  backendNamed: () => undefined,
  frontendNamed: () => undefined,
  counters: new ProcessCounters(new VirtualClock()),
}

const contextOf = (
  variables: Variables,
  files: Readonly<Record<string, string>> = {},
  patterns = OUR_PROCESS.patterns,
): SampleContext => ({
  process: { ...OUR_PROCESS, publicKeys: keysOf(files), patterns },
  log: new SessionSubject(OUR_PROCESS, { frontend: 'CFG' }),
  bufsize: 16384,
  direction: 'request',
  isFinal: true,
  variables,
})

const reader =
  (files: Readonly<Record<string, string>>) =>
  (path: string): Uint8Array | 'ENOENT' =>
    files[path] === undefined ? 'ENOENT' : Buffer.from(files[path], 'latin1')

const filesOf = (files: Readonly<Record<string, string>>): Files => ({ read: reader(files), open: () => 'ENOENT' })

/** For expressions of a configuration that stands beside `files`. */
export const parseContext = (files: Readonly<Record<string, string>>): ParseContext =>
  new ParseContext(
    new Environment(new Map()),
    { resolve: () => [], version: '3.2.26', samples: SAMPLES, readFile: reader(files) },
    sampleScope,
  )

/** The patterns that a configuration uses. */
export const loadPatterns = (
  { patterns }: ParseContext,
  files: Readonly<Record<string, string>>,
): PatternReferences => {
  const references = new PatternReferences({ files: filesOf(files), wallTime: () => 0, resolve: undefined })
  for (const use of patterns.all) {
    const loaded = references.load(use)
    if ('error' in loaded) throw new Error(loaded.error)
  }
  return references
}

/** @param options `before` and `files` of {@link realSamples} */
export const ourSamples = (
  expressions: readonly string[],
  { before = [], files = {} }: Pick<Options, 'before' | 'files'> = {},
): RealSample[] => {
  const variables = new Variables(new ProcessVariables())
  const parsing = parseContext(files)
  const patterns = new PatternReferences({ files: filesOf(files), wallTime: () => 0, resolve: undefined })
  const context = contextOf(variables, files, patterns)
  return [...before, ...expressions]
    .map((text, i) => {
      const parsed = parseExpression(
        lexLine(toByteString(text), () => undefined).words.map(toByteString),
        0,
        0,
        false,
        parsing.options.samples,
      )
      if ('error' in parsed) return { error: parsed.error }
      for (const use of parsing.patterns.all.splice(0)) patterns.load(use)
      if (parsed.expression.gaps.length > 0) return { error: `not emulated: ${parsed.expression.gaps}` }
      const sample = bindExpression(parsed.expression, SAMPLES)(context)
      if (sample && i < before.length) variables.set({ scope: 'proc', ofParent: false, name: `v${i + 1}` }, sample)
      // a script reads it from a variable
      return inLua(sample && duplicate(sample))
    })
    .slice(before.length)
}

/**
 * The lines of log-formats, as `set-var-fmt` in `global` makes them.
 * @param before texts, as `str(…)` and quoted, that are in proc.v1, proc.v2 and so on
 */
export const ourFormats = (formats: readonly string[], before: readonly string[] = []): RealSample[] => {
  const variables = new Variables(new ProcessVariables())
  before.forEach((text, i) =>
    variables.set({ scope: 'proc', ofParent: false, name: `v${i + 1}` }, str(text.slice("'str(".length, -")'".length))),
  )
  const context = contextOf(variables)
  const use = { keywords: SAMPLES, places: placesMask('configuration parser'), isFinal: true }
  return formats.map((text) => {
    const format = parseLogFormat(text, use)
    if ('error' in format) return { error: format.error }
    return { type: 'string', bytes: hex(formatText(format, context)) }
  })
}
