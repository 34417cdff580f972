/** Reads configurations: text to sections to a checked model, with HAProxy's messages. */
import type { Certificates } from '../net/tls.js'
import type { ConditionWorld } from './condition.js'
import type { Diagnostic } from './diagnostics.js'
import { Environment } from './environment.js'
import { typeOf } from './drafts.js'
import type { Configuration, ProxyConfig } from './model.js'
import { buildConfiguration } from './build.js'
import { readFile } from './reader.js'
import { Reading, type Outcome } from './reading.js'
import { EMULATED } from './emulated.js'

export { emulatedKeywords, evaluateConditionText } from './command-line.js'
export { EMULATED } from './emulated.js'
export { readDynamicServer } from './dynamic-server.js'
export * from './diagnostics.js'
export * from './model.js'

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
    keepUnresolved: options.keepUnresolved,
    descriptorProblem: options.descriptorProblem,
  })
  reading.global.zeroWarning = options.zeroWarning === true
  reading.global.insecureFork = options.insecureFork === true
  const world: ConditionWorld = { env, version, features: EMULATED.features, sslLibrary: EMULATED.sslLibrary }
  const ends: { early: Outcome; main: Outcome; name: string; said: number }[] = []
  for (const { name, text } of files) {
    const outcome = readFile(reading, name, text, world)
    ends.push({ ...outcome, name, said: reading.main.all.length })
    if (outcome.early === 'abort' || outcome.main === 'abort') break
  }
  const said = closingWords(reading, ends)
  return buildConfiguration(reading, said.diagnostics, said.failed)
}

/**
 * What HAProxy warns of at the end of its checks for a proxy that has an `email-alert`, unless a script has called
 * `core.disable_legacy_mailers()` by then.
 */
export const legacyMailersWarning = ({ kind, name }: Pick<ProxyConfig, 'kind' | 'name'>): string =>
  `Legacy mailers used by ${typeOf({ kind })} '${name}' will not be supported anymore in version 3.3. ` +
  "You should use Lua to send email-alerts, see 'examples/lua/mailers.lua' file."

interface Said {
  readonly diagnostics: Diagnostic[]
  readonly failed: boolean
}

/** What the readings said, and what HAProxy says at the end of each file that has errors. */
const closingWords = (
  reading: Reading,
  ends: readonly { early: Outcome; main: Outcome; name: string; said: number }[],
): Said => {
  const early = ends.some((end) => end.early !== 'ok')
  const diagnostics = [...reading.early.all]
  let from = 0
  let aborted = false
  for (const end of ends) {
    if (!early) for (let i = from; i < end.said; i++) diagnostics.push(reading.main.all[i]!)
    from = end.said
    const outcome = early ? end.early : end.main
    if (outcome !== 'ok') diagnostics.push(alert(`config : Error(s) found in configuration file : ${end.name}`))
    aborted ||= outcome === 'abort'
  }
  const failed = ends.some((end) => (early ? end.early : end.main) !== 'ok')
  if (failed && !aborted) diagnostics.push(alert('config : Fatal errors found in configuration.'))
  return { diagnostics, failed }
}

const alert = (text: string): Diagnostic => ({ severity: 'alert', place: undefined, text })
