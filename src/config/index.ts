/** Reads configurations: text to sections to a checked model, with HAProxy's messages. */
import type { Certificates } from '../net/tls.js'
import type { ConditionContext } from './syntax/condition.js'
import type { Diagnostic, Diagnostics } from './syntax/diagnostics.js'
import type { FileResult } from './parse-report.js'
import { setParsingVariables, unsetParsingVariables, inheritedEnvironment } from './syntax/environment.js'
import type { Accounts } from './global/accounts.js'
import type { Configuration } from './model/configuration.js'
import { buildConfiguration } from './build.js'
import { discoverFile, readFile } from './reader.js'
import { Reading, type LocalPeer, type LineResult } from './reading.js'
import { EMULATED } from './emulated.js'

export { emulatedKeywords, evaluateConditionText } from './command-line.js'
export { EMULATED } from './emulated.js'

export { type FileResult, type ParseReport } from './parse-report.js'
export * from './syntax/diagnostics.js'
export * from './syntax/gaps.js'
export type { Place } from './syntax/place.js'
export type { Accounts } from './global/accounts.js'
export type { Configuration, GlobalConfig } from './model/configuration.js'
export type { LogTarget } from './model/log.js'

export interface ConfigFile {
  /** as given, for messages */
  readonly name: string
  readonly text: string
}

export interface ConfigOptions {
  /** the environment that the process inherits; the host's is never looked at */
  readonly env?: Readonly<Record<string, string>>
  /** host names to canonical IP addresses, empty when unknown */
  readonly resolve?: (host: string) => readonly string[]
  /** the text of `/etc/resolv.conf`, asked for by `parse-resolv-conf`; undefined when it cannot be read */
  readonly resolvConf?: () => string | undefined
  /** what the command line says already: `-dr`, `-dW`, `-dI` */
  readonly keepUnresolved?: boolean
  readonly zeroWarning?: boolean
  readonly insecureFork?: boolean
  /** why a file descriptor (`fd@N`) cannot be used; undefined where it can (default: nothing is inherited) */
  readonly descriptorError?: (fd: number) => string | undefined
  /** why a folder that `default-path` names cannot be had; undefined where it can (default: every folder is there) */
  readonly directoryError?: (path: string) => string | undefined
  /** how the process calls itself among its peers (default: `haproxy`) */
  readonly localPeer?: LocalPeer
  /** `-W`: the process is the worker of a master, as `master-worker` makes it */
  readonly masterWorker?: boolean
  /** `-c`: it is only looked whether the process would start */
  readonly checkOnly?: boolean
  /** keeps diagnostics of level `diag`, as `-dD` does (default: true) */
  readonly diagnose?: boolean
  /** the users and groups that lines name (default: every name is one) */
  readonly accounts?: Accounts
  /** the version that conditions see (default: the emulated one) */
  readonly version?: string
  /** looks at files of certificates; without it they are taken as good */
  readonly certificates?: Certificates | undefined
}

/**
 * Reads files as `haproxy -f one -f two` would. Never throws on account of their text: what is wrong is among the
 * diagnostics, in HAProxy's words, and `failed` says whether HAProxy would start.
 */
export const parseConfig = (files: readonly ConfigFile[], options: ConfigOptions = {}): Configuration => {
  const version = options.version ?? EMULATED.version
  const env = inheritedEnvironment(options.env ?? {}, version)
  const reading = new Reading(env, {
    resolve: options.resolve ?? (() => []),
    version,
    resolvConf: options.resolvConf,
    certificates: options.certificates,
    directoryError: options.directoryError,
    keepUnresolved: options.keepUnresolved,
    descriptorError: options.descriptorError,
    accounts: options.accounts,
    localPeer: options.localPeer,
  })
  reading.global.zeroWarning = options.zeroWarning === true
  reading.global.insecureFork = options.insecureFork === true
  reading.masterWorker = options.masterWorker === true
  const read = buildConfiguration(reading, readTwice(reading, files, options))
  return options.diagnose === false ? withoutDiag(read) : read
}

/** Makes both passes over all files, the second one only after a first one without errors. */
const readTwice = (
  reading: Reading,
  files: readonly ConfigFile[],
  { checkOnly = false }: ConfigOptions,
): readonly FileResult[] => {
  const { env } = reading
  const inherited = env.variables
  const discovered = readAll(reading, files, discoverFile, reading.early)
  if (discovered.some(({ result: outcome }) => outcome !== 'ok')) return discovered
  if (reading.masterWorker && !checkOnly) {
    // the worker begins with what the master has inherited
    env.restore(inherited)
    env.set('HAPROXY_MWORKER', '1')
  }
  env.set('HAPROXY_LOCALPEER', reading.localPeer)
  const read = readAll(reading, files, readFile, reading.main)
  return [{ name: '', diagnostics: reading.early.all, result: 'ok' }, ...read]
}

type ReadOne = (reading: Reading, name: string, text: string, world: ConditionContext) => LineResult

/** One pass over all files (`read_cfg` in src/haproxy.c). */
const readAll = (
  reading: Reading,
  files: readonly ConfigFile[],
  readOne: ReadOne,
  { all }: Diagnostics,
): readonly FileResult[] => {
  const { env, options } = reading
  const { version } = options
  const world: ConditionContext = { env, version, features: EMULATED.features, sslLibrary: EMULATED.sslLibrary }
  const readings: FileResult[] = []
  setParsingVariables(env, version)
  for (const { name, text } of files) {
    const from = all.length
    const outcome = readOne(reading, name, text, world)
    readings.push({ name, diagnostics: all.slice(from), result: outcome })
    if (outcome === 'abort') break
  }
  const failed = readings.some(({ result: outcome }) => outcome !== 'ok')
  unsetParsingVariables(env, failed ? undefined : files.map(({ name }) => name))
  return readings
}

const withoutDiag = (read: Configuration): Configuration => {
  const less = (diagnostics: readonly Diagnostic[]) => diagnostics.filter(({ severity }) => severity !== 'diag')
  const { validityReport: checked } = read
  return {
    ...read,
    files: read.files.map((each) => ({ ...each, diagnostics: less(each.diagnostics) })),
    validityReport: { ...checked, diagnostics: less(checked.diagnostics) },
    diagnostics: less(read.diagnostics),
  }
}
