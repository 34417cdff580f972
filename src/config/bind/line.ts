/** Addresses and settings of `bind` and `stats socket` lines (src/listener.c, src/cfgparse-listen.c). */
import { atoi, atol } from '../../bytes/integers.js'
import { isIp, type Address, type ParsedAddress } from '../../net/address.js'
import { readAddress } from '../syntax/address-text.js'
import { findBestMatch } from '../syntax/best-match.js'
import { REGISTERED_BIND } from '../known/registered.js'
import { SILENT_BIND } from '../known/silent.js'
import { SUGGESTED_BIND } from '../known/suggestions.js'
import type { Accounts } from '../global/accounts.js'
import type { Line } from '../syntax/line.js'
import type { BindConfig } from '../model/bind.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { bindTlsProblem, isEmulatedTls } from './tls.js'
import { makeTlsBind, recordTlsSetting, tlsListener, type TlsBind } from './tls-validity.js'
import { fromBase } from '../values/tls.js'
import type { TlsListener } from '../../net/tls.js'
import { BIND_VALUES, magicNumber } from '../values/bind.js'
import { isDurationError, parseDuration, parseInteger } from '../syntax/units.js'
import type { TcpListenerOptions } from '../../net/tcp-options.js'

/** Parses a comma-separated list of addresses; returns them or HAProxy's error message. */
export const readBindAddresses = (
  context: ParseContext,
  text: string,
  use: 'bind' | 'dgram-bind' | 'stats socket' = 'bind',
): ParsedAddress[] | string => {
  const found: ParsedAddress[] = []
  for (const part of text.split(',')) {
    const parsed = readAddress(context, part, use)
    if ('error' in parsed) return parsed.error
    if (found.length > 0 && isReverse(found[0]!) !== isReverse(parsed))
      return 'Cannot mix reverse HTTP bind with others.'
    found.push(parsed)
  }
  return found
}

/** Whether connections are made by a server (`rhttp@`). */
const isReverse = ({ address }: ParsedAddress): boolean => address.family === 'rhttp'

/** Settings of reverse HTTP. */
const REVERSE_SETTINGS: ReadonlySet<string> = new Set([
  'guid-prefix',
  'id',
  'idle-ping',
  'label',
  'name',
  'nbconn',
  'thread',
])

/** Creates a listener for each address and each port of a range. */
export const makeBinds = (
  text: string,
  addresses: readonly ParsedAddress[],
  settings: BindSettings,
  line: Line,
): BindConfig[] =>
  addresses.flatMap(({ address, port, portHigh, protocol }) => {
    const datagram = protocol === 'datagram' || protocol === 'quic'
    const { listener, listenerTls: tls, id: luid } = settings
    const bind = (at: Address): BindConfig => ({
      ...listener,
      text,
      address: at,
      place: line.place,
      luid,
      tls,
      datagram,
    })
    if (!isIp(address)) return [bind(address)]
    return Array.from({ length: portHigh - port + 1 }, (_, i) => bind({ ...address, port: port + i }))
  })

/** Settings that all listeners of a line have as they are written. */
type ListenerSettings = Pick<
  BindConfig,
  | 'name'
  | 'maxconn'
  | 'nice'
  | 'mode'
  | 'uid'
  | 'gid'
  | 'v6only'
  | 'transparent'
  | 'tcp'
  | 'mux'
  | 'acceptsProxy'
  | 'netscalerMagic'
>

/** Settings while a line is parsed. */
export interface BindSettings {
  readonly listener: { -readonly [Name in keyof ListenerSettings]: ListenerSettings[Name] }
  id: number | undefined
  tls: TlsBind
  /** settings of a line with `ssl`, once all are read */
  listenerTls: TlsListener | undefined
  level: 'user' | 'operator' | 'admin'
}

/** HAProxy's defaults. */
export const makeBindSettings = (): BindSettings => ({
  listener: {
    name: undefined,
    maxconn: 0,
    nice: 0,
    mode: undefined,
    uid: undefined,
    gid: undefined,
    v6only: false,
    transparent: false,
    tcp: {
      backlog: undefined,
      deferAccept: false,
      fastOpen: false,
      segmentSize: undefined,
      userTimeout: undefined,
      interface: undefined,
    },
    mux: undefined,
    acceptsProxy: false,
    netscalerMagic: undefined,
  },
  id: undefined,
  tls: makeTlsBind(),
  listenerTls: undefined,
  level: 'operator',
})

/** An unknown keyword with the best suggestion, an error message, or one that is printed without the place. */
export type SettingProblem =
  | { readonly unknown: string; readonly best: string | undefined }
  | { readonly error: string; readonly isUnlocated?: true }

/** The sockets of a `bind` line. */
export interface BindSockets {
  readonly addresses: readonly ParsedAddress[]
  /** listeners of earlier lines of the proxy */
  readonly others: readonly BindConfig[]
}

/** Parses the settings from word `from` on. `ignored` is called for those that hapsim does not emulate. */
export const readBindSettings = (
  context: ParseContext,
  line: Line,
  from: number,
  sockets: BindSockets,
  settings: BindSettings,
  ignored: (name: string) => void,
): SettingProblem | undefined => {
  let at = from
  while (line.at(at) !== '') {
    const name = line.at(at)
    const follow = REGISTERED_BIND.get(name)
    if (follow === undefined) return { unknown: name, best: findBestMatch(name, SUGGESTED_BIND) }
    if (sockets.addresses.some(isReverse) && !REVERSE_SETTINGS.has(name))
      return { error: `'${name}' option is not accepted for reverse HTTP`, isUnlocated: true }
    const problem =
      reverseProblem(context, name, line.at(at + 1), sockets) ??
      bindTlsProblem(context, line, at, settings.tls) ??
      BIND_VALUES.get(name)?.(name, [line.at(at + 1)]) ??
      (name === 'id' ? readId(line.at(at + 1), sockets, settings) : undefined) ??
      readSetting(name, line.at(at + 1), settings, context.accounts, ignored)
    if (problem !== undefined) return { error: problem }
    recordTlsSetting(settings.tls, name, line.at(at + 1))
    at += 1 + follow
  }
  settings.listenerTls = tlsListener(settings.tls, (path) => fromBase(path, context.global.tls.caBase))
  return undefined
}

/**
 * Parses the settings of a `bind` line from word `from` on, and reports errors as all sections do (bind_parse_args_list in
 * src/listener.c).
 */
export const readBindLine = (
  context: ParseContext,
  line: Line,
  from: number,
  sockets: BindSockets,
  settings: BindSettings,
): LineResult => {
  const isQuic = sockets.addresses.some(({ protocol }) => protocol === 'quic')
  if (isQuic) context.notEmulated(line, `QUIC of '${line.at(0)}'`, 'traffic')
  const problem = readBindSettings(context, line, from, sockets, settings, (name) => {
    if (!isEmulatedTls(name)) context.notEmulated(line, `'${name}' of '${line.at(0)}'`, 'traffic')
  })
  const where = `'${line.at(0)} ${line.at(1)}' in section '${context.sectionKeyword}'`
  if (problem && 'error' in problem && problem.isUnlocated) return context.rawAlert(line, `config : ${problem.error}`)
  if (problem && 'error' in problem) return context.alert(line, `${where} : ${problem.error.trimEnd()}`)
  if (problem) {
    const hint = problem.best === undefined ? '' : `; did you mean '${problem.best}' maybe ?`
    return context.alert(line, `${where}: unknown keyword '${problem.unknown}'${hint || '.'}`)
  }
  if (isQuic) settings.listener.mux ??= 'quic'
  if (isQuic && !settings.tls.ssl) {
    context.warn(line, `${where} : QUIC protocol detected, enabling ssl. Use 'ssl' to shut this warning.`)
    settings.tls.ssl = true
  }
  return 'ok'
}

/** `nbconn` and `thread` of reverse HTTP. */
const reverseProblem = (
  { global }: ParseContext,
  name: string,
  value: string,
  { addresses }: BindSockets,
): string | undefined => {
  const isReversed = addresses.some(isReverse)
  if (name === 'thread' && isReversed && new Set([...value.matchAll(/(\d+)\//g)].map(([, group]) => group)).size > 1)
    return "'thread' : reverse HTTP bind cannot span multiple thread groups."
  if (name !== 'nbconn') return undefined
  if (!global.allowsExperimental)
    return `'${name}' is experimental, must be allowed via a global 'expose-experimental-directives'`
  if (!isReversed) return `'${name}' : only valid for reverse HTTP listeners.`
  if (value === '') return `'${name}' : missing value.`
  return atoi(value) > 0 ? undefined : `'${name}' : invalid value ${atoi(value)}, must be > 0.`
}

/** Parses `id`, which requires a single socket (bind_parse_id in src/listener.c). */
const readId = (value: string, { addresses, others }: BindSockets, settings: BindSettings): string | undefined => {
  if (addresses.length > 1 || addresses.some(({ port, portHigh }) => portHigh > port))
    return "'id' can only be used with a single socket"
  if (value === '') return "'id' : expects an integer argument"
  const id = parseInteger(value)
  if (typeof id !== 'number') return `'id' : expects an integer argument, found '${value}'`
  if (id <= 0) return "'id' : custom id has to be > 0"
  const other = others.find(({ luid }) => luid === id)
  if (other) {
    const { file, line } = other.place
    return `'id' : custom id ${id} already used at ${file}:${line} ('bind ${other.text}')`
  }
  settings.id = id
  return undefined
}

/** A setting of TCP, whose argument was checked. */
const tcpOption = (
  name: 'backlog' | 'defer-accept' | 'mss' | 'tcp-ut' | 'tfo',
  value: string,
): Partial<TcpListenerOptions> => {
  switch (name) {
    case 'backlog':
      return { backlog: atol(value) || undefined }
    case 'defer-accept':
      return { deferAccept: true }
    case 'tfo':
      return { fastOpen: true }
    case 'mss':
      // a negative size was once one that is subtracted from the system's
      return { segmentSize: Math.max(atoi(value), 0) || undefined }
    case 'tcp-ut': {
      const time = parseDuration(value)
      return { userTimeout: isDurationError(time) ? undefined : time.value || undefined }
    }
  }
}

const readSetting = (
  name: string,
  value: string,
  settings: BindSettings,
  accounts: Accounts,
  ignored: (name: string) => void,
): string | undefined => {
  const { listener } = settings
  switch (name) {
    case 'name':
      if (value === '') return `'${name}' : missing name`
      listener.name = value
      return undefined
    case 'id':
      return undefined
    case 'maxconn':
      if (value === '') return `'${name}' : missing value`
      listener.maxconn = atol(value)
      return listener.maxconn < 0 ? `'${name}' : invalid value ${listener.maxconn}, must be >= 0` : undefined
    case 'level':
      if (value === '') return `'${name}' : missing level`
      if (value !== 'user' && value !== 'operator' && value !== 'admin')
        return `'${name}' only supports 'user', 'operator', and 'admin' (got '${value}')`
      settings.level = value
      return undefined
    case 'mode':
      if (!/^\s*[+-]?[0-7]+$/.test(value))
        return `'${name}' : missing or invalid mode '${value}' (octal integer expected)`
      listener.mode = Number.parseInt(value, 8)
      return undefined
    case 'user':
    case 'group': {
      if (value === '') return `'${name}' : missing ${name} name`
      const id = accounts[name](value)
      if (id === undefined) return `'${name}' : unknown ${name} name '${value}'`
      listener[name === 'user' ? 'uid' : 'gid'] = id
      return undefined
    }
    case 'uid':
    case 'gid':
      if (value === '') return `'${name}' : missing value`
      listener[name] = atol(value)
      return undefined
    case 'v6only':
    case 'transparent':
      listener[name] = true
      return undefined
    case 'proto':
      listener.mux = value
      if (value !== 'h1' && value !== 'none') ignored(name)
      return undefined
    case 'accept-proxy':
      listener.acceptsProxy = true
      return undefined
    case 'accept-netscaler-cip':
      listener.netscalerMagic = magicNumber(value)
      return undefined
    case 'nice':
      listener.nice = atol(value)
      return undefined
    case 'interface':
      if (value === '') return `'${name}' : missing interface name`
      listener.tcp = { ...listener.tcp, interface: value }
      return undefined
    case 'backlog':
    case 'defer-accept':
    case 'mss':
    case 'tcp-ut':
    case 'tfo':
      listener.tcp = { ...listener.tcp, ...tcpOption(name, value) }
      return undefined
    case 'process':
      return `'process ${value}' on 'bind' lines is not supported anymore, please use 'thread' instead.`
    default:
      if (!SILENT_BIND.has(name)) ignored(name)
      return undefined
  }
}
