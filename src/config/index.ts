/** Parses configurations into a validated model, with HAProxy's diagnostics. */
import type { Certificates } from '../net/tls.js'
import type { ConditionContext } from './syntax/condition.js'
import type { Diagnostic, Diagnostics } from './syntax/diagnostics.js'
import type { FileResult } from './parse-report.js'
import { setParsingVariables, unsetParsingVariables, inheritedEnvironment } from './syntax/environment.js'
import type { Accounts } from './global/accounts.js'
import type { Configuration } from './model/configuration.js'
import type { LuaNames } from './model/lua.js'
import { buildConfiguration } from './build.js'
import { discoverFile, readFile } from './reader.js'
import { sampleScope } from './rules/sample-scope.js'
import { ParseContext, type LocalPeer, type LineResult } from './parse-context.js'
import type { ReadFile } from './files.js'
import { programsProblem } from './sections/program.js'
import { EMULATED } from './emulated.js'
import { NO_SAMPLES, type SampleKeywords } from './samples/keywords.js'

export { emulatedKeywords, evaluateConditionText } from './command-line.js'
export { EMULATED } from './emulated.js'

export { type FileResult, type ParseReport } from './parse-report.js'
export * from './syntax/diagnostics.js'
export * from './syntax/gaps.js'
export type { Place } from './syntax/place.js'
export type { Accounts } from './global/accounts.js'
export type { Configuration, GlobalConfig } from './model/configuration.js'
export type { LogTarget } from './model/log.js'

/** A configuration file. */
export interface ConfigFile {
  /** name used in messages */
  readonly name: string
  readonly text: string
  /** The text once scripts are loaded, if it depends on what they register; lines before the last `lua-load` must stay. */
  readonly textFor?: (scripts: LuaNames) => string
}

/** Options of {@link parseConfig}. */
export interface ConfigOptions {
  /** the environment of the process; the host's is never used */
  readonly env?: Readonly<Record<string, string>>
  /** resolves a host name to canonical IP addresses; empty if it is unknown */
  readonly resolve?: (host: string) => readonly string[]
  /** returns the content of `/etc/resolv.conf` for `parse-resolv-conf`; undefined if it is not readable */
  readonly resolvConf?: () => string | undefined
  /** the HTTP client resolves names by the name servers of that file, where there is no section `resolvers default` (default: by the network) */
  readonly usesMachineResolvers?: boolean
  /** command-line options `-dr`, `-dW`, `-dI` */
  readonly keepUnresolved?: boolean
  readonly zeroWarning?: boolean
  readonly insecureFork?: boolean
  /** why a file descriptor (`fd@N`) cannot be used, if so (default: none are inherited) */
  readonly descriptorError?: (fd: number) => string | undefined
  /** why a directory of `default-path` cannot be used, if so (default: all can) */
  readonly directoryError?: (path: string) => string | undefined
  /** name of the local peer (default: `haproxy`) */
  readonly localPeer?: LocalPeer
  /** the number of processors; more threads are warned of (default: not known) */
  readonly processors?: number
  /** `-W`: master-worker mode */
  readonly masterWorker?: boolean
  /** `-c`: check only */
  readonly checkOnly?: boolean
  /** `-dD`: keep diagnostics of level `diag` (default: true) */
  readonly diagnose?: boolean
  /** the working directory of the process, for messages that show absolute names (default: names are shown as they are) */
  readonly workingDirectory?: string
  /** reads files that belong to the configuration; by default they are assumed to be valid */
  readonly readFile?: ReadFile
  /** lookup of users and groups (default: all names exist) */
  readonly accounts?: Accounts
  /** the version used in conditions (default: the emulated one) */
  readonly version?: string
  /** loads certificate files; by default they are assumed to be valid */
  readonly certificates?: Certificates | undefined
  /** what scripts have registered (default: they are not loaded yet, and may register any name) */
  readonly scripts?: LuaNames
  /** the sample fetches and converters that are emulated (default: none, which is reported where they are used) */
  readonly samples?: SampleKeywords
}

/**
 * Parses files as `haproxy -f one -f two` does. Never throws for invalid text: errors are reported as diagnostics, and
 * `failed` tells whether HAProxy would refuse to start.
 */
export const parseConfig = (files: readonly ConfigFile[], options: ConfigOptions = {}): Configuration => {
  const version = options.version ?? EMULATED.version
  const env = inheritedEnvironment(options.env ?? {}, version)
  const context = new ParseContext(
    env,
    {
      resolve: options.resolve ?? (() => []),
      version,
      resolvConf: options.resolvConf,
      usesMachineResolvers: options.usesMachineResolvers,
      certificates: options.certificates,
      readFile: options.readFile,
      workingDirectory: options.workingDirectory,
      directoryError: options.directoryError,
      keepUnresolved: options.keepUnresolved,
      descriptorError: options.descriptorError,
      accounts: options.accounts,
      localPeer: options.localPeer,
      processors: options.processors,
      scripts: options.scripts,
      samples: options.samples ?? NO_SAMPLES,
    },
    sampleScope,
  )
  context.global.zeroWarning = options.zeroWarning === true
  context.global.insecureFork = options.insecureFork === true
  context.masterWorker = options.masterWorker === true
  const results = parseFiles(context, files, options)
  const read = buildConfiguration(context, results, {
    withScripts: (scripts) => parseConfig(files, { ...options, scripts }),
    dependsOnScripts: files.some(({ textFor }) => textFor !== undefined),
  })
  return options.diagnose === false ? withoutDiagLevel(read) : read
}

/** Runs both passes over all files; the main pass only if the discovery pass finds no errors. */
const parseFiles = (
  context: ParseContext,
  files: readonly ConfigFile[],
  { checkOnly = false }: ConfigOptions,
): readonly FileResult[] => {
  const { env } = context
  const inherited = env.variables
  const discovered = readAll(context, files, discoverFile, context.early)
  if (discovered.some(({ result }) => result !== 'ok')) return discovered
  const problem = programsProblem(context)
  if (problem !== undefined) {
    context.early.add('alert', problem)
    return [{ name: '', diagnostics: context.early.all, result: 'refused' }]
  }
  if (context.masterWorker && !checkOnly) {
    // the worker starts with the environment of the master
    env.restore(inherited)
    env.set('HAPROXY_MWORKER', '1')
  }
  env.set('HAPROXY_LOCALPEER', context.localPeer)
  const read = readAll(context, files, readFile, context.main)
  return [{ name: '', diagnostics: context.early.all, result: 'ok' }, ...read]
}

type FilePass = (context: ParseContext, name: string, text: string, conditionContext: ConditionContext) => LineResult

/** One pass over all files (`read_cfg` in src/haproxy.c). */
const readAll = (
  context: ParseContext,
  files: readonly ConfigFile[],
  runPass: FilePass,
  { all }: Diagnostics,
): readonly FileResult[] => {
  const { env, options } = context
  const { version } = options
  const conditionContext: ConditionContext = {
    env,
    version,
    features: EMULATED.features,
    sslLibrary: EMULATED.sslLibrary,
  }
  const results: FileResult[] = []
  setParsingVariables(env, version)
  for (const { name, text: general, textFor } of files) {
    const text = options.scripts && textFor ? textFor(options.scripts) : general
    const from = all.length
    const result = runPass(context, name, text, conditionContext)
    results.push({ name, diagnostics: all.slice(from), result })
    if (result === 'abort') break
  }
  const failed = results.some(({ result }) => result !== 'ok')
  unsetParsingVariables(env, failed ? undefined : files.map(({ name }) => name))
  return results
}

const withoutDiagLevel = (read: Configuration): Configuration => {
  const filter = (diagnostics: readonly Diagnostic[]) => diagnostics.filter(({ severity }) => severity !== 'diag')
  const { validityReport: checked } = read
  return {
    ...read,
    files: read.files.map((each) => ({ ...each, diagnostics: filter(each.diagnostics) })),
    validityReport: { ...checked, diagnostics: filter(checked.diagnostics) },
    checkAtStart: () => {
      const { diagnostics, failed } = read.checkAtStart()
      return { diagnostics: filter(diagnostics), failed }
    },
    diagnostics: filter(read.diagnostics),
  }
}
