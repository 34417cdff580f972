/** The configuration that files and command line make together, read in the world outside. */
import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { parseConfig, type ConfigFile } from '../../config/index.js'
import type { LiveOptions } from '../../live/index.js'
import { systemText } from '../../net/node/index.js'
import type { Arguments } from './arguments.js'

/** What the command line says of how a configuration is to be read. */
type Manners = Partial<Pick<Arguments, 'keepUnresolved' | 'zeroWarning' | 'insecureFork' | 'maxconn' | 'diagnose'>> & {
  readonly environment: Readonly<Record<string, string>>
}

/** What `LiveRun` reads its configuration with. */
export const configurationReader =
  (files: readonly ConfigFile[], manners: Manners): Extract<LiveOptions['config'], (...args: never[]) => unknown> =>
  (world) => {
    const read = parseConfig(files, {
      env: manners.environment,
      resolve: (name) => world.resolve(name),
      resolvConf,
      certificates: world.certificates,
      accounts: world.accounts,
      keepUnresolved: manners.keepUnresolved === true,
      zeroWarning: manners.zeroWarning === true,
      insecureFork: manners.insecureFork === true,
      descriptorProblem: world.descriptorProblem,
      folderProblem,
      diagnose: manners.diagnose === true,
    })
    const { maxconn } = manners
    return maxconn === undefined ? read : { ...read, global: { ...read.global, maxconn } }
  }

/** In HAProxy's words, which has gone back to where it began by then. */
const folderProblem = (path: string): string | undefined => {
  const back = `Impossible to get back to directory '${process.cwd()}': `
  try {
    return statSync(path).isDirectory() ? undefined : `${back}Not a directory`
  } catch (error) {
    return back + systemText(error)
  }
}

export const environmentOf = ({ localPeer }: Pick<Arguments, 'localPeer'>): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  HAPROXY_LOCALPEER: localPeer ?? hostname(),
})

const resolvConf = (): string | undefined => {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8')
  } catch {
    return undefined
  }
}
