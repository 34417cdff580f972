/** Reads a configuration in the world outside: names are looked up, certificates, users and folders are those of this machine. */
import { systemErrorText } from '../bytes/errno.js'
import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { decodeText } from '../bytes/text.js'
import { parseConfig, type ConfigFile, type Configuration, type ConfigOptions } from '../config/index.js'
import { accounts, descriptorError } from '../net/node/index.js'
import type { LiveWorld } from './world.js'

/** What the command line says of how it is to be read. */
export interface Manners extends Pick<
  ConfigOptions,
  'keepUnresolved' | 'zeroWarning' | 'insecureFork' | 'diagnose' | 'masterWorker' | 'checkOnly'
> {
  readonly environment: Readonly<Record<string, string>>
  /** `-L` */
  readonly localPeer?: string | undefined
  /** instead of the configuration's */
  readonly maxconn?: number | undefined
}

/** What a `LiveRun` reads its configuration with. */
export const configurationReader =
  (files: readonly ConfigFile[], { environment, localPeer, maxconn, ...manners }: Manners) =>
  (world: LiveWorld): Configuration => {
    const read = parseConfig(files, {
      env: environment,
      resolve: (name) => world.resolve(name),
      resolvConf,
      certificates: world.home.certificates,
      accounts,
      descriptorError: descriptorError,
      directoryError: folderProblem,
      keepUnresolved: manners.keepUnresolved === true,
      zeroWarning: manners.zeroWarning === true,
      insecureFork: manners.insecureFork === true,
      diagnose: manners.diagnose === true,
      masterWorker: manners.masterWorker === true,
      checkOnly: manners.checkOnly === true,
      localPeer: { name: localPeer ?? hostname(), fromCommandLine: localPeer !== undefined },
    })
    return maxconn === undefined ? read : { ...read, global: { ...read.global, maxconn } }
  }

/** In HAProxy's words, which has gone back to where it began by then. */
const folderProblem = (path: string): string | undefined => {
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
