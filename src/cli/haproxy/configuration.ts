/** The configuration that files and command line make together, read in the world outside. */
import { closeSync, fstatSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { parseConfig, type ConfigFile, type Configuration } from '../../config/index.js'
import type { LiveOptions } from '../../live/index.js'
import type { Arguments } from './arguments.js'
import { systemText } from '../../net/node/index.js'

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
      descriptorProblem,
      diagnose: manners.diagnose === true,
    })
    const { maxconn } = manners
    return maxconn === undefined ? read : { ...read, global: { ...read.global, maxconn } }
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

const descriptorProblem = (fd: number): string | undefined => {
  try {
    return fstatSync(fd).isSocket() ? undefined : 'Socket operation on non-socket'
  } catch (error) {
    return systemText(error)
  }
}

/**
 * Frontends are not opened, and their inherited sockets are let go: who connects to one is refused then, and does not wait
 * for somebody who never comes.
 */
export const closeFrontendDescriptors = ({ proxies, global }: Configuration): void => {
  const kept = new Set(global.statsSockets.map(({ bind }) => ('fd' in bind.address ? bind.address.fd : -1)))
  const wanted = new Set<number>()
  for (const { address } of proxies.flatMap((proxy) => proxy.binds))
    if ('fd' in address && address.fd > 2 && !kept.has(address.fd)) wanted.add(address.fd)
  for (const fd of wanted)
    try {
      closeSync(fd)
    } catch {
      continue
    }
}
