/** The configuration of a simulated process, as it is given: text, files, or parsed. */
import { isErrno } from '../bytes/errno.js'
import { decodeText } from '../bytes/text.js'
import { parseConfig, type ConfigFile, type Configuration } from '../config/index.js'
import { fileErrorText } from '../haproxy/file-errors.js'
import { SAMPLES } from '../haproxy/samples/registry.js'
import type { Machine } from '../haproxy/world.js'
import type { Network } from '../net/network.js'
import type { LayeredFiles } from './files.js'

/**
 * The configuration: text (with a name for messages, default `haproxy.cfg`), several texts, a file name, or a parsed one, which
 * several runs may share. `error` makes the start fail with this message.
 */
export type GivenConfiguration =
  string | ConfigFile | readonly ConfigFile[] | { readonly file: string } | { readonly error: string } | Configuration

/** Where names are resolved and descriptors are inherited. */
interface ConfigurationWorld {
  readonly home: Pick<Network, 'descriptorError'>
  resolve(name: string): readonly string[]
}

/**
 * Reads the configuration of a process. Errors are in its diagnostics.
 * @param localPeer `-L`
 */
export const readConfiguration = (
  { config, localPeer }: { readonly config: GivenConfiguration; readonly localPeer?: string | undefined },
  files: LayeredFiles,
  machine: Machine,
  world: ConfigurationWorld,
): Configuration => {
  if (typeof config !== 'string' && 'proxies' in config) return config
  const read = readConfigFiles(config, files)
  if (typeof read === 'string') return failedConfiguration(read)
  const resolvConf = () => {
    const content = files.read('/etc/resolv.conf')
    return typeof content === 'string' ? undefined : decodeText(content)
  }
  return parseConfig(read, {
    env: machine.environment,
    localPeer: { name: localPeer ?? machine.hostname, fromCommandLine: localPeer !== undefined },
    resolve: (host) => world.resolve(host),
    ...(world.home.descriptorError && { descriptorError: (fd) => world.home.descriptorError?.(fd) }),
    resolvConf,
    readFile: (path) => {
      const content = files.read(path)
      return typeof content !== 'string' || isErrno(content) ? content : 'EACCES'
    },
    samples: SAMPLES,
  })
}

/** Reads the configuration files; returns them or an error message. */
const readConfigFiles = (
  config: Exclude<GivenConfiguration, Configuration>,
  files: LayeredFiles,
): readonly ConfigFile[] | string => {
  if (typeof config === 'string') return [{ name: 'haproxy.cfg', text: withFinalLineFeed(config) }]
  if ('error' in config) return config.error
  if ('file' in config) {
    const file = readFile(config.file, files)
    return typeof file === 'string' ? file : [file]
  }
  if (!('text' in config)) return config
  return [{ name: config.name, text: withFinalLineFeed(config.text) }]
}

/** Adds a final line feed, without which HAProxy would consider the text truncated. */
const withFinalLineFeed = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

const readFile = (name: string, files: LayeredFiles): ConfigFile | string => {
  const content = files.readNamed(name)
  return typeof content === 'string'
    ? `Cannot open configuration file/directory ${name} : ${fileErrorText(content)}`
    : { name, text: decodeText(content) }
}

/** An empty configuration that fails to start with the given message. */
const failedConfiguration = (message: string): Configuration => {
  const empty = parseConfig([], {})
  const checked = { diagnostics: [{ severity: 'alert' as const, place: undefined, text: message }], failed: true }
  return { ...empty, validityReport: checked, diagnostics: checked.diagnostics, failed: true }
}
