/**
 * Loads state files at the start: the states of a backend's servers come from the shared file or from one of the backend (`apply_server_state` in src/server_state.c).
 */
import { parseIp, type Ip } from '../../net/ip.js'
import type { ServerConfig } from '../../config/model/server.js'
import type { ProcessContext } from '../context.js'
import { fileErrorText } from '../file-errors.js'
import type { Proxy } from '../proxy/proxy.js'
import { applyState } from './apply.js'
import { readStateFile, type StateFile, type StateLine } from './file.js'

/** The last addresses of servers; undefined for an invalid one. */
type LastAddresses = Map<ServerConfig, Ip | undefined>

/** Applies all state files. Returns the last addresses of servers. */
export const applyStateFiles = (process: ProcessContext, proxies: readonly Proxy[]): LastAddresses => {
  const last = new Map<ServerConfig, Ip | undefined>()
  const { serverStateFile } = process.configuration.global
  const shared = serverStateFile === undefined ? undefined : readShared(process, serverStateFile)
  for (const proxy of proxies) {
    const { stateFile, disabled } = proxy.config
    if (!proxy.backend || disabled || proxy.servers.length === 0 || stateFile === undefined) continue
    if (stateFile === 'global') applyTo(proxy, shared ?? new Map(), last)
    else applyOwn(proxy, stateFile.name, last)
  }
  return last
}

/** Resolves a name without a leading slash against `server-state-base`. */
const pathOf = ({ configuration }: ProcessContext, name: string): string => {
  const base = configuration.global.serverStateBase
  return name.startsWith('/') || base === undefined ? name : `${base}${base.endsWith('/') ? '' : '/'}${name}`
}

/** Parts of messages, which differ between the shared file and that of a proxy. */
interface MessageParts {
  readonly before: string
  readonly which: string
  readonly end: string
}

/** Reads a file, up to a broken line. Returns undefined if it cannot be used, which is reported. */
const readFile = (
  process: ProcessContext,
  path: string,
  { before, which, end }: MessageParts,
): StateFile | undefined => {
  const { logger } = process
  const content = process.files.read(path)
  if (typeof content === 'string' && content !== 'EISDIR') {
    const text = `${before}: Can't open ${which}server state file '${path}': ${fileErrorText(content)}${end}`
    logger.message(content === 'ENOENT' ? 'notice' : 'warning', text)
    return undefined
  }
  const file = readStateFile(typeof content === 'string' ? '' : Buffer.from(content).toString('latin1'))
  if (!('problem' in file)) return file
  if (file.problem === 'empty') logger.message('notice', `${before}: Empty ${which}server state file '${path}'.`)
  else logger.message('warning', `${before}: Can't get version of the ${which}server state file '${path}'.`)
  return undefined
}

type Lines = Map<string, StateLine>

/** Lines by `backend server`; the first of several is the one that counts. */
const addLine = (lines: Lines, backend: string, line: StateLine): void => {
  const key = `${backend} ${line.serverName}`
  if (!lines.has(key)) lines.set(key, line)
}

const readShared = (process: ProcessContext, name: string): Lines | undefined => {
  const path = pathOf(process, name)
  const file = readFile(process, path, { before: 'config', which: 'global ', end: '' })
  if (file === undefined || 'problem' in file) return undefined
  if (file.brokenAt !== undefined) {
    const text = `config: corrupted global server state file '${path}' at line ${file.brokenAt}.`
    process.logger.message('warning', text)
    return undefined
  }
  const lines: Lines = new Map()
  for (const line of file.lines) addLine(lines, line.backendName, line)
  return lines
}

const applyOwn = (proxy: Proxy, name: string, last: LastAddresses): void => {
  const { process } = proxy
  const path = pathOf(process, name)
  const before = `Proxy '${proxy.name}'`
  const file = readFile(process, path, { before, which: '', end: '.' })
  if (file === undefined || 'problem' in file) return
  const lines: Lines = new Map()
  for (const line of file.lines) if (isOf(proxy, line)) addLine(lines, proxy.name, line)
  if (file.brokenAt !== undefined) {
    process.logger.message('warning', `${before}: corrupted server state file '${path}' at line ${file.brokenAt}.`)
    return
  }
  applyTo(proxy, lines, last)
  for (const { serverName } of lines.values())
    process.logger.message('warning', `${before}: can't find server '${serverName}' in backend '${proxy.name}'`)
}

/** Whether a line is about this proxy; a number or a name that does not match is reported. */
const isOf = ({ name, uuid, process }: Proxy, { backendId, backendName }: StateLine): boolean => {
  const isNumber = (Number.parseInt(backendId, 10) || 0) === uuid
  const isName = backendName === name
  if (isNumber === isName) return isName
  const [what, theirs, own] = isName ? (['ID', backendId, uuid] as const) : (['name', backendName, name] as const)
  process.logger.message(
    'warning',
    `Proxy '${name}': backend ${what} mismatch: from server state file: '${theirs}', from running config '${own}'`,
  )
  return isName
}

/** Applies the lines of the proxy's servers, and removes them from `lines`. */
const applyTo = (proxy: Proxy, lines: Lines, last: LastAddresses): void => {
  for (const server of proxy.servers) {
    const key = `${proxy.name} ${server.name}`
    const line = lines.get(key)
    if (line === undefined) continue
    lines.delete(key)
    if (applyState(server, line) && line.address !== '-') last.set(server.config, parseIp(line.address))
  }
}
