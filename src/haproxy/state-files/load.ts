/**
 * State files at a start: each backend takes the states of its servers from the file that it has in common with others, or
 * from its own (`apply_server_state` in src/server_state.c).
 */
import { parseIp, type Ip } from '../../net/ip.js'
import type { ServerConfig } from '../../config/model/server.js'
import type { ProcessContext } from '../context.js'
import { fileErrorText } from '../file-errors.js'
import type { Proxy } from '../proxy/proxy.js'
import { applyState } from './apply.js'
import { readStateFile, type StateFile, type StateLine } from './file.js'

/** The addresses that servers had last; undefined for a text that is none. */
type LastAddresses = Map<ServerConfig, Ip | undefined>

/** Returns the addresses that servers had last. */
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

/** Where a file is: names without a leading slash are looked for in `server-state-base`. */
const pathOf = ({ configuration }: ProcessContext, name: string): string => {
  const base = configuration.global.serverStateBase
  return name.startsWith('/') || base === undefined ? name : `${base}${base.endsWith('/') ? '' : '/'}${name}`
}

/** Words about a file: those about the shared one begin otherwise than those about a proxy's own. */
interface Words {
  readonly before: string
  readonly which: string
  readonly end: string
}

/** The lines of a file, as far as they are good; undefined, having said why, where it cannot be used. */
const readFile = (process: ProcessContext, path: string, { before, which, end }: Words): StateFile | undefined => {
  const { logger } = process
  const content = process.files.read(path)
  if (typeof content === 'string' && content !== 'EISDIR') {
    const text = `${before}: Can't open ${which}server state file '${path}': ${fileErrorText(content)}${end}`
    logger.say(content === 'ENOENT' ? 'notice' : 'warning', text)
    return undefined
  }
  const file = readStateFile(typeof content === 'string' ? '' : Buffer.from(content).toString('latin1'))
  if (!('problem' in file)) return file
  if (file.problem === 'empty') logger.say('notice', `${before}: Empty ${which}server state file '${path}'.`)
  else logger.say('warning', `${before}: Can't get version of the ${which}server state file '${path}'.`)
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
    process.logger.say('warning', text)
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
    process.logger.say('warning', `${before}: corrupted server state file '${path}' at line ${file.brokenAt}.`)
    return
  }
  applyTo(proxy, lines, last)
  for (const { serverName } of lines.values())
    process.logger.say('warning', `${before}: can't find server '${serverName}' in backend '${proxy.name}'`)
}

/** Whether a line of its own file is about this proxy; a number or a name that is not its own is told. */
const isOf = ({ name, uuid, process }: Proxy, { backendId, backendName }: StateLine): boolean => {
  const isNumber = (Number.parseInt(backendId, 10) || 0) === uuid
  const isName = backendName === name
  if (isNumber === isName) return isName
  const [what, theirs, own] = isName ? (['ID', backendId, uuid] as const) : (['name', backendName, name] as const)
  process.logger.say(
    'warning',
    `Proxy '${name}': backend ${what} mismatch: from server state file: '${theirs}', from running config '${own}'`,
  )
  return isName
}

/** Takes the lines of its servers out of `lines`. */
const applyTo = (proxy: Proxy, lines: Lines, last: LastAddresses): void => {
  for (const server of proxy.servers) {
    const key = `${proxy.name} ${server.name}`
    const line = lines.get(key)
    if (line === undefined) continue
    lines.delete(key)
    if (applyState(server, line) && line.address !== '-') last.set(server.config, parseIp(line.address))
  }
}
