/** Reads configurations: text to sections to a checked model, with HAProxy's messages. */
import type { Certificates } from '../net/tls.js'
import type { ConditionWorld } from './syntax/condition.js'
import type { Diagnostic } from './syntax/diagnostics.js'
import type { FileReading } from './closing-words.js'
import { Environment } from './syntax/environment.js'
import type { Accounts } from './global/accounts.js'
import type { Configuration } from './model/configuration.js'
import { buildConfiguration } from './build.js'
import { readFile } from './reader.js'
import { Reading, type Outcome } from './reading.js'
import { EMULATED } from './emulated.js'

export { emulatedKeywords, evaluateConditionText } from './command-line.js'
export { EMULATED } from './emulated.js'

export { type FileReading, type Said } from './closing-words.js'
export * from './syntax/diagnostics.js'
export * from './syntax/gaps.js'
export type { Accounts } from './global/accounts.js'
export type { Configuration, GlobalConfig } from './model/configuration.js'
export type { LogTarget } from './model/log.js'

export interface ConfigFile {
  /** as given, for messages */
  readonly name: string
  readonly text: string
}

export interface ConfigOptions {
  /** the environment of the simulated process; the host's is never looked at */
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
  readonly descriptorProblem?: (fd: number) => string | undefined
  /** why a folder that `default-path` names cannot be had; undefined where it can (default: every folder is there) */
  readonly folderProblem?: (path: string) => string | undefined
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
  const env = new Environment(options.env ?? {}, version)
  const reading = new Reading(env, {
    resolve: options.resolve ?? (() => []),
    version,
    resolvConf: options.resolvConf,
    certificates: options.certificates,
    folderProblem: options.folderProblem,
    keepUnresolved: options.keepUnresolved,
    descriptorProblem: options.descriptorProblem,
    accounts: options.accounts,
  })
  reading.global.zeroWarning = options.zeroWarning === true
  reading.global.insecureFork = options.insecureFork === true
  const world: ConditionWorld = { env, version, features: EMULATED.features, sslLibrary: EMULATED.sslLibrary }
  const ends: End[] = []
  for (const { name, text } of files) {
    const from = { early: reading.early.all.length, main: reading.main.all.length }
    const outcome = readFile(reading, name, text, world)
    ends.push({ ...outcome, name, from })
    if (outcome.early === 'abort' || outcome.main === 'abort') break
  }
  const read = buildConfiguration(reading, readingsOf(reading, ends))
  return options.diagnose === false ? withoutDiag(read) : read
}

const withoutDiag = (read: Configuration): Configuration => {
  const less = (diagnostics: readonly Diagnostic[]) => diagnostics.filter(({ severity }) => severity !== 'diag')
  const { checked } = read
  return {
    ...read,
    readings: read.readings.map((each) => ({ ...each, diagnostics: less(each.diagnostics) })),
    checked: { ...checked, diagnostics: less(checked.diagnostics) },
    diagnostics: less(read.diagnostics),
  }
}

interface End {
  readonly name: string
  readonly early: Outcome
  readonly main: Outcome
  /** how much both readings had said before */
  readonly from: { readonly early: number; readonly main: number }
}

/** HAProxy reads all files twice, and the second time only after a first reading without errors. */
const readingsOf = (reading: Reading, ends: readonly End[]): readonly FileReading[] => {
  const failsEarly = ends.some(({ early }) => early !== 'ok')
  const pass = failsEarly ? 'early' : 'main'
  const { all } = reading[pass]
  const files = ends.map((end, index) => ({
    name: end.name,
    diagnostics: all.slice(end.from[pass], ends[index + 1]?.from[pass]),
    outcome: end[pass],
  }))
  if (!failsEarly) return [{ name: '', diagnostics: reading.early.all, outcome: 'ok' }, ...files]
  // nothing of the second reading has happened
  reading.global.lua.loads.length = 0
  reading.patterns.length = 0
  return files
}
