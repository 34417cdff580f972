/** Parses a configuration against the host: names are resolved, and certificates, users and directories are those of this machine. */
import { SAMPLES } from '../haproxy/samples/registry.js'
import { systemErrorText } from '../bytes/errno.js'
import { readFileSync, statSync } from 'node:fs'
import { availableParallelism, hostname } from 'node:os'
import { decodeText } from '../bytes/text.js'
import { parseConfig, type ConfigFile, type Configuration, type ConfigOptions } from '../config/index.js'
import { accounts, descriptorError, readHostFile } from '../net/node/index.js'
import type { LiveWorld } from './world.js'

/** Options of the command line that affect parsing. */
export interface ConfigReaderOptions extends Pick<
  ConfigOptions,
  'keepUnresolved' | 'zeroWarning' | 'insecureFork' | 'diagnose' | 'masterWorker' | 'checkOnly'
> {
  readonly environment: Readonly<Record<string, string>>
  /** `-L` */
  readonly localPeer?: string | undefined
  /** overrides the configuration */
  readonly maxconn?: number | undefined
}

/** Returns a function that parses the configuration for a `LiveRun`. */
export const configurationReader =
  (files: readonly ConfigFile[], { environment, localPeer, maxconn, ...options }: ConfigReaderOptions) =>
  (world: LiveWorld): Configuration => {
    const read = parseConfig(files, {
      env: environment,
      resolve: (name) => world.resolve(name),
      resolvConf,
      usesMachineResolvers: true,
      certificates: world.home.certificates,
      accounts,
      samples: SAMPLES,
      descriptorError,
      directoryError,
      readFile: readHostFile,
      workingDirectory: process.cwd(),
      keepUnresolved: options.keepUnresolved === true,
      zeroWarning: options.zeroWarning === true,
      insecureFork: options.insecureFork === true,
      diagnose: options.diagnose === true,
      masterWorker: options.masterWorker === true,
      checkOnly: options.checkOnly === true,
      processors: availableParallelism(),
      localPeer: { name: localPeer ?? hostname(), fromCommandLine: localPeer !== undefined },
    })
    return maxconn === undefined ? read : withMaxconn(read, maxconn)
  }

const withMaxconn = (read: Configuration, maxconn: number): Configuration => ({
  ...read,
  global: { ...read.global, maxconn },
  withScripts: (scripts) => withMaxconn(read.withScripts(scripts), maxconn),
})

/** HAProxy's message if it cannot change back to its initial directory. */
const directoryError = (path: string): string | undefined => {
  const back = `Impossible to get back to directory '${process.cwd()}': `
  try {
    return statSync(path).isDirectory() ? undefined : `${back}Not a directory`
  } catch (error) {
    return back + systemErrorText(error)
  }
}

const resolvConf = (): string | undefined => {
  try {
    return decodeText(readFileSync('/etc/resolv.conf'))
  } catch {
    return undefined
  }
}
